"""Ask again what was asked, and say: the same bytes; or what changed since, and how the answers differ."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.access import Caller
from assistant.errors import DocumentError, ReplayError
from assistant.records.answer_record import AnswerRecord, Source, answer_json, digest_of
from assistant.records.circumstances import circumstances
from assistant.records.log import AuditLog

if TYPE_CHECKING:
    from assistant.engine import Assistant


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of asking again."""

    record: AnswerRecord
    answer: str  # canonical JSON, as of today
    changes: tuple[str, ...]  # what the answer depends on that is another than it was, a line each

    @property
    def is_same(self) -> bool:
        """Whether the answer is the same, byte for byte."""
        return digest_of(self.answer) == self.record.answer_sha256

    def difference(self) -> list[str]:
        """The lines in which the answers differ, marked - and +, with a little of what surrounds them."""
        before, after = (
            json.dumps(json.loads(one), indent=1, ensure_ascii=False) for one in (self.record.answer, self.answer)
        )
        names = f"answered {self.record.at}", "answered now"
        return list(difflib.unified_diff(before.splitlines(), after.splitlines(), *names, n=2, lineterm=""))


def replay(assistant: "Assistant", log: AuditLog, id: str) -> Replay:
    """Ask again what was answered under an id, with the eyes of whoever asked then.

    Args:
        assistant: as one who may read everything sees it.

    Raises:
        ReplayError: there is no such answer, its record was changed, or it was kept without question and answer.
        RecordsError, IndexMissingError, …: the log or the index cannot be read.
    """
    record = _record(log, id)
    asking = record.asking
    today = date.today()
    seen = assistant.seen_by(Caller(groups=asking.groups, role=asking.role))
    answer = seen.ask(
        asking.question,
        history=asking.history,
        language=asking.language or None,
        as_of=asking.as_of,
        among=asking.among,
    )
    changes = [*_documents(assistant, record), *_circumstances(assistant, record)]
    day = answer.as_of or today.isoformat()
    if day != record.day:
        changes.append(f"day: documents in force on {record.day}, now on {day}")
    return Replay(record, answer_json(answer), tuple(changes))


def _record(log: AuditLog, id: str) -> AnswerRecord:
    entry = log.find("ask", id)
    if entry is None:
        raise ReplayError(id, "there is no record of it", "It was never kept, or retention removed it")
    if entry.hash != entry.hashed():
        raise ReplayError(id, "its record was changed after it was written", "See: assistant log verify")
    record = AnswerRecord.of(entry)
    if record.is_hidden:
        raise ReplayError(
            id,
            "its question and answer were not kept, as log_personal was off",
            f"The answer's JSON had the SHA-256 {record.answer_sha256}",
        )
    return record


def _documents(assistant: "Assistant", record: AnswerRecord) -> Iterator[str]:
    for source in record.sources:
        if not source.content_hash:
            yield f"document {source.path}: the index was replaced while this was answered"
            continue
        try:
            now = assistant.document(source.path).content_hash
        except DocumentError:
            yield f"document {source.path}: removed; it was {_short(source)}"
            continue
        if now != source.content_hash:
            yield f"document {source.path}: changed; it was {_short(source)}, and is {now[:16]}"


def _short(source: Source) -> str:
    return source.content_hash[:16]


def _circumstances(assistant: "Assistant", record: AnswerRecord) -> Iterator[str]:
    now = circumstances(assistant.settings, assistant.open())
    for name in {**record.made_with, **now}:
        was, is_ = record.made_with.get(name, ""), now.get(name, "")
        if was != is_:
            yield f"{name}: {was or 'none'}, now {is_ or 'none'}"
    if now["language model"] and now["language model"] == record.made_with.get("language model"):
        yield "language model: the same, but it may word an answer differently each time"
