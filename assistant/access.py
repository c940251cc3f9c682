"""Who asks, what they may read and do, and which documents they want to hear of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from assistant.documents.model import Metadata
from assistant.documents.validity import first_day, last_day

Role = Literal["reader", "curator", "admin"]
ROLES: Final[tuple[Role, ...]] = ("reader", "curator", "admin")  # each may do what those before it may


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks, as the sign-in knows them. By default: nobody in particular, who reads what is open to all."""

    name: str = ""
    groups: frozenset[str] = frozenset()
    role: Role = "reader"

    def may_read(self, metadata: Metadata) -> bool:
        """Whether a document is for them: it names no group, or one of theirs. An admin may read everything."""
        return not metadata.access or self.role == "admin" or not self.groups.isdisjoint(metadata.access)

    def may(self, role: Role) -> bool:
        """Whether they may do what takes this role."""
        return ROLES.index(self.role) >= ROLES.index(role)


LOCAL: Final = Caller("local", role="admin")  # whoever sits at the machine, where nothing asks them to sign in


@dataclass(frozen=True, slots=True)
class Among:
    """Which documents to answer from; what is empty or None asks for nothing in particular."""

    documents: frozenset[str] = frozenset()  # ids
    languages: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    since: date | None = None  # the first day a document may be dated
    until: date | None = None  # the last

    def takes(self, document_id: str, metadata: Metadata) -> bool:
        """Whether a document is among them. One without a date is in no range of dates."""
        return (
            _any(self.documents, document_id)
            and _any(self.languages, metadata.language)
            and _any(self.publishers, metadata.publisher)
            and self._in_time(metadata.date)
        )

    def _in_time(self, dated: str) -> bool:
        if self.since is None and self.until is None:
            return True
        first, last = first_day(dated), last_day(dated)  # "2023" is any day of it
        if first is None or last is None:
            return False
        return (self.since is None or last >= self.since) and (self.until is None or first <= self.until)


def _any(wanted: Iterable[str], value: str) -> bool:
    chosen = frozenset(wanted)
    return not chosen or value in chosen
