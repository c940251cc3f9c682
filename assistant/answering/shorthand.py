"""What people in a hurry write for a word: "udl.gr." for udleveringsgruppe, "bijw." for bijwerkingen.

Words are matched with such forms by their letters anyway (`retrieval/terms.py`); what reads a question as a whole, and
what tells its kind, needs the words.
"""

import re
from collections.abc import Mapping
from functools import cache

_DA = {
    "udl gr": "udleveringsgruppe", "udlev gr": "udleveringsgruppe", "udlgr": "udleveringsgruppe",
    "bivirk": "bivirkninger", "bivirkn": "bivirkninger", "kontraind": "kontraindikationer",
    "kontraindik": "kontraindikationer", "indik": "indikation", "pt": "patient", "ptt": "patienter",
    "beh": "behandling", "behandl": "behandling", "dgl": "dagligt", "mdr": "måneder", "md": "måned",
    "tilsk": "tilskud", "opb": "opbevaring", "opbev": "opbevaring", "inj": "injektion", "tbl": "tabletter",
    "tabl": "tabletter", "kps": "kapsler", "lgm": "lægemiddel", "anbef": "anbefalet", "dos": "dosis",
    "interakt": "interaktioner", "grav": "graviditet", "nyreinsuff": "nyreinsufficiens",
    "leverinsuff": "leverinsufficiens", "virkn": "virkning", "hjælpest": "hjælpestoffer",
}  # fmt: skip
_NL = {
    "bijw": "bijwerkingen", "bijwerk": "bijwerkingen", "contraind": "contra-indicaties",
    "contra-ind": "contra-indicaties", "pat": "patiënten", "pt": "patiënt", "ptn": "patiënten", "beh": "behandeling",
    "behand": "behandeling", "mnd": "maanden", "wkn": "weken", "dgn": "dagen", "vergoed": "vergoeding",
    "toed": "toediening", "toedien": "toediening", "dos": "dosering", "interact": "interacties",
    "zwang": "zwangerschap", "inj": "injectie", "tabl": "tabletten", "caps": "capsules", "gnm": "geneesmiddel",
    "werkz stof": "werkzame stof", "ref middel": "referentiegeneesmiddel", "hulpst": "hulpstoffen",
    "hoevaak": "hoe vaak", "hoelang": "hoe lang", "nierinsuff": "nierinsufficiëntie", "bew": "bewaren",
}  # fmt: skip
_EN = {
    "pt": "patient", "pts": "patients", "tx": "treatment", "aes": "adverse effects", "contraind": "contraindications",
    "contraindic": "contraindications", "indic": "indication", "mths": "months", "wks": "weeks", "yrs": "years",
    "tabs": "tablets", "caps": "capsules", "inj": "injection", "subq": "subcutaneous", "subcut": "subcutaneous",
    "reimb": "reimbursement", "excip": "excipients", "preg": "pregnancy", "abx": "antibiotics",
    "interact": "interactions", "ref product": "reference product", "ref med": "reference medicine",
}  # fmt: skip
_FORMS: Mapping[str, Mapping[str, str]] = {"da": _DA, "nl": _NL, "en": _EN}


def in_full(text: str, language: str) -> str:
    """A question with its shorthand written out; all else as it stands. A point behind a short form goes with it."""
    forms = _FORMS[language]
    return _short(language).sub(lambda found: forms[re.sub(r"[.\s]+", " ", found["short"].lower())], text)


@cache
def _short(language: str) -> re.Pattern[str]:
    longest_first = sorted(_FORMS[language], key=len, reverse=True)
    listed = "|".join(r"(?:\.\s?|\s)".join(map(re.escape, form.split())) for form in longest_first)
    return re.compile(rf"(?<![\w-])(?P<short>{listed})(?:\.(?=[\s?!,;:)]|$))?(?![\w-])", re.IGNORECASE)
