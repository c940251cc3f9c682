"""Do other documents say otherwise? Sentences that speak of the same thing are compared figure by figure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.answering.alignment import are_aligned, comparable
from assistant.answering.evidence import Evidence
from assistant.answering.features import Rarity
from assistant.documents.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sentences of different documents that give different figures for the same thing."""

    one: Evidence
    other: Evidence
    differing: tuple[tuple[Quantity, Quantity], ...]


@dataclass(frozen=True, slots=True)
class Counterparts:
    """What other documents say about the thing that one sentence says."""

    agreeing: tuple[Evidence, ...]
    disagreeing: tuple[Disagreement, ...]


def counterparts(evidence: Evidence, others: Sequence[Evidence], rarity: Rarity) -> Counterparts:
    """The sentences of other documents that say the same, or the same with other figures; best of each document.

    Args:
        evidence: the sentence that answers.
        others: ranked evidence of the same question.
    """
    best: dict[str, tuple[float, Evidence]] = {}
    for other in others:
        document = other.candidate.passage.document_id
        if document == evidence.candidate.passage.document_id or other.coverage < 0.5 * evidence.coverage:
            continue
        if not _same_subject(evidence, other):
            continue  # what another medicine's document says is neither agreement nor disagreement
        value = are_aligned(evidence, other, rarity)
        if value > best.get(document, (0.0, other))[0]:
            best[document] = (value, other)
    agreeing, disagreeing = [], []
    for _, other in best.values():
        differing = _differing(evidence.figures, other.figures)
        if differing:
            disagreeing.append(Disagreement(evidence, other, differing))
        elif _same_figures(evidence.figures, other.figures):
            agreeing.append(other)
    return Counterparts(tuple(agreeing), tuple(disagreeing))


def _same_subject(one: Evidence, other: Evidence) -> bool:
    """Whether two documents are about the same thing, as far as their names tell."""
    mine, theirs = ({name.lower() for name in e.candidate.subjects} for e in (one, other))
    return not mine or not theirs or bool(mine & theirs)


def _differing(ours: Sequence[Quantity], theirs: Sequence[Quantity]) -> tuple[tuple[Quantity, Quantity], ...]:
    """Pairs of figures of one kind and unit that differ, where both sides state as many of them.

    Rounding is no difference: 5.7 and 6 agree, as do 0.06 g and 60 mg.
    """
    pairs: list[tuple[Quantity, Quantity]] = []
    grouped = _by_unit(theirs)
    for key, values in _by_unit(ours).items():
        other = grouped.get(key, [])
        if len(values) == len(other):
            pairs += [(a, b) for a, b in zip(values, other, strict=True) if not _agree(a.value, b.value)]
    return tuple(pairs)


def _same_figures(ours: Sequence[Quantity], theirs: Sequence[Quantity]) -> bool:
    """Whether one side states all figures of the other: a sentence without them does not back one with them."""
    mine, others = set(comparable(ours)), set(comparable(theirs))
    return mine <= others or others <= mine


def _by_unit(figures: Sequence[Quantity]) -> dict[tuple[str, str], list[Quantity]]:
    """Comparable figures by kind and unit, in the order of the sentence."""
    wanted = set(comparable(figures))
    grouped: dict[tuple[str, str], list[Quantity]] = defaultdict(list)
    for figure in figures:
        if figure in wanted:
            grouped[figure.kind, figure.unit].append(figure)
    return grouped


def _agree(a: Decimal, b: Decimal) -> bool:
    if a == b:
        return True
    places = [max(0, -int(value.normalize().as_tuple().exponent)) for value in (a, b)]
    return places[0] != places[1] and round(a, min(places)) == round(b, min(places))
