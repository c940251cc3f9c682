"""Why there is no answer, and when there cannot be one."""

import re
from collections.abc import Sequence

from assistant.answering.evidence import Evidence
from assistant.answering.features import Rarity
from assistant.answering.question import Question
from assistant.answering.wording import Reason
from assistant.documents.commonness import RAREST
from assistant.retrieval.gloss import gloss
from assistant.retrieval.terms import Term

_FOR = "ved|mod|til|hos|bij|tegen|voor|for|in|with|against"
_LONG = 6  # letters of a word that may be an illness
_MET = 0.5  # how surely a sentence must have a word to speak of it


def uncovered(question: Question, ranked: Sequence[Evidence], rarity: Rarity) -> tuple[str, ...]:
    """Proper names in the question that nothing found speaks of: a look-alike's figure is no answer about them."""
    found = []
    asked = f"{question.leans_on} {question.text}".strip()
    for place, term in enumerate(question.terms):
        if not (term.is_name and term.commonness <= RAREST and rarity.is_unknown(term)):
            continue
        written = re.search(rf"(?<=[\w,;:(] )({re.escape(term.word)})\b", asked, re.IGNORECASE)
        proper = written is not None and written.group()[0].isupper()
        translated = gloss(term.word, question.language) != term.word
        if proper and not translated and all(evidence.matches[place] < _MET for evidence in ranked):
            found.append(written.group() if written else term.word)
    return tuple(found)


def condition_unsaid(question: Question, ranked: Sequence[Evidence], rarity: Rarity) -> tuple[str, ...]:
    """The illness for which a dose is asked, where no document has the word and nothing that was found speaks of it.

    A dose for something else is worse than none.
    """
    if question.wanted not in ("quantity", "interval"):
        return ()
    found = []
    for place, term in enumerate(question.terms):
        if term.generic or term.share < 1 or len(term.word) < _LONG or not rarity.is_unknown(term):
            continue
        behind = re.search(rf"\b(?:{_FOR})\s+{re.escape(term.word)}\b", question.text, re.IGNORECASE)
        if behind and all(evidence.matches[place] < _MET for evidence in ranked):
            found.append(term.word)
    return tuple(found)


def unspoken(question: Question, best: Evidence, rarity: Rarity) -> bool:
    """Whether the question asks about a thing that the vocabulary knows, and no document has any of its names."""
    return any(
        term.concept and not term.generic and term.share == 1 and match < _MET and rarity.is_unknown(term)
        for term, match in zip(question.terms, best.matches, strict=True)
    )


def why(question: Question, best: Evidence, rarity: Rarity) -> tuple[Reason, tuple[str, ...]]:
    """The reason for abstaining, and the words it is about, the weightiest first."""
    if all(_means_nothing(term, rarity) for term in question.terms):
        return "unclear", ()
    lacking = [term for term, match in zip(question.terms, best.matches, strict=True) if match < _MET]
    missing = tuple(term.word for term in sorted(lacking, key=lambda term: -rarity(term) * term.share))
    return ("premise" if question.wanted == "reason" else "missing"), missing


def _means_nothing(term: Term, rarity: Rarity) -> bool:
    return not term.concept and term.commonness <= RAREST and rarity.is_unknown(term)
