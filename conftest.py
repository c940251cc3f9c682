"""Before any test, here and in evals/: how many threads one process takes, and where its files stand."""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30  # bytes; a run of everything leaves far less, and browsers keep theirs there too

# Tests run side by side, one process a core: each keeps to one thread, or they wait for one another.
for _name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# Hundreds of small indexes are built, each of them synced to disk many times; in memory that costs nothing.
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH:
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None


def pytest_configure() -> None:
    """A busy machine fails no test."""
    import hypothesis

    hypothesis.settings.register_profile("without deadlines", deadline=None)
    hypothesis.settings.load_profile("without deadlines")
