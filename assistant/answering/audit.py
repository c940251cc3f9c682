"""Every place where documents disagree, before anyone asks."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from assistant.answering.answer import Citation
from assistant.answering.disagreements import Difference, are_related, between
from assistant.answering.sayings import Aligner, Saying
from assistant.documents.model import Document
from assistant.documents.validity import Succession

Nearest = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says."""

    value: str  # the figures, as the document writes them
    citation: Citation


@dataclass(frozen=True, slots=True)
class Disputed:
    """Two documents that give different figures for the same thing."""

    about: str  # the heading that the first sentence stands under
    sides: tuple[Side, Side]
    likeness: float  # of the two sentences, figures aside; the list is sorted by it

    def as_dict(self) -> dict[str, Any]:
        """The object of `assistant audit --json`; keys as in docs/embedding.md."""
        return {
            "about": self.about,
            "likeness": round(self.likeness, 4),
            "sides": [{"value": side.value, "citation": side.citation.as_dict()} for side in self.sides],
        }


def audit(
    aligner: Aligner,
    subjects: Mapping[str, Sequence[str]],
    nearest: Nearest,
    document: Callable[[str], Document],
    succession: Succession,
    on: date,
) -> list[Disputed]:
    """List where documents disagree, surest first.

    A document that is replaced, lapsed or not yet in force on the day disagrees with nobody.

    Args:
        subjects: what each document is about, by name.
        nearest: gives the documents with the sentences most like those of a document that is about nothing by name.
        document: gives a document by its id.
    """
    standing = {id_: names for id_, names in subjects.items() if succession.standing(id_, on).holds}
    found: list[Difference] = []
    for one, other in _pairs(standing, nearest):
        first, second = aligner.spoken(one), aligner.spoken(other)
        if are_related(first, second) and not (succession.replaces(one, other) or succession.replaces(other, one)):
            found += between(aligner, first, second)
    return [_disputed(difference, document, succession, on) for difference in sorted(found, key=_order)]


def _order(difference: Difference) -> tuple[Any, ...]:
    return -difference.likeness, difference.one.key, difference.other.key


def _pairs(subjects: Mapping[str, Sequence[str]], nearest: Nearest) -> Iterator[tuple[str, str]]:
    """Documents that may speak of the same: those that share a name; of one without names, those with like sentences.

    So the work grows with the documents about one thing, and not with all pairs.
    """
    named: dict[str, list[str]] = defaultdict(list)
    for id_, names in subjects.items():
        for name in {name.casefold() for name in names}:
            named[name].append(id_)
    pairs = {pair for ids in named.values() for pair in combinations(sorted(ids), 2)}
    for id_, names in subjects.items():
        if not names:
            pairs |= {
                (min(id_, other), max(id_, other)) for other in nearest(id_) if other in subjects and other != id_
            }
    yield from sorted(pairs)


def _disputed(
    difference: Difference, document: Callable[[str], Document], succession: Succession, on: date
) -> Disputed:
    sides = []
    for n, saying in enumerate((difference.one, difference.other)):
        text = saying.sentence.text
        values = dict.fromkeys(text[pair[n].start : pair[n].end].strip() for pair in difference.figures)
        sides.append(Side(" · ".join(values), _citation(n + 1, saying, document(saying.key[0]), succession, on)))
    section = difference.one.passage.section
    about = section[-1] if section else sides[0].citation.title
    return Disputed(about, (sides[0], sides[1]), difference.likeness)


def _citation(n: int, saying: Saying, document: Document, succession: Succession, on: date) -> Citation:
    sentence, passage = saying.sentence, saying.passage
    citation = Citation.of(
        n,
        document,
        sentence.start,
        sentence.end,
        reading=sentence.text,
        section=" > ".join(passage.section),
        passage_start=passage.start,
        passage_end=passage.end,
    )
    return citation.standing(succession.standing(document.id, on).status, document.metadata)
