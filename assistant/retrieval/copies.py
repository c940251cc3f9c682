"""A replica's own copy of an index that others build: whole generations, on a disk of this machine.

The index may stand on a network drive, where SQLite is slow and its locks do not hold. Of that only whole files are
read here: a generation is copied aside, compared with its checksums and switched to, while the one before answers.
"""

import logging
import shutil
import threading
import time
from pathlib import Path

from filelock import FileLock

from assistant.errors import IndexCopyError, IndexMissingError
from assistant.retrieval import generations
from assistant.settings import Settings

_log = logging.getLogger(__name__)
_AGAIN_SECONDS = 10.0  # after a copy that failed


def read_from(settings: Settings) -> Path:
    """The folder whose generations are read on this machine."""
    return settings.index_copy or settings.index


def ready(settings: Settings) -> None:
    """Have a generation here to open: the newest, or where that cannot be copied, the one that was copied before.

    Raises:
        IndexMissingError: there is no index, and no copy of one.
        IndexCopyError: the generation cannot be copied, and there is no whole one here.
    """
    try:
        bring(settings)
    except IndexCopyError as error:
        own = read_from(settings)
        here = generations.current(own)
        if not here or generations.damaged(generations.path_of(own, here)):
            raise
        _log.warning("%s", error)


def bring(settings: Settings) -> None:
    """Have the generation that stands in the index here too, whole. What cannot be reached leaves the copy as it is.

    Raises:
        IndexMissingError: there is no index, and no copy of one.
        IndexCopyError: the generation cannot be copied.
    """
    own = settings.index_copy
    if own is None:
        return
    name = _standing(settings.index)
    if name is None:
        if generations.current(own):
            _log.warning("There is no index in %s now; the copy in %s answers", settings.index, own)
            return
        raise IndexMissingError(settings.index)
    source = generations.path_of(settings.index, name)
    try:
        own.mkdir(parents=True, exist_ok=True)
        with FileLock(own / ".lock"):  # of two processes on one machine, one copies
            if generations.current(own) != name or not _is_like(source, generations.path_of(own, name)):
                _copy(settings.index, own, name)
    except OSError as error:
        raise IndexCopyError(settings.index, own, name, str(error.strerror or error)) from error


class Following:
    """Which generation answers on this machine. Used by one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._bringing: threading.Thread | None = None
        self._not_before = 0.0

    def current(self) -> str | None:
        """The name of the generation that answers; a newer one is brought here meanwhile. None: there is none here."""
        own = self._settings.index_copy
        here = generations.current(read_from(self._settings))
        if own is not None and here and self._may_look() and _standing(self._settings.index) not in (None, here):
            self._bringing = threading.Thread(target=self._bring, daemon=True, name="bring a generation")
            self._bringing.start()
        return here

    def _may_look(self) -> bool:
        busy = self._bringing is not None and self._bringing.is_alive()
        return not busy and time.monotonic() >= self._not_before

    def _bring(self) -> None:
        try:
            bring(self._settings)
        except (IndexCopyError, IndexMissingError) as error:
            self._not_before = time.monotonic() + _AGAIN_SECONDS
            _log.warning("%s", error)


def _copy(index: Path, own: Path, name: str) -> None:
    source, place = generations.path_of(index, name), generations.path_of(own, name)
    building = generations.begin(own, empty=True)
    try:
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            target = building / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        if damaged := generations.damaged(building):
            raise IndexCopyError(index, own, name, f"{damaged[0]} is not as it was written")
        shutil.rmtree(place, ignore_errors=True)  # a damaged copy, or of an index that stood there before
        generations.commit(own, building, name)
    except BaseException:
        generations.abandon(building)
        raise
    generations.prune(own)


def _is_like(source: Path, copy: Path) -> bool:
    """Whether a copy is whole, and of this generation and no other of the same name."""
    return generations.sums(copy) == generations.sums(source) and not generations.damaged(copy)


def _standing(index: Path) -> str | None:
    """The generation that stands in the index; None also where that cannot be told now."""
    try:
        return generations.current(index)
    except OSError as error:  # a network drive that is away
        _log.warning("The index in %s cannot be read (%s)", index, error.strerror or error)
        return None
