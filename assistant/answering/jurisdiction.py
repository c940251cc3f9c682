"""Does a question ask about a country that no document covers? A Danish decision says nothing of prices in Sweden.

Only what depends on the country counts: reimbursement, price, dispensing, authorisation. A dose is the same everywhere.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from assistant.documents.model import LANGUAGES, Metadata

_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO"
MEMBERS = frozenset(_UNION.split())  # of the European Union or the Economic Area: its authorisations hold there
_WELL_KNOWN = MEMBERS | frozenset(("GB", "CH", "US", "CA", "AU", "NZ", "JP", "CN", "IN", "BR", "FO", "GL"))
_OF_LANGUAGE = {"da": ("DK",), "nl": ("NL", "BE"), "en": ("GB", "IE", "EU")}  # of documents that do not say
_ADJECTIVES: dict[str, str] = {
    "AT": r"østrigske?|oostenrijkse?|austrian",
    "BE": r"belgiske?|belgische?|belgian",
    "CH": r"schweizisk\w*|schweiziske|zwitserse?|swiss",
    "CZ": r"tjekkiske?|tsjechische?|czech",
    "DE": r"tyske?|duitse?|german",
    "DK": r"danske?|deense?|danish",
    "ES": r"spanske?|spaanse?|spanish",
    "EU": r"EU|europæiske?|europese?|european|europa|europe|the european union|europæiske union|europese unie",
    "FI": r"finske?|finse?|finnish",
    "FO": r"færøske?|faeröerse?|faroese",
    "FR": r"franske?|franse?|french",
    "GB": r"britiske?|britse?|british|engelske?|engelse?|UK|storbritannien|england|engeland|skotland"
    r"|schotland|scotland|wales",
    "GL": r"grønlandske?|groenlandse?|greenlandic",
    "GR": r"græske?|griekse?|greek",
    "IE": r"irske?|ierse?|irish",
    "IS": r"islandske?|ijslandse?|icelandic",
    "IT": r"italienske?|italiaanse?|italian",
    "JP": r"japanske?|japanse?|japanese",
    "LU": r"luxembourgske?|luxemburgse?|luxembourgish",
    "NL": r"nederlandse?|hollandske?|nederlandske?|dutch|holland",
    "NO": r"norske?|noorse?|norwegian",
    "PL": r"polske?|poolse?|polish",
    "PT": r"portugisiske?|portugese?|portuguese",
    "SE": r"svenske?|zweedse?|swedish",
    "US": r"amerikanske?|amerikaanse?|american|USA|U\.S\.|(?<=the )US\b|amerika|america",
}  # fmt: skip
_LANGUAGE_MEANT = re.compile(  # "the Danish leaflet", "in English": a language is meant, and no country
    r"\s*(?:$|\?|sprog\w*|taal|language|oversæt\w*|vertal\w*|translat\w*|indlægsseddel\w*|bijsluiter\w*|leaflet\w*"
    r"|oversigt\w*|overzicht\w*|overview|tekst\w*|text|version\w*|versie|dokument\w*|document\w*)",
    re.IGNORECASE,
)
_AUTHORISATION = (
    r"markedsføringstillad\w*|godkend\w*|markedsfør\w*|handelsvergunning\w*|vergunning\w*|toegelaten|geregistreerd|registratie"
    r"|goedgekeurd|authori[sz]\w*|approv\w*|licen[sc]\w*|market\w*"
)
_NATIONAL = (
    r"tilskud\w*|\w*tilskud|refusion\w*|refunder\w*|pris\w*|\w*pris(?:en)?|kost\w*|betal\w*|udlevering\w*|recept\w*|håndkøb\w*"
    r"|vergoed\w*|terugbeta\w*|prij\w*|\w*prijs|voorschrift\w*|recept\w*|aflever\w*|vrij verkrijgbaar|beta(?:al|len)\w*"
    r"|reimburs\w*|subsid\w*|price\w*|cost\w*|covered|pay|paid|pays|prescription\w*|over the counter|dispens\w*"
)


def uncovered_jurisdiction(
    question: str,
    language: str,
    documents: Iterable[Metadata],
    is_mentioned: Callable[[str], bool] | None = None,
) -> str:
    """The country that a question asks about and no document covers, as asked; "" where there is none.

    Args:
        question: as typed.
        language: of the question: da, nl or en.
        documents: metadata of every document. One without a `jurisdiction` counts for the country of its publisher,
            where that names one, and for those of its language; one of the European agency for the Union.
        is_mentioned: whether any document has a word; a country that one speaks of is not said to be uncovered.

    What the Union authorises is authorised in each member state; prices and reimbursement are each country's own.
    """
    is_national = asks_what_is_national(question)
    is_authorisation = bool(re.search(rf"\b(?:{_AUTHORISATION})\b", question, re.IGNORECASE))
    if not is_national and not is_authorisation:
        return ""
    covered = {code for metadata in documents for code in jurisdictions(metadata)}
    if not covered:
        return ""
    for code, asked in countries(question, language):
        holds = code in covered or (code in MEMBERS and "EU" in covered and not is_national)
        if holds or (code == "EU" and covered & MEMBERS) or (is_mentioned and is_mentioned(asked)):
            continue
        return asked
    return ""


def asks_what_is_national(question: str) -> bool:
    """Whether it asks for prices, reimbursement or dispensing, which are each country's own."""
    return bool(re.search(rf"\b(?:{_NATIONAL})\b", question, re.IGNORECASE))


@lru_cache(maxsize=4096)
def jurisdictions(metadata: Metadata) -> frozenset[str]:
    """Where a document applies, as country codes and "EU": as it states, or else as its publisher and language tell."""
    stated = [part for part in re.split(r"[\s,;/+]+", metadata.jurisdiction) if part]
    codes = {part.upper() for part in stated if len(part) == 2}
    codes |= {code for code, _ in countries(metadata.jurisdiction, metadata.language)}
    if codes:
        return frozenset(codes)
    told = {code for code, _ in countries(f"{metadata.publisher} {metadata.title}", metadata.language)}
    if re.search(r"\bEMA\b|europ\w* (?:lægemiddel|genees|medicin)\w*", f"{metadata.publisher} {metadata.title}", re.I):
        told.add("EU")
    if re.match(r"https?://[^/]*\.europa\.eu(?:/|$)", metadata.url):
        told.add("EU")
    return frozenset(told | set(_OF_LANGUAGE.get(metadata.language, ())))


def countries(text: str, language: str = "") -> list[tuple[str, str]]:
    """The countries that a text names, as (code, as written), in order: "svensk" and "Sverige" are SE.

    Names of far-away countries count with a capital only: "turkey" and "chad" are words as well.
    """
    found: dict[int, tuple[str, str]] = {}
    order = [language, *(other for other in LANGUAGES if other != language)] if language in LANGUAGES else LANGUAGES
    for spoken in order:
        for match in _names(spoken).finditer(text):
            code = _code(match[0].casefold().removesuffix("'s"), spoken)
            if code and (code in _WELL_KNOWN or match[0][0].isupper()):
                found.setdefault(match.start(), (code, match[0]))
    for match in _adjectives().finditer(text):
        code = str(match.lastgroup)
        if not (match[0][0].islower() and match[0].casefold() in ("us", "eu", "uk")) and not _is_language(text, match):
            found.setdefault(match.start(), (code, match[0]))
    return [found[start] for start in sorted(found)]


def _is_language(text: str, match: re.Match[str]) -> bool:
    is_in = re.search(r"\b(?:på|in|het|op het)\s+$", text[: match.start()], re.IGNORECASE)
    behind = _LANGUAGE_MEANT.match(text[match.end() :])
    is_country = match[0].casefold() in ("holland", "amerika", "america", "england", "engeland", "europa", "europe")
    if behind is None or is_country or match[0] == "EU":
        return False
    return bool(is_in) or bool(behind[0].strip(" ?"))


def _code(name: str, language: str) -> str:
    table = _table(language)
    return table.get(name) or table.get(name.removesuffix("s"), "")


@cache
def _table(language: str) -> dict[str, str]:
    from babel import Locale

    territories = Locale(language).territories.items()
    return {name.casefold(): code for code, name in territories if re.fullmatch("[A-Z]{2}", code) and len(name) > 3}


@cache
def _names(language: str) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_table(language), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{names})(?:'?s)?(?![\w-])", re.IGNORECASE)


@cache
def _adjectives() -> re.Pattern[str]:
    listed = "|".join(rf"(?P<{code}>{words})" for code, words in _ADJECTIVES.items())
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w])", re.IGNORECASE)
