"""Files are read in a process of their own, with bounds of time and memory: what kills a parser kills nothing else.

    read = Apart(seconds=60, memory_mb=2000).read

One such process is kept for each bound of memory and reads one file after the other; it ends with the program. It gets
none of the settings, which may hold passwords, and what it sends back can be a document or an error and nothing else.
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
from typing import IO, Any, Final

from assistant.documents.model import Document
from assistant.errors import DocumentError

log = logging.getLogger(__name__)
_PATIENCE: Final = 20  # times the bound of computing time, until a process that waits for something is given up
_LENGTH: Final = struct.Struct(">Q")
_LIMITED: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")  # each thread would reserve memory
_SENT: Final = frozenset(
    [("assistant.documents.model", name) for name in ("Document", "Metadata", "Mark")]
    + [("assistant.errors", "DocumentError")]
)
_REMEDY: Final = "Save it anew in the program it came from, or split it"


class Apart:
    """Reads files as `read_document` does. Used from any thread; files wait for one another."""

    def __init__(self, *, seconds: float, memory_mb: int) -> None:
        self._seconds, self._memory_mb = seconds, memory_mb

    def read(self, path: Path, root: Path, *, max_file_mb: float) -> Document:
        """Read one file of the corpus; see `read_document`.

        Raises:
            DocumentError: it cannot be read, or not within the bounds.
            ValueError: `path` does not lie below `root`.
        """
        name = path.relative_to(root).as_posix()
        came = _process(self._memory_mb).ask((str(path), str(root), max_file_mb, self._seconds), self._seconds)
        if isinstance(came, Document):
            return came
        if isinstance(came, DocumentError):
            raise came
        if came == "memory":
            raise DocumentError(name, f"reading it takes more than {self._memory_mb} MB of memory", _REMEDY)
        if came == "time":
            raise DocumentError(name, f"reading it takes more than {self._seconds:g} s", _REMEDY)
        log.error("the reader failed on %r: %s", name, came)
        raise DocumentError(name, "the reader failed on it", _REMEDY, "damaged")


class _Process:
    """The process, from this side."""

    def __init__(self, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None

    def ask(self, wanted: tuple[str, str, float, float], seconds: float) -> Any:
        """What it makes of a file: a document, an error; or "memory", "time", or what went wrong."""
        with self._lock:
            for may_start_anew in (True, False):  # it may have ended since the last file
                running = self._running or self._started()
                try:
                    _send(running.stdin, wanted)
                    break
                except OSError:
                    self._end()
                    if not may_start_anew:
                        return "it cannot be started"
            came = self._came(running, seconds * _PATIENCE)
            if not isinstance(came, (Document, DocumentError)):
                self._end()
            return came

    def _came(self, running: "subprocess.Popen[bytes]", seconds: float) -> Any:
        came: list[Any] = []
        waiting = threading.Thread(target=lambda: came.append(_receive(running.stdout)), daemon=True)
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
        command = [sys.executable, "-m", "assistant.documents.apart", str(self._memory_mb)]
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


_processes: dict[int, _Process] = {}
_guard = threading.Lock()


def _process(memory_mb: int) -> _Process:
    with _guard:
        return _processes.setdefault(memory_mb, _Process(memory_mb))


class _OnlyDocuments(pickle.Unpickler):
    """Takes documents and errors; a parser that was taken over cannot send anything that runs."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _SENT:
            raise pickle.UnpicklingError(f"{module}.{name} is neither a document nor an error")
        return super().find_class(module, name)


def _send(stream: IO[bytes] | None, what: Any) -> None:
    assert stream is not None
    data = pickle.dumps(what, protocol=5)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _receive(stream: IO[bytes] | None) -> Any:
    """What was sent; None where nothing more comes."""
    assert stream is not None
    try:
        head = stream.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        size = _LENGTH.unpack(head)[0]
        data = stream.read(size)
        return _OnlyDocuments(io.BytesIO(data)).load() if len(data) == size else None
    except (OSError, ValueError, pickle.UnpicklingError, EOFError, AttributeError) as error:
        return f"what it sent cannot be read ({error})"


def _signal_of_time() -> int:
    import signal

    return int(getattr(signal, "SIGPROF", 0))


def _bound_memory(memory_mb: int) -> None:
    """So much more memory than it has now; where the system knows no such bound, none."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + memory_mb * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return


def _bound_time(seconds: float) -> None:
    """End this process when it has computed for so long from now on; 0: never."""
    import signal

    if hasattr(signal, "ITIMER_PROF"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _serve(memory_mb: int) -> None:
    """The process, from its own side: files named on standard input, one after the other, until it ends."""
    from assistant.documents.read import read_document

    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    _warm()
    _bound_memory(memory_mb)
    while (wanted := _receive(sys.stdin.buffer)) is not None:
        path, root, max_file_mb, seconds = wanted
        _bound_time(seconds)
        try:
            reply: Any = read_document(Path(path), Path(root), max_file_mb=max_file_mb)
        except DocumentError as error:
            reply = error
        except MemoryError:
            reply = "memory"
        except Exception as error:  # noqa: BLE001  # told to the other side, which starts this one anew
            reply = f"{type(error).__name__}: {error}"
        _bound_time(0)
        _send(out, reply)


def _warm() -> None:
    """Load what readers load late, so that the bound of memory is the file's alone."""
    import docx
    import lxml.html
    import pypdfium2

    from assistant.documents.language import detect

    assert docx and lxml.html and pypdfium2
    detect("Hvor ofte gives det?")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
