"""The chain of the log: each entry carries the hash of the one before, so that none changes or goes unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

What = Literal["changed", "missing", "does not belong"]


class Link(NamedTuple):
    """Where a chain has come to: the number of an entry and its hash."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


START = Link(0, "0" * 64)  # before the first entry


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. `body` holds what JSON can."""

    number: int  # from 1, without gaps
    at: str  # "2026-03-01T12:00:00.000000Z"
    kind: str
    who: str
    request_id: str
    door: str
    subject: str  # what it is about: an answer's id, a document's path, a key's id
    body: Mapping[str, Any]
    previous: str  # the hash of the entry before
    hash: str = ""

    @property
    def link(self) -> Link:
        return Link(self.number, self.hash)

    def hashed(self) -> str:
        """The hash that this entry ought to have: SHA-256 of the canonical JSON of all else, as hexadecimal digits."""
        stated = self.as_dict()
        del stated["hash"]
        return hashlib.sha256(canonical(stated).encode("ascii")).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """As an export has it; keys as in docs/records.md."""
        return {name: getattr(self, name) for name in self.__slots__}


class Fault(NamedTuple):
    """The first entry that does not fit."""

    number: int
    what: What
    detail: str

    def __str__(self) -> str:
        return f"entry {self.number} {'is missing' if self.what == 'missing' else self.what}: {self.detail}"


def canonical(value: Any) -> str:
    """The one way to write a value as JSON: ASCII, keys sorted, no spaces.

    >>> canonical({"b": "ø", "a": [1, None]})
    '{"a":[1,null],"b":"\\\\u00f8"}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def next_fault(before: Link, entry: Entry) -> Fault | None:
    """What is wrong with an entry behind that link; None where it fits."""
    number = before.number + 1
    if entry.number < number:
        return Fault(entry.number, "does not belong", f"the chain is already at {before.number}")
    if entry.number > number:
        return Fault(number, "missing", f"the next that is there is {entry.number}")
    if entry.hash != entry.hashed():
        return Fault(number, "changed", "its hash is not that of what it says")
    if entry.previous != before.hash:
        return Fault(number, "does not belong", "it was not written behind the entry that stands before it")
    return None


def first_fault(before: Link, entries: Iterable[Entry]) -> tuple[Link, Fault | None]:
    """Follow a chain from a link on.

    Args:
        entries: in order of their numbers.

    Returns:
        where the chain ends, or the link before the first entry that does not fit; and what is wrong with that one.
    """
    for entry in entries:
        if fault := next_fault(before, entry):
            return before, fault
        before = entry.link
    return before, None
