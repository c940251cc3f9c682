"""Generations of the index: each build is a folder of its own, and one small file says which of them counts.

    index/CURRENT                      the name of the generation that answers
    index/UNREAD                       the files that the last build could not read, and why
    index/generations/000002/          library.sqlite, chroma/, and SHA256 of what stays
    index/generations/.building-…/     what a build has not finished; never read

A build is switched to at its end by replacing CURRENT, which is atomic: killed at any moment, the old one still serves.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from assistant.errors import IndexClosedError, IndexLockedError, IndexNotWrittenError

LIBRARY = "library.sqlite"
VECTORS = "chroma"
_KEPT = 2  # generations: the current one, and the one before it for whoever still reads it
_READ_ON = 10.0  # seconds for which a replaced one is kept besides: a question may take longer than two small builds
_BUILDING = ".building-"
_CHECKSUMS = "SHA256"  # as `sha256sum -c` reads them: of all files whose bytes stay as they were written


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that the last build could not read."""

    path: str  # below the corpus folder, with forward slashes
    message: str
    trouble: str = ""  # as of a DocumentError


@contextmanager
def writer(folder: Path) -> Iterator[None]:
    """Be the one writer of an index.

    Raises:
        IndexLockedError: another process is.
        IndexNotWrittenError: this one cannot write there.
    """
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexLockedError(folder) from error
    except OSError as error:
        raise IndexNotWrittenError(folder, error.strerror or str(error)) from error
    try:
        yield
    finally:
        lock.release()


def current(folder: Path) -> str | None:
    """The name of the generation that answers; None where there is none.

    Raises:
        IndexClosedError: this user may not read it.
    """
    try:
        name = (folder / "CURRENT").read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise IndexClosedError(folder, "CURRENT cannot be read") from error
    return name if name and path_of(folder, name).is_dir() else None


def path_of(folder: Path, name: str) -> Path:
    """Where a generation stands."""
    return folder / "generations" / Path(name).name


def index_of(place: Path) -> Path:
    """The index that a generation's folder belongs to."""
    return place.parent.parent


def standing(folder: Path) -> list[str]:
    """The names of all generations that are there, oldest first."""
    return sorted(path.name for path in (folder / "generations").glob("[0-9]*"))


def damaged(place: Path) -> list[str]:
    """The files of a generation that are not as they were written; none where nothing was noted of it.

    Chroma's native code trusts its files, and ends the process on some that are broken: they are looked at before.
    """
    noted = place / _CHECKSUMS
    if not noted.is_file():
        return []
    try:
        lines = noted.read_text("utf-8", "replace").splitlines()
        sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError):
        return [_CHECKSUMS]
    return [name for name, digest in sums.items() if _digest(place, name) != digest] or ([] if sums else [_CHECKSUMS])


def sums(place: Path) -> str:
    """The checksums that were noted of a generation, as text; "" where none can be read."""
    try:
        return (place / _CHECKSUMS).read_text("utf-8", "replace")
    except OSError:
        return ""


def identity(folder: Path) -> str:
    """A name of this index that no other has: collections on a shared server carry it."""
    file = folder / "ID"
    if not file.is_file():
        _write(file, uuid4().hex[:12])
    return file.read_text("utf-8").strip()


def begin(folder: Path, *, empty: bool = False) -> Path:
    """A folder to build the next generation in: a copy of the current one, or empty. Only the writer calls this."""
    generations = folder / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    for stale in generations.glob(f"{_BUILDING}*"):
        shutil.rmtree(stale, ignore_errors=True)
    building = generations / f"{_BUILDING}{os.getpid()}-{uuid4().hex[:8]}"
    before = current(folder)
    if before and not empty:
        shutil.copytree(path_of(folder, before), building)
    else:
        building.mkdir()
    return building


def next_name(folder: Path) -> str:
    """The name that the next generation gets."""
    numbers = [int(path.name) for path in (folder / "generations").glob("[0-9]*") if path.name.isdigit()]
    return f"{max(numbers, default=0) + 1:06d}"


def commit(folder: Path, building: Path, name: str) -> None:
    """Switch to a finished build. Its files must be closed."""
    sums = "".join(f"{_digest(building, name)}  {name}\n" for name in _steady(building))
    (building / _CHECKSUMS).write_text(sums, "utf-8")
    for path in [*building.rglob("*"), building]:
        _sync(path)
    building.replace(path_of(folder, name))
    _sync(folder / "generations")
    _write(folder / "CURRENT", name)


def abandon(building: Path) -> None:
    """Throw an unfinished build away."""
    shutil.rmtree(building, ignore_errors=True)


def prune(folder: Path) -> list[str]:
    """Remove all but the newest generations, and those replaced just now; returns the names removed."""
    names = standing(folder)
    replaced = list(pairwise(names))[: max(0, len(names) - _KEPT)]
    gone = [name for name, by in replaced if name != current(folder) and _is_past(path_of(folder, by))]
    for name in gone:
        shutil.rmtree(path_of(folder, name), ignore_errors=True)
    return gone


def _is_past(generation: Path) -> bool:
    """Whether it was written a while ago; or later than now, by a clock that was put back."""
    try:
        return abs(time.time() - (generation / _CHECKSUMS).stat().st_mtime) > _READ_ON
    except OSError:
        return True


def note_unread(folder: Path, files: Sequence[Unread]) -> None:
    """Remember what a build could not read, for whoever looks at the index later. Only the writer calls this."""
    _write(folder / "UNREAD", json.dumps([asdict(file) for file in files], ensure_ascii=False))


def unread(folder: Path) -> tuple[Unread, ...]:
    """What the last build could not read; nothing where that was not noted."""
    try:
        return tuple(Unread(**file) for file in json.loads((folder / "UNREAD").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return ()


def _steady(place: Path) -> list[str]:
    """The files whose bytes stay: the library, and Chroma's graphs; it writes to all others whenever it opens them."""
    graphs = [path.parent for path in (place / VECTORS).glob("*/index_metadata.pickle")]
    files = [place / LIBRARY, *(path for graph in graphs for path in sorted(graph.iterdir()))]
    return [path.relative_to(place).as_posix() for path in files]


def _digest(place: Path, name: str) -> str:
    """A file's checksum; "" where it cannot be read."""
    try:
        with (place / name).open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except PermissionError as error:  # closed, and not damaged: building it anew would fail as well
        raise IndexClosedError(index_of(place), f"{name} cannot be read") from error
    except OSError:
        return ""


def _write(file: Path, text: str) -> None:
    """Write a small file so that it is there whole or not at all."""
    aside = file.with_name(f".{file.name}-{uuid4().hex[:8]}")
    with aside.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
