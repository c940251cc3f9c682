"""What doors call when something happened: an answer was given, a document removed, feedback sent."""

import logging
import secrets
import threading
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from assistant.access import Among, Caller
from assistant.answering.answer import Answer
from assistant.errors import RecordsError
from assistant.records.answer_record import Asking, body_of
from assistant.records.circumstances import circumstances, code_digest
from assistant.records.feedback import Feedback, FeedbackStore
from assistant.records.log import AuditLog, Door
from assistant.records.privacy import Privacy
from assistant.records.store import Records, now

if TYPE_CHECKING:
    from assistant.engine import Assistant

_note = logging.getLogger(__name__)


class Recorder:
    """Writes down what the service does. Made once, used from any thread.

    The assistant it is made with is the whole one, which sees every document.
    With the setting `audit_log` off it writes down nothing but feedback, and everything else works as before.
    """

    def __init__(self, assistant: "Assistant", log: AuditLog, feedback: FeedbackStore) -> None:
        self._assistant, self._settings = assistant, assistant.settings
        self.log, self.feedback_store = log, feedback
        self._pruned_on: date | None = None
        self._guard = threading.Lock()

    @classmethod
    def open(cls, assistant: "Assistant") -> "Recorder":
        """The recorder that an assistant's settings name.

        Raises:
            RecordsError: its database cannot be opened.
        """
        records, privacy = Records.open(assistant.settings), Privacy.of(assistant.settings)
        code_digest()  # now, and not while somebody waits for an answer
        return cls(assistant, AuditLog(records, privacy), FeedbackStore(records, privacy))

    def asked(
        self,
        answer: Answer,
        question: str,
        *,
        door: Door,
        caller: Caller,
        history: Sequence[tuple[str, str]] = (),
        language: str | None = None,
        as_of: date | None = None,
        among: Among | None = None,
        request_id: str = "",
    ) -> str:
        """Write down an answer, and return the id by which it is found again.

        Args:
            caller: whoever asked; a replay sees the documents that they could read.
            question, history, language, as_of, among: as `Assistant.ask` was given them; a replay asks with the same.

        Raises:
            RecordsError: it was not written down. The answer is no worse for it: the door decides what to do.
        """
        id_ = secrets.token_hex(10)
        if not self._settings.audit_log:
            return id_
        turns = tuple((asked, said) for asked, said in history)
        asking = Asking(question, turns, language or "", as_of, among, caller.groups, caller.role)
        made_with = circumstances(self._settings, self._assistant.open())
        body = body_of(answer, asking, self._assistant, made_with, date.today(), self.log.privacy)
        self.happened("ask", door=door, who=caller.name, request_id=request_id, subject=id_, body=body)
        return id_

    def feedback(self, feedback: Feedback, *, door: Door, request_id: str = "") -> None:
        """Keep feedback, and write down that it was given.

        Raises:
            RecordsError: it was not kept, or that was not written down.
        """
        self.feedback_store.add(feedback)
        body = {"verdict": feedback.verdict, "reason": feedback.reason}
        subject = feedback.answer_id
        self.happened("feedback", door=door, who=feedback.who, request_id=request_id, subject=subject, body=body)

    def happened(
        self,
        kind: str,
        *,
        door: Door,
        who: str = "",
        request_id: str = "",
        subject: str = "",
        body: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down that something happened; see `AuditLog.append`.

        Raises:
            RecordsError: it was not written down.
        """
        if not self._settings.audit_log:
            return
        self.log.append(kind, door=door, who=who, request_id=request_id, subject=subject, body=body)
        self._prune_once_a_day()

    def close(self) -> None:
        """Let go of the database."""
        self.log.close()

    def _prune_once_a_day(self) -> None:
        today = now().date()
        with self._guard:
            if not self._settings.log_days or self._pruned_on == today:
                return
            self._pruned_on = today
        try:
            prune(self.log, self.feedback_store, self._settings.log_days)
        except RecordsError as error:  # what was to be written down is; this can wait until tomorrow
            _note.warning("Old records were not removed: %s", error)


def prune(log: AuditLog, feedback: FeedbackStore, log_days: int) -> tuple[int, int]:
    """Remove what is older than so many days; 0: nothing is. Returns how many entries of the log, and of feedback.

    Raises:
        RecordsError: not everything was removed.
    """
    if not log_days:
        return 0, 0
    before = now() - timedelta(days=log_days)
    forgotten = feedback.forget(before)
    return log.prune(before), forgotten
