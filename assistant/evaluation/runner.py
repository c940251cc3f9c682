"""Asks a question set of an assistant and judges what comes back."""

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.answering.answer import Answer
from assistant.documents.model import Document
from assistant.errors import AssistantError
from assistant.evaluation.metrics import judge
from assistant.evaluation.question_set import Question, QuestionSet
from assistant.evaluation.quotes import nearest, places
from assistant.evaluation.report import Report, Stale

Progress = Callable[[int, int], None]  # questions done, questions in all


class Askable(Protocol):
    """The part of the Assistant that is measured here."""

    def ask(self, question: str, *, history: Sequence[tuple[str, str]] = (), language: str | None = None) -> Answer: ...

    def document(self, document_id: str) -> Document: ...


def run_set(assistant: Askable, question_set: QuestionSet, progress: Progress | None = None) -> Report:
    """Ask every question, in order. The language is not told, so that finding it out is measured too.

    Raises:
        AssistantError: the assistant cannot answer at all, say because there is no index.
    """
    texts: dict[str, str | None] = {}

    def text_of(id: str) -> str | None:
        if id not in texts:
            try:
                texts[id] = assistant.document(id).text
            except (AssistantError, KeyError):  # a document the corpus does not hold
                texts[id] = None
        return texts[id]

    outcomes = []
    stale: list[Stale] = []
    for done, question in enumerate(question_set.questions, 1):
        found, missing = _evidence_places(question, text_of)
        stale.extend(missing)
        answer = assistant.ask(question.question, history=question.history)
        outcomes.append(judge(question, answer, found, text_of))
        if progress:
            progress(done, len(question_set.questions))
    return Report(question_set, tuple(outcomes), tuple(stale))


def _evidence_places(
    question: Question, text_of: Callable[[str], str | None]
) -> tuple[dict[str, list[tuple[int, int]]], list[Stale]]:
    """Where the expected evidence stands, and what of it no longer does."""
    found: dict[str, list[tuple[int, int]]] = {}
    stale = []
    for evidence in question.evidence:
        text = text_of(evidence.document)
        spans = [evidence.span] if evidence.span and text is not None else places(evidence.quote, text or "")
        found.setdefault(evidence.document, []).extend(spans)
        if not spans:
            near = nearest(evidence.quote, text or "")
            stale.append(Stale(question.id, evidence.document, evidence.quote, text is None, near))
    return found, stale
