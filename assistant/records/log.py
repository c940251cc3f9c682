"""The audit log: who did what, when and by which door; appended to, chained by hashes, and never changed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from assistant.errors import RecordsError
from assistant.records.chain import START, Entry, Fault, Link, What, canonical, first_fault
from assistant.records.privacy import Privacy
from assistant.records.store import Records, clean, now, stamped
from assistant.records.tables import log as table
from assistant.records.tables import log_state as state
from assistant.settings import Settings

Door = Literal["page", "http", "openai", "mcp", "widget", "python", "cli"]
_KIND = re.compile(r"[a-z][a-z-]{0,39}")
_LONGEST = {"who": 200, "request_id": 200, "subject": 500}  # characters; what is longer is cut
_PAGE = 500  # entries read at a time


@dataclass(frozen=True, slots=True)
class Verified:
    """What following the chain found."""

    entries: int  # that fit, in a row from the first
    anchor: Link  # the last entry that retention removed; number 0: none was
    last: Link  # the last entry that fits
    at: str  # when that was written; empty: there is none
    fault: Fault | None  # None: all fits


class AuditLog:
    """The log. Safe for several threads and processes: one appends at a time.

    Kinds in use: ask, verify, upload, remove, restore, index, key-created, key-revoked, feedback, prune. Where the
    setting `log_personal` is off, `who` is kept as a keyed hash; bodies are their writers' business.
    """

    def __init__(self, records: Records, privacy: Privacy) -> None:
        self.records, self.privacy = records, privacy

    @classmethod
    def open(cls, settings: Settings, *, create: bool = True) -> "AuditLog":
        """The log that the settings name.

        Args:
            create: begin it where there is none yet; if not, that is an error.

        Raises:
            RecordsError: it cannot be opened.
        """
        return cls(Records.open(settings, create=create), Privacy.of(settings))

    def append(
        self,
        kind: str,
        *,
        door: Door,
        who: str = "",
        request_id: str = "",
        subject: str = "",
        body: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Write an entry behind the last one.

        Args:
            kind: small letters and hyphens.
            who: the name they signed in with; empty: nobody did.
            subject: what it is about: an answer's id, a document's path, a key's id.
            body: what JSON can hold.

        Raises:
            RecordsError: it was not written.
        """
        with self.records.writing() as connection:
            return self._append(connection, kind, door, who, request_id, subject, body or {})

    def entries(self, *, since: date | None = None, kind: str | None = None, after: int = 0) -> Iterator[Entry]:
        """Entries in order: from a day (UTC) on, of one kind, behind the one with a number.

        Raises:
            RecordsError: they cannot be read.
        """
        wanted = select(table).order_by(table.c.number)
        if since is not None:
            wanted = wanted.where(table.c.at >= since.isoformat())
        if kind is not None:
            wanted = wanted.where(table.c.kind == kind)
        if after:
            wanted = wanted.where(table.c.number > after)
        with self.records.reading() as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(wanted):
                yield _entry(row)

    def find(self, kind: str, subject: str) -> Entry | None:
        """The first entry of a kind about something, if there is one.

        Raises:
            RecordsError: it cannot be read.
        """
        about = (table.c.kind == kind) & (table.c.subject == clean(subject))
        with self.records.reading() as connection:
            row = connection.execute(select(table).where(about).order_by(table.c.number).limit(1)).first()
        return _entry(row) if row else None

    def export(self, out: IO[str], *, since: date | None = None, kind: str | None = None) -> int:
        """Write entries as JSON lines, each the canonical JSON that its hash is of, and the hash; returns how many.

        Raises:
            RecordsError: they cannot be read.
        """
        written = 0
        for entry in self.entries(since=since, kind=kind):
            out.write(canonical(entry.as_dict()) + "\n")
            written += 1
        return written

    def verify(self, *, kept: Link | None = None) -> Verified:
        """Follow the chain from its beginning, or from what retention left, to its end.

        Args:
            kept: an entry's number and hash as they were once noted elsewhere, which must still stand.

        Raises:
            RecordsError: the log cannot be read.
        """
        with self.records.reading() as connection:
            standing = connection.execute(select(state).where(state.c.id == 1)).first()
            if standing is None:
                return Verified(
                    0, START, START, "", Fault(1, "missing", "the log does not say where it begins and ends")
                )
            anchor = _link(standing.anchor_number, standing.anchor_hash)
            head = _link(standing.head_number, standing.head_hash)
            rows = connection.execution_options(yield_per=_PAGE).execute(select(table).order_by(table.c.number))
            watch = _Watch(kept)
            last, fault = first_fault(anchor, map(watch.see, map(_entry, rows)))
        fault = fault or _end_fault(last, head) or watch.fault(anchor, last)
        return Verified(last.number - anchor.number, anchor, last, watch.at_of(last), fault)

    def prune(self, before: datetime, *, door: Door = "cli") -> int:
        """Remove the oldest entries, up to the first that is not from before a moment; returns how many.

        The number and hash of the last one removed are kept, in an entry of kind `prune` too, so that the chain still
        fits and nobody shortens it unseen.

        Raises:
            RecordsError: nothing was removed; also where an entry to be removed does not fit, as that is evidence.
        """
        with self.records.writing() as connection:
            standing = _held(connection)
            anchor = _link(standing.anchor_number, standing.anchor_hash)
            first_kept = connection.execute(select(func.min(table.c.number)).where(table.c.at >= stamped(before)))
            through = (first_kept.scalar_one() or standing.head_number + 1) - 1
            if through <= anchor.number:
                return 0
            oldest = table.c.number <= through
            last, fault = first_fault(
                anchor, map(_entry, connection.execute(select(table).where(oldest).order_by(table.c.number)))
            )
            if fault or last.number != through:
                raise RecordsError(self.records.place, str(fault or "entries are missing"), "See: assistant log verify")
            connection.execute(update(state).values(anchor_number=last.number, anchor_hash=last.hash))
            connection.execute(delete(table).where(oldest))
            body = {"through": last.number, "hash": last.hash, "before": stamped(before)}
            self._append(connection, "prune", door, "", "", "", body)
        self.records.forget()
        return last.number - anchor.number

    def close(self) -> None:
        """Let go of the database."""
        self.records.close()

    def _append(
        self,
        connection: Connection,
        kind: str,
        door: Door,
        who: str,
        request_id: str,
        subject: str,
        body: Mapping[str, Any],
    ) -> Entry:
        if not _KIND.fullmatch(kind):
            raise ValueError(f"{kind!r} is no kind of entry")
        standing = _held(connection)
        stated = {
            "number": standing.head_number + 1,
            "at": stamped(now()),
            "kind": kind,
            "who": self.privacy.hidden(_cut("who", who)),
            "request_id": _cut("request_id", request_id),
            "door": door,
            "subject": _cut("subject", subject),
            "previous": standing.head_hash,
        }
        text = canonical(body)
        unhashed = Entry(body=json.loads(text), **stated)
        hashed = unhashed.hashed()
        connection.execute(insert(table).values(**stated, body=text, hash=hashed))
        connection.execute(update(state).values(head_number=unhashed.number, head_hash=hashed))
        return Entry(body=unhashed.body, hash=hashed, **stated)


class _Watch:
    """Looks over the entries as a chain is followed."""

    def __init__(self, kept: Link | None) -> None:
        self._kept = kept
        self._stands = False
        self._pruned: Mapping[str, Any] = {}  # what the last `prune` entry says
        self._seen: list[Entry] = []  # the last two

    def see(self, entry: Entry) -> Entry:
        self._stands = self._stands or entry.link == self._kept
        if entry.kind == "prune":
            self._pruned = entry.body
        self._seen = [*self._seen[-1:], entry]
        return entry

    def at_of(self, link: Link) -> str:
        return next((entry.at for entry in self._seen if entry.link == link), "")

    def fault(self, anchor: Link, last: Link) -> Fault | None:
        """What is wrong with a chain that fits in itself, from an anchor to its last entry."""
        if anchor != Link(self._pruned.get("through", START.number), self._pruned.get("hash", START.hash)):
            return Fault(anchor.number, "missing", "no `prune` entry says that it and those before were removed")
        kept = self._kept
        if kept is not None and not self._stands and kept not in (START, anchor):
            if kept.number < anchor.number:
                return Fault(kept.number, "missing", f"retention removed it; keep {anchor} instead")
            what: What = "missing" if kept.number > last.number else "changed"
            return Fault(kept.number, what, "the one that was noted does not stand here")
        return None


def _end_fault(last: Link, head: Link) -> Fault | None:
    if last.number < head.number:
        return Fault(last.number + 1, "missing", f"{head.number} entries were written")
    if last != head:
        return Fault(last.number, "does not belong", f"entry {head.number} was the last to be written")
    return None


def _held(connection: Connection) -> Row[Any]:
    """The state of the log; nobody else appends until this transaction ends."""
    return connection.execute(select(state).where(state.c.id == 1).with_for_update()).one()


def _cut(name: str, given: str) -> str:
    return clean(given)[: _LONGEST[name]]


def _link(number: Any, hashed: Any) -> Link:
    return Link(number if isinstance(number, int) else -1, str(hashed))  # a file may have been meddled with


def _entry(row: Row[Any]) -> Entry:
    values: dict[str, Any] = {name: str(value) for name, value in row._mapping.items()}
    link, body = _link(row.number, row.hash), _body(values.pop("body"))
    return Entry(**{**values, "number": link.number, "body": body})


def _body(text: str) -> dict[str, Any]:
    """What was written. Anything else has another hash for certain."""
    try:
        body = json.loads(text)
        if isinstance(body, dict) and canonical(body) == text:
            return body
    except ValueError:
        pass
    return {"unreadable": text}
