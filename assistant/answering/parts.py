"""Several questions in one text, each made to stand alone."""

import re
from collections.abc import Sequence

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
    r"|under|within|on)\s+)?(?:(?:de|den|det|the|het)\s+)?"
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


def parts(text: str, language: str) -> list[str]:
    """The questions that one text asks: "Hvad er dosis, og hvor ofte gives det?" asks two.

    One that is only a question word ("how often and how long is it given") takes what the next asks about; the
    last one, if it is such a one, belongs to the one before it.
    """
    found = [part.strip(" ,") for part in _PARTS.split(text)]
    found = [part for part in found if len(tokens(part)) >= 2]
    if len(found) < 2:
        return [text]
    whole: list[str] = []
    for part, after in zip(found, [*found[1:], ""], strict=True):
        bare = _is_bare(part, language)
        if bare and not after:
            whole[-1] += f" {part}"  # "which fractures does it prevent, and by how many per cent?" is one question
        else:
            whole.append(f"{part} {_HEAD.sub('', after)}" if bare else part)
    return whole[:_MOST] if len(whole) > 1 else [text]


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
