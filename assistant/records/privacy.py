"""Names and questions as records keep them: as they are, or as keyed hashes that nobody reads back."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from uuid import uuid4

from assistant.errors import RecordsError
from assistant.settings import Settings

KEY_FILE = "personal.key"
_PREFIX = "hmac-sha256:"


class Privacy:
    """Keeps or hides what is personal. The same name or question always gives the same hash."""

    def __init__(self, key: bytes | None) -> None:
        self._key = key  # None: everything is kept as it is

    @classmethod
    def of(cls, settings: Settings) -> "Privacy":
        """As the settings choose. The key is made once, readable by its owner alone.

        Raises:
            RecordsError: the key cannot be read or made.
        """
        return cls(None if settings.log_personal else _key(settings.records_folder / KEY_FILE))

    @property
    def keeps(self) -> bool:
        """Whether names, questions and answers are kept as they are."""
        return self._key is None

    def hidden(self, personal: str) -> str:
        """A name or question as it is kept. Nothing stays nothing."""
        if self._key is None or not personal:
            return personal
        return _PREFIX + hmac.new(self._key, personal.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def left_out(self, said: str) -> str:
        """An answer's text as it is kept: as it is, or not at all."""
        return said if self.keeps else ""


def is_hidden(kept: str) -> bool:
    """Whether what a record holds is a hash."""
    return kept.startswith(_PREFIX)


def _key(file: Path) -> bytes:
    try:
        if not file.exists():
            _make(file)
        key = file.read_bytes()
    except OSError as error:
        raise RecordsError(str(file), error.strerror or "it cannot be read", _REMEDY) from error
    if len(key) != 32:
        raise RecordsError(str(file), "it is no key", _REMEDY)
    return key


_REMEDY = "It is the key that names and questions are hashed with. Make the folder writable, or copy the key there"


def _make(file: Path) -> None:
    """Make the key, whole or not at all; where another process was first, its key stands."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}-{uuid4().hex[:8]}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(32))
            out.flush()
            os.fsync(out.fileno())
        if not file.exists():
            os.link(aside, file)
    except FileExistsError:
        return
    finally:
        aside.unlink()
