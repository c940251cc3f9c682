"""The corpus folder as a shelf: a file is added once it has been read, and a removed one can be put back.

    corpus/.incoming/3f…/name.pdf                a file that is still arriving; never indexed
    corpus/.removed/20250718T101500Z-3f…/name.pdf    a file that was removed, in the folders it stood in

Both are hidden folders, which `corpus_files` leaves out.
"""

import copy
import filecmp
import os
import re
import shutil
import threading
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

from assistant.documents.metadata import sidecar
from assistant.documents.model import Document, Metadata
from assistant.documents.read import SIDECAR_SUFFIX, SUFFIXES, content_hash, corpus_files, read_document
from assistant.errors import DocumentError, LibraryError

_INCOMING, _REMOVED = ".incoming", ".removed"
_TOKEN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_UNSAFE = re.compile(r'[<>:"|?*\\/\s]+')  # what some file system or shell reads as more than a name
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # no files on Windows
_MOST_BYTES = 180  # of a name
_STALE_SECONDS = 24 * 3600.0  # after which a file that never arrived whole is thrown away


@dataclass(frozen=True, slots=True)
class Removed:
    """A document that was taken off the shelf."""

    token: str  # puts it back
    document_id: str
    day: str  # ISO 8601


@dataclass(frozen=True, slots=True)
class Put:
    """What came of putting a file under a name."""

    document: Document
    came: Literal["created", "replaced", "unchanged"]
    content_hash: str  # of what stands there now
    undo: str = ""  # the token of what it replaced


def safe_name(name: str) -> str:
    """A file's name as it may stand in the corpus folder, whatever a browser calls the file.

    Raises:
        DocumentError: nothing of it can be used, or its ending is none that is read.

    >>> safe_name("../../Indlægsseddel: Veltoral.PDF")
    'Indlægsseddel Veltoral.pdf'
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    printed = "".join(character if character.isprintable() else " " for character in last)
    stem, dot, ending = _UNSAFE.sub(" ", printed).strip(" .").rpartition(".")
    stem, suffix = stem.strip(" ."), dot + ending.lower()
    while len((stem + suffix).encode()) > _MOST_BYTES and stem:
        stem = stem[:-1].rstrip(" .")
    if suffix not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        raise DocumentError(last, "this kind of file is not read", f"Save it as one of {known}", "wrong_kind")
    if not stem or _DEVICES.fullmatch(stem) or (stem + suffix).lower() == "readme.md":
        raise DocumentError(last, "it cannot be kept under this name", "Rename it", "unnameable")
    return stem + suffix


class Shelf:
    """Adds files to a corpus folder and takes them away. One at a time; the index is another's business."""

    def __init__(self, root: Path, *, max_file_mb: float, read: Callable[..., Document] = read_document) -> None:
        self.root, self.max_file_mb, self._read = root, max_file_mb, read
        self._lock = threading.Lock()
        self._may_read: Callable[[Metadata], bool] | None = None  # None: everything

    def seen_by(self, may_read: Callable[[Metadata], bool]) -> "Shelf":
        """The same shelf for somebody who may read some documents only: the others cannot be named or touched."""
        seen = copy.copy(self)
        seen._may_read = may_read
        return seen

    @contextmanager
    def incoming(self, name: str) -> Iterator[Path]:
        """A place to write a file that is arriving; whatever is left there at the end is thrown away.

        Raises:
            DocumentError: as `safe_name`.
            LibraryError: the corpus folder may not be written.
        """
        safe = safe_name(name)
        self._sweep()
        folder = self.root / _INCOMING / uuid4().hex
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise _closed(safe, error) from error
        try:
            yield folder / safe
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):  # another file is arriving
                folder.parent.rmdir()

    def add(self, arrived: Path, *, replace: bool = False) -> Document:
        """Read a file that has arrived, and only then move it onto the shelf, under its name.

        Args:
            replace: whether a document of that name may be removed for it; it can be put back.

        Raises:
            DocumentError: it cannot be read; it is not on the shelf.
            LibraryError: a document of that name stands there, and `replace` is not set.
        """
        document = self._read(arrived, arrived.parent, max_file_mb=self.max_file_mb)
        with self._lock:
            self._place(arrived, self._under(arrived.name), replace=replace)
        return document

    def put(self, arrived: Path, *, replace: bool = False, expected: Collection[str] | None = None) -> Put:
        """As `add`; but the same file once more changes nothing.

        Args:
            expected: content hashes of what may stand there now and be replaced, "*" for whatever does; None: nothing
                in particular is expected.

        Raises:
            DocumentError, LibraryError: as `add`.
            LibraryError: ("changed") what is expected does not stand there; nothing was changed.
        """
        document = self._read(arrived, arrived.parent, max_file_mb=self.max_file_mb)
        with self._lock:
            there = self._under(arrived.name)
            visible = there if there is not None and there.is_file() and not self._is_hidden(there) else None
            stands = content_hash(visible) if visible else ""
            if expected is not None and not (visible and ("*" in expected or stands in expected)):
                raise LibraryError("changed", arrived.name, "another version stands there, or none", "Read it again")
            if visible and filecmp.cmp(visible, arrived, shallow=False):
                return Put(document, "unchanged", stands)
            taken = self._place(arrived, there, replace=replace or expected is not None)
            stands = content_hash(self.root / arrived.name)
        return Put(document, "replaced" if taken else "created", stands, taken.token if taken else "")

    def remove(self, document_id: str) -> Removed:
        """Take a document off the shelf, with the sidecar that is its own.

        Raises:
            LibraryError: there is no such document, or it is the last one.
        """
        with self._lock:
            files = {path.relative_to(self.root).as_posix(): path for path in corpus_files(self.root)}
            if document_id not in files or self._is_hidden(files[document_id]):
                raise LibraryError("gone", document_id, "there is no such document", "Look at the list again")
            if len(files) == 1:
                raise LibraryError("last", document_id, "it is the only document", "Add another one first")
            return self._take(files[document_id])

    def restore(self, token: str) -> str:
        """Put back what was removed; returns the document's id.

        Raises:
            LibraryError: nothing was removed under this token, or another file stands in its place.
        """
        with self._lock:
            home = self.root / _REMOVED / token
            files = _files_below(home) if _TOKEN.fullmatch(token) and home.is_dir() else []
            if not files or self._is_hidden(home / _document_among(files)):
                raise LibraryError("gone", token, "nothing is kept under this name", "Look at the list again")
            for file in files:
                if os.path.lexists(self.root / file):
                    raise LibraryError("taken", file.as_posix(), "another file has its name", "Remove that one first")
            for file in files:
                _move(home / file, self.root / file)
            shutil.rmtree(home, ignore_errors=True)
            return _document_among(files)

    def removed(self) -> list[Removed]:
        """What can be put back, last removed first."""
        homes = [home for home in (self.root / _REMOVED).glob("*") if _TOKEN.fullmatch(home.name) and home.is_dir()]
        found = []
        for home in sorted(homes, reverse=True):
            files = _files_below(home)
            if files and not self._is_hidden(home / _document_among(files)):
                stamp = home.name
                found.append(Removed(stamp, _document_among(files), f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}"))
        return found

    def _is_hidden(self, file: Path) -> bool:
        """Whether a file is not for whoever looks. What cannot be read says nothing of whom it is for."""
        if self._may_read is None:
            return False
        try:
            return not self._may_read(self._read(file, file.parent, max_file_mb=self.max_file_mb).metadata)
        except DocumentError:
            return False

    def _under(self, name: str) -> Path | None:
        """What stands under a name, on whatever file system."""
        return next((path for path in self.root.iterdir() if _same(path.name, name)), None)

    def _place(self, arrived: Path, there: Path | None, *, replace: bool) -> Removed | None:
        """Move a file onto the shelf; returns what it replaced.

        Raises:
            LibraryError: something stands there that may not be replaced.
        """
        if there is not None and (not replace or not there.is_file() or self._is_hidden(there)):
            raise LibraryError("exists", arrived.name, "a document of this name is there already", "Rename it")
        taken = self._take(there) if there is not None else None
        _move(arrived, self.root / arrived.name)
        return taken

    def _take(self, file: Path) -> Removed:
        now = datetime.now(UTC)
        token = f"{now:%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}"
        beside = sidecar(file)
        for path in (beside, file) if beside and _is_its_own(beside, file) else (file,):
            _move(path, self.root / _REMOVED / token / path.relative_to(self.root))
        return Removed(token, file.relative_to(self.root).as_posix(), now.date().isoformat())

    def _sweep(self) -> None:
        for stale in (self.root / _INCOMING).glob("*"):
            with suppress(OSError):
                if time.time() - stale.stat().st_mtime > _STALE_SECONDS:
                    shutil.rmtree(stale, ignore_errors=True)


def _same(one: str, other: str) -> bool:
    """Whether two names are one on some file system."""
    first, second = (unicodedata.normalize("NFC", name).casefold() for name in (one, other))
    return first == second


def _is_its_own(beside: Path, file: Path) -> bool:
    """Whether a sidecar speaks of this file alone, and of no other of the same stem."""
    if beside.name == f"{file.name}{SIDECAR_SUFFIX}":
        return True
    others = (other for other in file.parent.iterdir() if other != file and other.suffix.lower() in SUFFIXES)
    return all(other.stem != file.stem for other in others)


def _files_below(home: Path) -> list[Path]:
    return sorted(path.relative_to(home) for path in home.rglob("*") if path.is_symlink() or path.is_file())


def _document_among(files: list[Path]) -> str:
    return next((file for file in files if not file.name.endswith(SIDECAR_SUFFIX)), files[0]).as_posix()


def _move(source: Path, target: Path) -> None:
    """Move a file within one file system, never over another.

    Raises:
        LibraryError: the folder may not be written, or a file of that name has come in between.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target, follow_symlinks=False)
            source.unlink()
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):  # a file system without hard links
            target.open("xb").close()
            source.replace(target)
    except FileExistsError as error:
        raise LibraryError("exists", target.name, "a file of this name is there already", "Rename it") from error
    except OSError as error:
        raise _closed(target.name, error) from error


def _closed(name: str, error: OSError) -> LibraryError:
    reason = f"the folder of documents cannot be changed ({error.strerror or error})"
    return LibraryError("closed", name, reason, "Give the program permission to write there")
