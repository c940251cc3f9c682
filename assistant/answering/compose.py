"""A draft becomes an Answer: citations are numbered once, here, and every statement points at its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answering.answer import Answer, Citation, Conflict, ConflictSide, Statement
from assistant.answering.evidence import Evidence
from assistant.answering.extractive import Draft, Said
from assistant.answering.question import Question
from assistant.answering.wording import abstention, see_also, unanswered, yes_or_no
from assistant.documents.model import Document
from assistant.documents.quantities import Quantity, find_quantities

_NEAREST = 3  # passages offered with an abstention


class _Numbering:
    """Citations in order of first use; one number for one span."""

    def __init__(self, document: Callable[[str], Document]) -> None:
        self._document = document
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []

    def number(self, evidence: Evidence) -> int:
        if evidence.key not in self._numbers:
            passage = evidence.candidate.passage
            self.citations.append(
                Citation.of(
                    len(self.citations) + 1,
                    self._document(passage.document_id),
                    evidence.sentence.start,
                    evidence.sentence.end,
                    reading=evidence.sentence.text,
                    section=" > ".join(passage.section),
                    passage_start=passage.start,
                    passage_end=passage.end,
                )
            )
            self._numbers[evidence.key] = len(self.citations)
        return self._numbers[evidence.key]


def compose(
    question: Question,
    drafted: Draft,
    ranked: Sequence[Evidence],
    document: Callable[[str], Document],
    *,
    searched: int,
) -> Answer:
    """Number the citations of a draft and say it.

    Args:
        ranked: all evidence considered, best first; an abstention offers its nearest passages.
        document: gives an indexed document by its id.
        searched: how many documents were searched.
    """
    numbering = _Numbering(document)
    statements = tuple(
        Statement(
            _announced(said, before, question.language), tuple(map(numbering.number, said.backing)), said.alternative
        )
        for said, before in zip(drafted.said, (None, *drafted.said), strict=False)
    )
    conflicts = tuple(
        Conflict(
            about=_about(disagreement.one),
            sides=(
                ConflictSide(
                    _shown([a for a, _ in disagreement.differing], disagreement.one), numbering.number(disagreement.one)
                ),
                ConflictSide(
                    _shown([b for _, b in disagreement.differing], disagreement.other),
                    numbering.number(disagreement.other),
                ),
            ),
        )
        for disagreement in drafted.disagreements
    )
    if drafted.decided is not None and statements:
        first = replace(statements[0], text=f"{yes_or_no(drafted.decided, question.language)} {statements[0].text}")
        statements = (first, *statements[1:])
    text = _joined(statements, drafted)
    notes = drafted.notes
    if drafted.unanswered:
        left = unanswered(drafted.unanswered, question.language)
        text, notes = f"{text} {left}", (left, *notes)
    nearest: list[Citation] = []
    if drafted.reason:
        said = abstention(drafted.reason, question.language, searched=searched, missing=drafted.missing)
        text = f"{said} {text}".strip()
        if drafted.reason in ("missing", "premise", "not_covered"):
            nearest = _nearest(ranked, document)
    return Answer(
        question=question.text,
        text=text,
        abstained=drafted.reason is not None,
        language=question.language,
        statements=statements,
        citations=tuple(numbering.citations),
        conflicts=conflicts,
        nearest=tuple(nearest),
        confidence=drafted.confidence,
        wording=drafted.wording,
        searched=searched,
        notes=notes,
    )


def _announced(said: Said, before: Said | None, language: str) -> str:
    """What is said; the first sentence of an alternative is announced as such."""
    return (
        f"{see_also(language)} {said.text}" if said.alternative and not (before and before.alternative) else said.text
    )


def _joined(statements: Sequence[Statement], drafted: Draft) -> str:
    text = ""
    for statement, said in zip(statements, drafted.said, strict=True):
        listed = bool(said.backing) and said.backing[0].sentence.kind in ("item", "row")
        text += ("\n" if listed else " ") + statement.text if text else statement.text
    return text


def _nearest(ranked: Sequence[Evidence], document: Callable[[str], Document]) -> list[Citation]:
    numbering = _Numbering(document)
    passages: set[tuple[str, int]] = set()
    for evidence in ranked:
        place = (evidence.candidate.passage.document_id, evidence.candidate.passage.start)
        if place not in passages and len(passages) < _NEAREST:
            passages.add(place)
            numbering.number(evidence)
    return numbering.citations


def _about(evidence: Evidence) -> str:
    section = evidence.candidate.passage.section
    return section[-1] if section else evidence.candidate.metadata.title


def _shown(figures: Sequence[Quantity], evidence: Evidence) -> str:
    """Figures as their own sentence writes them."""
    text, language = evidence.sentence.text, evidence.candidate.language
    wanted = set(figures)
    places = [found for found in find_quantities(text, language) if found.quantity in wanted]
    return " · ".join(dict.fromkeys(text[found.start : found.end].strip() for found in places))
