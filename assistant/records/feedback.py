"""What people say of answers: a thumb up or down, why, and in their own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from assistant.errors import FeedbackError
from assistant.records.privacy import Privacy
from assistant.records.store import Records, clean, moment, now, stamped
from assistant.records.tables import feedback as table
from assistant.settings import Settings

Verdict = Literal["up", "down"]
Reason = Literal["", "wrong", "incomplete", "unsupported", "outdated", "not_found", "unclear", "other"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
REASONS: tuple[str, ...] = get_args(Reason)  # "" is none
MOST_CHARACTERS = {"comment": 2000, "question": 10_000, "answer": 50_000, "who": 200}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One person's verdict on one answer.

    Raises:
        FeedbackError: a part is none of those allowed, or too long; the message names it.
    """

    answer_id: str  # letters, digits, - and _
    verdict: Verdict
    reason: Reason = ""  # "unsupported": its source does not say so; "not_found": it is in the documents after all
    comment: str = ""
    question: str = ""
    answer: str = ""  # its text, as it was shown
    who: str = ""  # empty: nobody signed in
    when: datetime = field(default_factory=now)

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.answer_id):
            raise FeedbackError("it does not name its answer")
        if self.verdict not in VERDICTS:
            raise FeedbackError(f"the verdict is none of {', '.join(VERDICTS)}")
        if self.reason not in REASONS:
            raise FeedbackError(f"the reason is none of {', '.join(REASONS[1:])}")
        for name, most in MOST_CHARACTERS.items():
            if len(getattr(self, name)) > most:
                raise FeedbackError(f"its {name} is longer than {most} characters")

    def as_dict(self) -> dict[str, Any]:
        """As `assistant feedback --json` prints it."""
        return {
            "answer_id": self.answer_id,
            "verdict": self.verdict,
            "reason": self.reason,
            "comment": self.comment,
            "question": self.question,
            "answer": self.answer,
            "who": self.who,
            "when": stamped(self.when),
        }


class FeedbackStore:
    """Keeps feedback. Safe for several threads and processes.

    Where the setting `log_personal` is off, names and questions are kept as keyed hashes and answers not at all; a
    comment is kept, as it was written to be read.
    """

    def __init__(self, records: Records, privacy: Privacy) -> None:
        self._records, self._privacy = records, privacy

    @classmethod
    def open(cls, settings: Settings) -> "FeedbackStore":
        """The store that the settings name.

        Raises:
            RecordsError: it cannot be opened.
        """
        return cls(Records.open(settings), Privacy.of(settings))

    def add(self, feedback: Feedback) -> None:
        """Keep a verdict. A later one of the same person on the same answer replaces the earlier.

        Raises:
            RecordsError: it was not kept.
        """
        hidden, left_out = self._privacy.hidden, self._privacy.left_out
        kept = {
            "verdict": feedback.verdict,
            "reason": feedback.reason,
            "comment": clean(feedback.comment),
            "question": hidden(clean(feedback.question)),
            "answer": left_out(clean(feedback.answer)),
            "at": stamped(feedback.when),
        }
        with self._records.writing() as connection:
            key = {"answer_id": feedback.answer_id, "who": hidden(clean(feedback.who))}
            inserting = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
            connection.execute(
                inserting.values(**key, **kept).on_conflict_do_update(index_elements=["answer_id", "who"], set_=kept)
            )

    def of(self, answer_id: str, who: str = "") -> Feedback | None:
        """What this person said of this answer, if anything.

        Raises:
            RecordsError: it cannot be read.
        """
        mine = (table.c.answer_id == clean(answer_id)) & (table.c.who == self._privacy.hidden(clean(who)))
        with self._records.reading() as connection:
            row = connection.execute(select(table).where(mine)).mappings().one_or_none()
        return _feedback(row) if row else None

    def withdraw(self, answer_id: str, who: str = "") -> bool:
        """Take this person's verdict on this answer back; returns whether there was one.

        Raises:
            RecordsError: it was not taken back.
        """
        mine = (table.c.answer_id == clean(answer_id)) & (table.c.who == self._privacy.hidden(clean(who)))
        with self._records.writing() as connection:
            return connection.execute(delete(table).where(mine)).rowcount > 0

    def list(
        self, *, verdict: Verdict | None = None, since: date | None = None, most: int = 1000
    ) -> Sequence[Feedback]:
        """Feedback, newest first: of one verdict, from a day (UTC) on, at most so many.

        Raises:
            RecordsError: it cannot be read.
        """
        wanted = select(table).order_by(table.c.at.desc(), table.c.answer_id, table.c.who).limit(most)
        if verdict is not None:
            wanted = wanted.where(table.c.verdict == verdict)
        if since is not None:
            wanted = wanted.where(table.c.at >= since.isoformat())
        with self._records.reading() as connection:
            return [_feedback(row) for row in connection.execute(wanted).mappings()]

    def forget(self, before: datetime) -> int:
        """Remove what was said before a moment; returns how many.

        Raises:
            RecordsError: nothing was removed.
        """
        with self._records.writing() as connection:
            removed: int = connection.execute(delete(table).where(table.c.at < stamped(before))).rowcount
        if removed:
            self._records.forget()
        return removed

    def close(self) -> None:
        """Let go of the database."""
        self._records.close()


def _feedback(row: Any) -> Feedback:
    values = dict(row)
    return Feedback(when=moment(values.pop("at")), **values)
