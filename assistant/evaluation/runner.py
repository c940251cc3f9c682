"""Asks a question set of an assistant, several questions at once, and judges what comes back."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from assistant.answering.answer import Answer
from assistant.documents.model import Document
from assistant.errors import AssistantError
from assistant.evaluation.cache import Asked, Cache, ranking_of
from assistant.evaluation.metrics import Outcome, judge
from assistant.evaluation.question_set import Question, QuestionSet
from assistant.evaluation.quotes import nearest, places
from assistant.evaluation.ranking import DEPTH
from assistant.evaluation.report import Report, Stale

Progress = Callable[[int, int], None]  # questions done, questions in all


class Askable(Protocol):
    """The part of the Assistant that is measured here. With `retrieve` its retrieval is, too."""

    def ask(self, question: str, *, history: Sequence[tuple[str, str]] = (), language: str | None = None) -> Answer: ...

    def document(self, document_id: str) -> Document: ...


def run_set(
    assistant: Askable,
    question_set: QuestionSet,
    progress: Progress | None = None,
    *,
    workers: int = 1,
    cache: Cache | None = None,
) -> Report:
    """Ask every question. The language is not told, so that finding it out is measured too.

    Args:
        workers: questions asked at once; 1 for seconds that mean something.
        cache: answers that need not be asked for again.

    Raises:
        AssistantError: the assistant cannot answer at all, say because there is no index.
    """
    asking = _Asking(assistant, cache)
    outcomes: list[Outcome] = []
    stale: list[Stale] = []
    with ThreadPoolExecutor(workers) as pool:
        for done, asked in enumerate(pool.map(asking.ask, question_set.questions), 1):
            question = question_set.questions[done - 1]
            found, missing = _evidence_places(question, asking.text_of)
            stale.extend(missing)
            ranking = None
            if asking.retrieve is not None and not question.history:
                ranking = ranking_of(asked.passages, asking.relevant(found), DEPTH)
            outcomes.append(judge(question, asked.answer, found, asking.text_of, ranking))
            if progress:
                progress(done, len(question_set.questions))
    return Report(question_set, tuple(outcomes), tuple(stale), asking.reused)


class _Asking:
    """One run: what is read once, and how many answers were there already."""

    def __init__(self, assistant: Askable, cache: Cache | None) -> None:
        self._assistant, self._cache = assistant, cache
        self._texts: dict[str, str | None] = {}
        self._passages: dict[str, list[tuple[str, int, int]]] = {}
        self.retrieve: Any = getattr(assistant, "retrieve", None)
        self.reused = 0

    def ask(self, question: Question) -> Asked:
        asked = self._cache.get(question.question, question.history) if self._cache else None
        if asked is not None:
            self.reused += 1
            return asked
        passages: tuple[tuple[str, int, int], ...] = ()
        if self.retrieve is not None and not question.history:  # a follow-up is completed before it is searched for
            found = [hit.passage for hit in self.retrieve(question.question, limit=DEPTH)]
            passages = tuple((passage.document_id, passage.start, passage.end) for passage in found)
        asked = Asked(self._assistant.ask(question.question, history=question.history), passages)
        if self._cache:
            self._cache.put(question.question, question.history, asked)
        return asked

    def text_of(self, id: str) -> str | None:
        if id not in self._texts:
            try:
                self._texts[id] = self._assistant.document(id).text
            except (AssistantError, KeyError):  # a document the corpus does not hold
                self._texts[id] = None
        return self._texts[id]

    def relevant(self, found: Mapping[str, Sequence[tuple[int, int]]]) -> list[tuple[str, int, int]]:
        """The passages that hold some of the evidence."""
        return [
            (id_, start, end)
            for id_, spans in found.items()
            if spans
            for _, start, end in self._passages_of(id_)
            if any(start < stop and begin < end for begin, stop in spans)
        ]

    def _passages_of(self, id: str) -> list[tuple[str, int, int]]:
        if id not in self._passages:
            assistant: Any = self._assistant
            self._passages[id] = [(id, one.start, one.end) for one in assistant.passages(id)]
        return self._passages[id]


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
