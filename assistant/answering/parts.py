"""Several questions in one text, each made to stand alone."""

import re
from collections.abc import Callable, Sequence

from assistant.answering.cues import SHAPE
from assistant.documents.commonness import RAREST
from assistant.retrieval.lexical import tokens
from assistant.retrieval.terms import terms

_WORD = (
    r"(?:hvad|hvor\w*|hvem|hvilk\w+|hvorn\w+|hvis|wat|hoe|hoeveel|wie|welke?|wanneer|waar\w*|what|how|who|whom|which|when"
    r"|where|why)"
)
_BEFORE = (
    r"(?:(?:i|på|ved|med|for|efter|af|til|fra|om|in|op|bij|met|voor|na|van|tot|binnen|over|at|by|with|after|of|to|from"
    r"|under|within|on|until|since|indtil|siden|sinds)\s+)?(?:(?:de|den|det|the|het)\s+)?"
)
_DOES = (
    r"(?:må|skal|kan|bør|er|får|mag|moet|moeten|is|zijn|kan|can|may|must|should|does|do|is|are|has|have|was)\s+"
    r"(?:der|det|den|man|de|it|they|there|the|het|er|hij|zij|ze|this|dit|deze|je|u|you)"
)
_PARTS = re.compile(
    rf"\?\s+(?=\w)|\s+\+\s+|,?\s+(?:og|en|and|samt|alsook|as well as)\s+(?={_BEFORE}{_WORD}\b|{_DOES}\b)"
    rf"|,\s+(?={_BEFORE}{_WORD}\s+(?:mange|meget|længe|ofte|tit|lang|veel|vaak|long|many|much|often|dage|dagen|days)\b)",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"^{_BEFORE}{_WORD}(?:\s+(?:mange|meget|længe|ofte|tit|lang tid|stor|høj|lang|vaak|veel|groot|hoog|dikwijls|long"
    r"|many|much|often|large|high|frequently))?\s+",
    re.IGNORECASE,
)
_MOST = 4
_BESIDE = re.compile(  # two names side by side: "the Dutch and the Danish tender", "DSAM henholdsvis DES"
    r"(?P<one>[^\W\d_][\w-]*)"
    r"(?:,?\s+(?:og|en|and|samt|versus|vs\.?|tegenover|henholdsvis|respectievelijk|respectively|against)\s+)"
    r"(?:(?:i|på|ved|med|for|efter|af|til|fra|om|in|op|bij|met|voor|na|van|by|with|to|from|at|on)\s+)?"
    r"(?:(?:de|den|det|het|the)\s+)?(?P<other>[^\W\d_][\w-]*)",
    re.IGNORECASE,
)
_FIRST = (
    r"(?:first|second|third|fourth|første|anden|andet|tredje|fjerde|eerste|tweede|derde|vierde|1st|2nd|3rd|4th|[1-4]\.)"
)
_IN_ORDER = re.compile(  # "first, second and third choices", "første-, anden- og tredjevalg"
    rf"(?P<listed>(?:\b{_FIRST}-?,?\s+)+)(?:and|og|en)\s+(?P<last>{_FIRST})(?P<thing>-?\w+|\s+\w+)", re.IGNORECASE
)
_OF_EACH = re.compile(
    r"\b(?:henholdsvis|respectievelijk|respectively|versus|vs|tegenover)\b", re.IGNORECASE
)  # asks of each by itself
_BOTH = re.compile(r"\b(?:både|zowel|both|såvel)\s+$", re.IGNORECASE)
_ABOUT = re.compile(r"^(?P<topic>[^:?]{3,90}):\s+(?P<asked>[^:]+)$")
_LISTED = re.compile(r",?\s+(?:og|en|and|samt)\s+|,\s+", re.IGNORECASE)
_BOTH_AT_ONCE = re.compile(  # of the two together, or of what sets them apart: no question of each
    r"\b(?:sammen\w*|samtidig\w*|forskel\w*|mellem|kombin\w*|samen|tegelijk\w*|gelijktijdig\w*|verschil\w*|tussen"
    r"|together|combin\w*|simultaneous\w*|concomitant\w*|differ\w*|between|interact\w*|interakti\w*"
    r"|wisselwerk\w*)\b",
    re.IGNORECASE,
)


def parts(text: str, language: str) -> list[str]:
    """The questions that one text asks: "Hvad er dosis, og hvor ofte gives det?" asks two.

    One that is only a question word ("how often and how long is it given") takes what the next asks about; the
    last one, if it is such a one, belongs to the one before it.
    """
    if listed := _of_a_topic(text):
        return listed
    found = [part.strip(" ,") for part in _PARTS.split(text)]
    found = [part for part in found if len(tokens(part)) >= 2]
    if len(found) < 2:
        return [text]
    found = [found[0], *(_filled(part, found[0], language) for part in found[1:])]
    whole: list[str] = []
    for part, after in zip(found, [*found[1:], ""], strict=True):
        bare = _is_bare(part, language)
        if bare and not after:
            whole[-1] += f" {part}"  # "which fractures does it prevent, and by how many per cent?" is one question
        else:
            whole.append(f"{part} {_HEAD.sub('', after)}" if bare else part)
    return whole[:_MOST] if len(whole) > 1 else [text]


def sides(text: str, is_name: Callable[[str], bool]) -> list[tuple[str, str]]:
    """The question asked of each of two names that stand side by side in it, as (name, question); none elsewhere.

    "What does Veltoral cost versus Bruxamin?" asks of Veltoral, and of Bruxamin. So do things that are counted up:
    "the first, second and third choices".

    Args:
        is_name: whether a word names something that documents are about or come from.
    """
    if _BOTH_AT_ONCE.search(text):
        return []
    if found := _IN_ORDER.search(text):
        counted = [*re.findall(_FIRST, found["listed"], re.IGNORECASE), found["last"]]
        things = [one + found["thing"] for one in counted]
        return [(thing, text[: found.start()] + thing + text[found.end() :]) for thing in things][:_MOST]
    for found in _BESIDE.finditer(text):
        names = found["one"], found["other"]
        if all(is_name(name) for name in names) and names[0].casefold() != names[1].casefold():
            before, behind = _BOTH.sub("", text[: found.start()]), text[found.end() :]
            return [(names[0], before + found["one"] + behind), (names[1], before + found["other"] + behind)]
    return []


def asks_of_each(text: str) -> bool:
    """Whether it sets its two names against each other, so that one answer for both is none: "DSAM henholdsvis DES"."""
    return bool(_OF_EACH.search(text))


def _of_a_topic(text: str) -> list[str]:
    """ "Veltoral: dose, price, and how often?" asks three questions of Veltoral; [] of a text of another form."""
    found = _ABOUT.match(text.strip())
    if not found or "," not in found["asked"]:
        return []
    listed = [part.strip(" ?.,") for part in _LISTED.split(found["asked"])]
    if len(listed) < 3 or not all(listed):
        return []
    return [f"{found['topic']}: {part}?" for part in listed][:_MOST]


def _filled(part: str, before: str, language: str) -> str:
    """A part that only says of what else: "which INR for Veltoral, and which for Bruxamin?"; others as they are."""
    rest, names = terms(_HEAD.sub("", f"{part} "), language), written_names(before, language)
    if len(names) != 1 or len(rest) != 1 or not rest[0].is_name:
        return part
    other = written_names(part, language)
    return before.replace(names[0], other[0]) if len(other) == 1 and other != names else part


def written_names(text: str, language: str) -> list[str]:
    """The names in a text that are written with a capital, as they are written; not its first word."""
    written = re.findall(r"(?<=\s)[A-ZÆØÅ][\w-]+", text)
    return [word for word in dict.fromkeys(written) if any(term.is_name for term in terms(word, language))]


def _is_bare(part: str, language: str) -> bool:
    """Whether a part has a question word and nothing that it asks about, units and measures aside."""
    return all(SHAPE.fullmatch(term.word) for term in terms(_HEAD.sub("", f"{part} "), language))


def subject(asked: Sequence[str], language: str) -> str:
    """What the questions of one text are about, as far as names tell: what "it" is in the later ones.

    Names are written with a capital, or are words that are rare everywhere.
    """
    named = [term for part in asked for term in terms(part, language) if term.is_name]
    text = " ".join(asked)
    capital = [
        term for term in named if re.search(rf"\b{re.escape(term.word[0].upper())}{re.escape(term.word[1:])}", text)
    ]
    rare = [term for term in named if term.commonness <= RAREST]
    return " ".join(dict.fromkeys(term.word for term in capital or rare))
