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
from assistant.retrieval.index import generations
from assistant.settings import Settings

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0  # from one look whether there is a newer generation to the next
_AGAIN_SECONDS = 10.0  # the same, where that could not be told, or not copied


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
        self._looking: threading.Thread | None = None
        self._not_before = 0.0

    def current(self) -> str | None:
        """The name of the generation that answers; a newer one is brought here meanwhile. None: there is none here.

        The index itself is looked at aside, as a network drive that is away may keep whoever looks waiting.
        """
        here = generations.current(read_from(self._settings))
        if self._settings.index_copy is not None and here and self._may_look():
            self._looking = threading.Thread(target=self._look, args=(here,), daemon=True, name="follow the index")
            self._looking.start()
        return here

    def _may_look(self) -> bool:
        busy = self._looking is not None and self._looking.is_alive()
        return not busy and time.monotonic() >= self._not_before

    def _look(self, here: str) -> None:
        self._not_before = time.monotonic() + _AGAIN_SECONDS
        try:
            name = _standing(self._settings.index)
            if name is None:
                _log.warning("There is no index in %s now; the copy goes on answering", self._settings.index)
                return
            if name != here:
                bring(self._settings)
        except (IndexCopyError, IndexMissingError) as error:
            _log.warning("%s", error)
            return
        self._not_before = time.monotonic() + _LOOK_SECONDS


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
    except OSError:  # a network drive that is away
        return None
