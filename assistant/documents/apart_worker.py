"""The process in which files are read or drawn, from its own side: tasks on standard input, until it ends.

python -m assistant.documents.apart_worker read 2000
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.documents.apart import receive, send
from assistant.errors import AssistantError


def serve(job: str, memory_mb: int) -> None:
    """Do what is asked, one after the other, each within its bound of time and all within that of memory."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    tasks = _drawing() if job == "draw" else _reading()
    _bound_memory(memory_mb)
    while (wanted := receive(sys.stdin.buffer)) is not None:
        task, given, seconds = wanted
        _bound_time(seconds)
        try:
            reply = tasks[task](*given)
        except AssistantError as error:
            reply = error
        except MemoryError:
            reply = "memory"
        except Exception as error:  # noqa: BLE001  # told to the other side, which starts this one anew
            reply = f"{type(error).__name__}: {error}"
        _bound_time(0)
        send(out, reply)


def _reading() -> Mapping[str, Callable[..., Any]]:
    """What reads. Loaded now is what readers load late, so that the bound of memory is the file's alone."""
    import docx
    import lxml.html
    import pypdfium2

    from assistant.documents.language import detect
    from assistant.documents.read import read_document

    assert docx and lxml.html and pypdfium2
    detect("Hvor ofte gives det?")

    def read(path: str, root: str, max_file_mb: float) -> Any:
        return read_document(Path(path), Path(root), max_file_mb=max_file_mb)

    return {"read": read}


def _drawing() -> Mapping[str, Callable[..., Any]]:
    import PIL.PngImagePlugin
    import pypdfium2

    from assistant.documents.page_image import lay_out_boxes, png

    assert PIL.PngImagePlugin and pypdfium2
    return {"png": png, "lay_out": lay_out_boxes}


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


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
