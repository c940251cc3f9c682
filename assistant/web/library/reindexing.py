"""Indexing while the page goes on answering from the index that stands."""

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.retrieval.index.indexing import IndexReport

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run of indexing is, or how the last one ended."""

    state: Literal["idle", "running", "done", "failed"] = "idle"
    stage: str = "reading"  # of a running one: "reading", "storing" or "encoding"
    done: int = 0
    total: int = 0
    report: "IndexReport | None" = None
    problem: AssistantError | None = None  # of a failed one; None where nobody expected it


class Reindexing:
    """One run at a time; asked for again meanwhile, it runs once more at the end."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._again = False
        self._progress = Progress()

    def start(self) -> None:
        """Bring the index up to date, in a thread of its own."""
        with self._lock:
            if self._progress.state == "running":
                self._again = True
                return
            self._progress = Progress("running")
        threading.Thread(target=self._run, name="indexing", daemon=True).start()

    def now(self) -> Progress:
        """How far it is."""
        return self._progress

    def _run(self) -> None:
        while True:
            ended = self._once()
            with self._lock:
                if not self._again:
                    self._progress = ended
                    return
                self._again = False

    def _once(self) -> Progress:
        try:
            report = self._assistant.index(progress=self._tell)
            self._assistant.open()  # so that the next question need not wait for it
        except AssistantError as error:
            return Progress("failed", problem=error)
        except Exception:  # a thread's last stop: the page gets a sentence, the log gets the rest
            log.exception("indexing from the page failed")
            return Progress("failed")
        return Progress("done", report=report)

    def _tell(self, done: int, total: int, stage: str) -> None:
        self._progress = Progress("running", stage, done, total)
