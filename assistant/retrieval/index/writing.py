"""What cannot be written to an index is told with its remedy, whichever library met it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import AssistantError, IndexNotWrittenError

_CHROMAS = ("chromadb", "pyo3_runtime")  # modules of its errors; where its native code gives up, that is no Exception


@contextmanager
def writes(folder: Path) -> Iterator[None]:
    """Write to the index in `folder` inside.

    Raises:
        IndexNotWrittenError: the system, SQLite or Chroma refuses: a full disk, a folder that may not be written to.
    """
    try:
        yield
    except AssistantError:
        raise
    except OSError as error:
        raise IndexNotWrittenError(folder, _reason(error)) from error
    except BaseException as error:
        if isinstance(error, sqlite3.Error) or type(error).__module__.partition(".")[0] in _CHROMAS:
            raise IndexNotWrittenError(folder, next(iter(str(error).splitlines()), "")[:200]) from error
        raise


def _reason(error: OSError) -> str:
    """What the system says; of several files that could not be copied, what it says of the first."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][2]).partition(": ")[0]
    return error.strerror or str(error)
