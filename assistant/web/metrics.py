"""What Prometheus reads: how many questions and requests, how they ended, how long they took. No text, no names."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from assistant.answering.answer import Answer
from assistant.documents.model import LANGUAGES
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.engine import Assistant

TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_METHODS: Final = frozenset(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])


class Metrics:
    """One process's counters, in a registry of their own. Used from any thread."""

    def __init__(self, assistant: "Assistant") -> None:
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "assistant_questions", "Questions, by how they ended.", ["outcome", "language"], registry=self.registry
        )
        self._seconds = Histogram(
            "assistant_question_seconds", "Time to a whole answer.", buckets=_SECONDS, registry=self.registry
        )
        self._requests = Counter(
            "assistant_http_requests",
            "Requests of the API, by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.registry.register(_Index(assistant))

    def answered(self, answer: Answer) -> None:
        """Count a question that was answered, or rightly not."""
        outcome = "abstained" if answer.abstained else "conflict" if answer.conflicts else "answered"
        self._questions.labels(outcome, answer.language if answer.language in LANGUAGES else "").inc()
        self._seconds.observe(answer.seconds)

    def failed(self) -> None:
        """Count a question that ended in an error."""
        self._questions.labels("error", "").inc()

    def requested(self, method: str, route: str, status: int) -> None:
        """Count a request. `route` is a pattern, never an address as it was sent."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)


class _Index(Collector):
    """How many documents are indexed, and how old the index is; nothing where there is none."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            documents = self._assistant.documents()
            built = self._assistant.built()
        except AssistantError:
            return
        yield GaugeMetricFamily("assistant_documents", "Documents in the index.", value=len(documents))
        age = (datetime.now(UTC) - built).total_seconds()
        yield GaugeMetricFamily("assistant_generation_age_seconds", "Time since the index was built.", value=age)
