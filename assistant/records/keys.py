"""API keys: who a program is, what it may read and do, and until when. Of a key's secret only a hash is kept."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy import Row, insert, select, update

from assistant.access import Caller, Role
from assistant.errors import ApiKeyError
from assistant.records.store import Records, clean, moment, now, stamped
from assistant.records.tables import keys as table

NAMED: Final = "key:"  # what the name of a caller with a key begins with, and no user's may
_KEY: Final = re.compile(r"ask_([0-9a-f]{12})_([0-9a-f]{64})")
_NAME: Final = re.compile(r"[^\W_][\w .@-]{0,79}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept."""

    id: str
    name: str
    role: Role
    groups: frozenset[str]
    created: datetime
    expires: datetime | None  # None: never
    revoked: datetime | None  # None: it was not

    @property
    def state(self) -> str:
        """Whether it opens anything now: "valid", "expired" or "revoked"."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires and self.expires <= now() else "valid"

    @property
    def caller(self) -> Caller:
        """Whoever calls with it."""
        return Caller(f"{NAMED}{self.name}", self.groups, self.role)


class KeyStore:
    """The keys there are. Used from any thread; a key that is revoked opens nothing from the next request on."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def create(
        self, name: str, role: Role = "reader", groups: Iterable[str] = (), *, days: int | None = None
    ) -> tuple[ApiKey, str]:
        """Make a key; returns it, and the text that a program sends, which nobody can be told again.

        Args:
            name: of the program, for the log; several keys may have the same.
            groups: those whose documents it may read.
            days: how long it is good for, to the end of the last day (UTC); None: for good.

        Raises:
            ApiKeyError: the name cannot be used.
            RecordsError: it was not kept.
        """
        if not _NAME.fullmatch(name):
            raise ApiKeyError(f"{name!r} cannot name a key", "Use letters, figures, spaces and . @ - _, at most 80")
        id_, secret, made = secrets.token_hex(6), secrets.token_hex(32), now()
        last = (made + timedelta(days=days)).date() if days is not None else None
        expires = datetime.combine(last + timedelta(days=1), time(), UTC) if last else None
        kept = ApiKey(id_, name, role, frozenset(map(clean, groups)), made, expires, None)
        with self._records.writing() as connection:
            connection.execute(
                insert(table).values(
                    id=id_,
                    name=name,
                    hash=_hashed(secret),
                    role=role,
                    groups=json.dumps(sorted(kept.groups)),
                    created=stamped(made),
                    expires=stamped(expires) if expires else "",
                    revoked="",
                )
            )
        return kept, f"ask_{id_}_{secret}"

    def list(self) -> list[ApiKey]:
        """Every key that was ever made, oldest first.

        Raises:
            RecordsError: they cannot be read.
        """
        with self._records.reading() as connection:
            return [_key(row) for row in connection.execute(select(table).order_by(table.c.created, table.c.id))]

    def revoke(self, id_: str) -> ApiKey:
        """Let a key open nothing any more.

        Raises:
            ApiKeyError: there is none of this id, or it is revoked already.
            RecordsError: it was not revoked.
        """
        valid = (table.c.id == id_) & (table.c.revoked == "")
        with self._records.writing() as connection:
            changed = connection.execute(update(table).where(valid).values(revoked=stamped(now()))).rowcount
            row = connection.execute(select(table).where(table.c.id == id_)).first()
        if row is None or not changed:
            reason = "There is no key" if row is None else "There is no valid key"
            raise ApiKeyError(f"{reason} {id_!r}", "See which there are: assistant keys list")
        return _key(row)

    def caller(self, given: str) -> Caller | None:
        """Whoever calls with a key; None where it opens nothing.

        Raises:
            RecordsError: it could not be looked up.
        """
        parts = _KEY.fullmatch(given)
        if not parts:
            return None
        with self._records.reading() as connection:
            row = connection.execute(select(table).where(table.c.id == parts[1])).first()
        # The secret has 256 random bits: one round of SHA-256 is enough, nobody guesses what it is of.
        if row is None or not secrets.compare_digest(row.hash, _hashed(parts[2])):
            return None
        key = _key(row)
        return key.caller if key.state == "valid" else None

    def has_valid(self) -> bool:
        """Whether there is a key that opens anything.

        Raises:
            RecordsError: they cannot be read.
        """
        return any(key.state == "valid" for key in self.list())


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def _key(row: Row[tuple[str, ...]]) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        row.role,
        frozenset(json.loads(row.groups)),
        moment(row.created),
        moment(row.expires) if row.expires else None,
        moment(row.revoked) if row.revoked else None,
    )
