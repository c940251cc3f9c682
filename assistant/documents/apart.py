"""Files are read and drawn in processes of their own, bounded in time and memory: what kills a parser kills only that.

    apart = Apart(seconds=60, memory_mb=2000)
    document = apart.read(path, root, max_file_mb=50)
    image = apart.png(data, document.id, page)

One such process reads and another draws, so that a page is shown while files are indexed; each takes one thing after
the other, and ends with the program. It gets none of the settings, which may hold passwords, and what it sends back can
be a document, a page's layout, bytes or an error, and nothing else. `apart_worker.py` is its own side.
"""

import io
import logging
import os
import pickle
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, Literal

from assistant.documents.model import Document
from assistant.documents.page_image import Layout, boxes_of
from assistant.errors import AssistantError, DocumentError, PageImageError

log = logging.getLogger(__name__)
Job = Literal["read", "draw"]
_PATIENCE: Final = 20  # times the bound of computing time, until a process that waits for something is given up
_LENGTH: Final = struct.Struct(">Q")
_LIMITED: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")  # each thread would reserve memory
_SENT: Final = frozenset(
    [("assistant.documents.model", name) for name in ("Document", "Metadata", "Mark")]
    + [("assistant.documents.page_image", name) for name in ("Layout", "Area")]
    + [("assistant.errors", name) for name in ("DocumentError", "PageImageError")]
)
_REMEDY: Final = "Save it anew in the program it came from, or split it"


class Apart:
    """Reads files as `read_document` does, and draws pages of PDFs. Used from any thread; jobs of a kind queue up."""

    def __init__(self, *, seconds: float, memory_mb: int) -> None:
        self._seconds, self._memory_mb = seconds, memory_mb

    def read(self, path: Path, root: Path, *, max_file_mb: float) -> Document:
        """Read one file of the corpus; see `read_document`.

        Raises:
            DocumentError: it cannot be read, or not within the bounds.
            ValueError: `path` does not lie below `root`.
        """
        name = path.relative_to(root).as_posix()
        came = self._asked("read", "read", str(path), str(root), max_file_mb)
        if isinstance(came, Document):
            return came
        if came in ("memory", "time"):
            raise DocumentError(name, f"reading it takes more than {self._bound(came)}", _REMEDY)
        log.error("the reader failed on %r: %s", name, came)
        raise DocumentError(name, "the reader failed on it", _REMEDY, "damaged")

    def png(self, data: bytes, document_id: str, page: int) -> bytes:
        """A page of a PDF as an image; see `page_image.png`.

        Raises:
            PageImageError: it cannot be drawn, or not within the bounds.
        """
        came = self._asked("draw", "png", data, document_id, page)
        return came if isinstance(came, bytes) else self._undrawn(came, document_id, page)

    def lay_out(self, data: bytes, document: Document, page: int, start: int, end: int) -> Layout:
        """Where a span of a PDF's text stands on a page; see `page_image.lay_out`.

        Raises:
            PageImageError: that cannot be told, or not within the bounds.
        """
        came = self._asked("draw", "lay_out", data, document.id, page, boxes_of(document, page, start, end))
        return came if isinstance(came, Layout) else self._undrawn(came, document.id, page)

    def _asked(self, job: Job, task: str, *given: Any) -> Any:
        """What a process makes of a task; or "memory", "time", or what went wrong. An error it met is raised here."""
        came = _process(job, self._memory_mb).ask((task, given, self._seconds), self._seconds)
        if isinstance(came, AssistantError):
            raise came
        return came

    def _undrawn(self, why: Any, document_id: str, page: int) -> Any:
        if why in ("memory", "time"):
            raise PageImageError(document_id, page, f"that takes more than {self._bound(why)}")
        log.error("page %d of %r could not be drawn: %s", page, document_id, why)
        raise PageImageError(document_id, page, "it cannot be drawn")

    def _bound(self, which: str) -> str:
        return f"{self._memory_mb} MB of memory" if which == "memory" else f"{self._seconds:g} s"


class _Process:
    """A process, from this side."""

    def __init__(self, job: Job, memory_mb: int) -> None:
        self._job, self._memory_mb = job, memory_mb
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None

    def ask(self, wanted: tuple[str, tuple[Any, ...], float], seconds: float) -> Any:
        """What it makes of a task: what was wanted, or an error; or "memory", "time", or what went wrong."""
        with self._lock:
            for may_start_anew in (True, False):  # it may have ended since the last task
                running = self._running or self._started()
                try:
                    send(running.stdin, wanted)
                    break
                except OSError:
                    self._end()
                    if not may_start_anew:
                        return "it cannot be started"
            came = self._came(running, seconds * _PATIENCE)
            if isinstance(came, str):  # it may not be in order any more
                self._end()
            return came

    def _came(self, running: "subprocess.Popen[bytes]", seconds: float) -> Any:
        came: list[Any] = []
        waiting = threading.Thread(target=lambda: came.append(receive(running.stdout)), daemon=True)
        waiting.start()
        waiting.join(seconds)
        if waiting.is_alive():
            return "time"
        if came and came[0] is not None:
            return came[0]
        code = running.wait()
        return "time" if code == -_signal_of_time() else f"it ended with {code}"

    def _started(self) -> "subprocess.Popen[bytes]":
        package = str(Path(__file__).parents[2])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
        paths = os.pathsep.join(filter(None, [package, kept.get("PYTHONPATH", "")]))
        command = [sys.executable, "-m", "assistant.documents.apart_worker", self._job, str(self._memory_mb)]
        self._running = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": paths, **dict.fromkeys(_LIMITED, "1")},
        )
        return self._running

    def _end(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            for stream in (self._running.stdin, self._running.stdout):
                with suppress(OSError):
                    stream.close()  # type: ignore[union-attr]
        self._running = None


_processes: dict[tuple[Job, int], _Process] = {}
_guard = threading.Lock()


def _process(job: Job, memory_mb: int) -> _Process:
    with _guard:
        return _processes.setdefault((job, memory_mb), _Process(job, memory_mb))


class _OnlyData(pickle.Unpickler):
    """Takes documents, layouts and errors; a parser that was taken over cannot send anything that runs."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _SENT:
            raise pickle.UnpicklingError(f"{module}.{name} is neither a document nor a layout nor an error")
        return super().find_class(module, name)


def send(stream: IO[bytes] | None, what: Any) -> None:
    """Write one value into a pipe."""
    assert stream is not None
    data = pickle.dumps(what, protocol=5)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes] | None) -> Any:
    """What was sent; None where nothing more comes."""
    assert stream is not None
    try:
        head = stream.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        size = _LENGTH.unpack(head)[0]
        data = stream.read(size)
        return _OnlyData(io.BytesIO(data)).load() if len(data) == size else None
    except (OSError, ValueError, pickle.UnpicklingError, EOFError, AttributeError) as error:
        return f"what it sent cannot be read ({error})"


def _signal_of_time() -> int:
    import signal

    return int(getattr(signal, "SIGPROF", 0))
