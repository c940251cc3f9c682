"""Do two sentences, perhaps in two languages, speak of the same thing?"""

from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.evidence import Evidence
from assistant.answering.features import Rarity
from assistant.documents.quantities import Quantity
from assistant.retrieval.terms import Term, terms, words_of

_ALIGNED, _ALIGNED_ABROAD = 0.6, 0.44  # within one language, across two: translation hides some of what is shared

_SHARED_FIGURE = 3.0  # what an equal figure on both sides counts for, as a rather rare word


def are_aligned(one: Evidence, other: Evidence, rarity: Rarity) -> float:
    """Their alignment where they speak of the same thing, figures aside; 0 where they do not."""
    value = alignment(one, other, rarity)
    return (
        value if value >= (_ALIGNED if one.candidate.language == other.candidate.language else _ALIGNED_ABROAD) else 0.0
    )


def alignment(one: Evidence, other: Evidence, rarity: Rarity) -> float:
    """How much of each sentence's matter the other has, 0 to 1: the lesser of the two directions.

    Figures are left out, so that sentences which differ in them alone align fully.
    """
    return min(_covered(one, other, rarity), _covered(other, one, rarity))


def _covered(one: Evidence, other: Evidence, rarity: Rarity) -> float:
    wanted = _matter(one.sentence.text, one.candidate.language)
    text = words_of(other.sentence.text, other.candidate.language)
    weights = [rarity(term) for term in wanted]
    matches = [term.match(text) for term in wanted]
    shared = _SHARED_FIGURE * len(set(comparable(one.figures)) & set(comparable(other.figures)))
    if not sum(weights) + shared:
        return 0.0
    return (sum(w * m for w, m in zip(weights, matches, strict=True)) + shared) / (sum(weights) + shared)


@lru_cache(maxsize=2048)
def _matter(text: str, language: str) -> tuple[Term, ...]:
    return tuple(term for term in terms(text, language) if not any(c.isdigit() for c in term.word))


def comparable(figures: Sequence[Quantity]) -> list[Quantity]:
    """The figures that two documents may disagree about: those with a unit or a kind of their own."""
    return sorted(
        {figure for figure in figures if figure.kind not in ("number", "ordinal")},
        key=lambda figure: (figure.kind, figure.unit, figure.value),
    )
