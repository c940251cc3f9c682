"""What a machine does to an index without breaking it: no room, no permission, haste, company, a wrong clock.

Usage: python -m benchmarks.hardships [DOCUMENTS]; `python -m benchmarks.faults` does it too.

After each the old generation answers as before, or the build is whole; and where something was refused, the error is
one of ours and names the command to run, which then works. A limit on the size of files stands in for a full disk: a
write that is refused is refused in the same place. Permissions are tried without a superuser's power to ignore them.
"""

import ctypes
import os
import resource
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assistant.documents.read import content_hash
from assistant.retrieval.index import generations, indexing
from assistant.retrieval.index.opening import open_index
from benchmarks.house import House, apart, must_be_told, side_by_side

_CAPABILITIES = 0x20080522  # the version of Linux's interface in which they are two words each


def disk_full(house: House, kilobytes: int) -> str:
    """Index while no file can grow beyond so much."""

    def work() -> int:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))
        return house.built()

    return house.withstands(work)


def not_written(house: House) -> str:
    """Index into a folder that may be read only."""
    return house.withstands(lambda: _closed(house.settings.index, 0o555, house.built))


def not_read(house: House) -> str:
    """Answer from a folder that may not be opened, and then from one that may."""
    said = apart(lambda: _closed(house.settings.index, 0o000, lambda: open_index(house.settings).generation))
    must_be_told(said, house.settings.index)
    if house.answer() != house.right:
        raise AssertionError(f"it answers otherwise when it may be read again: {house.answer()}")
    return "refused with its remedy"


def changing_file(house: House) -> str:
    """Index while a document is written again and again, not in one piece; then once more, when it is quiet."""
    file = house.settings.corpus / "middel-1.txt"

    def work() -> int:
        over = threading.Event()

        def writing() -> None:
            edition = 0
            while not over.is_set():
                edition += 1
                file.write_text(f"Middel 1 gives hver {edition}. dag til voksne.\n\n" * (1 + edition % 50), "utf-8")

        thread = threading.Thread(target=writing)
        thread.start()
        try:
            return house.built()
        finally:
            over.set()
            thread.join()
            file.write_text("Middel 1 gives nu hver uge til voksne.\n", "utf-8")

    def stored() -> list[bool]:
        opened = open_index(house.settings)
        document = opened.library.document(file.name)
        opened.close()
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, file.name)
            copy.write_text(document.text, "utf-8", newline="")
            return [content_hash(copy) == document.content_hash, "hver uge" in document.text]

    if apart(work) != house.documents:
        raise AssertionError("a file that changes meanwhile stops the others")
    if apart(stored)[0] is not True:
        raise AssertionError("the stored text is not the one whose hash is stored: a later change would not be seen")
    house.build()
    if apart(stored) != [True, True]:
        raise AssertionError("the last edition is not indexed")
    return "read as it was at one moment, and anew when it was quiet"


def two_indexers(house: House) -> str:
    """Two index at once: one does it, the other waits for its turn or is told to."""
    house.change()
    came = side_by_side(house.built, house.built)
    for one in came:
        if one != house.documents:
            must_be_told(one, house.settings.index)
    if house.documents not in came or house.build() != house.documents:
        raise AssertionError(f"neither of two indexed: {came}")
    return "one after the other" if came == [house.documents] * 2 else "one indexed, the other was told to wait"


def clock_back(house: House) -> str:
    """Index in 1999: a change is still a change, and the newer generation the one that answers."""

    class Past(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Past":
            return cls(1999, 12, 31, tzinfo=tz or UTC)

    house.change()
    for file in house.settings.corpus.iterdir():
        os.utime(file, (0, 0))
    before = generations.current(house.settings.index)

    def work() -> int:
        with patch.object(indexing, "datetime", Past), patch("time.time", lambda: 946_598_400.0):
            return house.built()

    if apart(work) != house.documents:
        raise AssertionError("nothing is indexed with a clock that went back")
    now = generations.current(house.settings.index)
    if not before or not now or now <= before or "refused" in house.answer():
        raise AssertionError(f"after {before} came {now}: {house.answer()}")
    return "indexed as ever"


def all_of(house: House, limits: list[int]) -> dict[str, str]:
    """Put a house through everything; what became of it."""
    hardships: dict[str, Callable[[House], str]] = {
        **{f"no file beyond {limit} kB": lambda house, limit=limit: disk_full(house, limit) for limit in limits},
        "not to be written": not_written,
        "not to be read": not_read,
        "a file that changes": changing_file,
        "two at once": two_indexers,
        "the clock goes back": clock_back,
    }
    outcomes = {}
    for name, hardship in hardships.items():
        house.right = house.answer()
        outcomes[name] = hardship(house)
        print(f"{name}: {outcomes[name]}", flush=True)
    return outcomes


def _closed(folder: Path, mode: int, work: Callable[[], Any]) -> Any:
    """Work while a folder and all below it have this mode, as a user for whom modes count."""
    places = [folder, *folder.rglob("*")]
    modes = [path.stat().st_mode & 0o777 for path in places]
    for path in reversed(places):
        path.chmod(mode if path.is_dir() else mode & 0o444)
    try:
        return apart(lambda: _without_power(work))  # the power does not come back, and who closed must open again
    finally:
        for path, before in zip(places, modes, strict=True):
            path.chmod(before)


def _without_power(work: Callable[[], Any]) -> Any:
    """Work as a user for whom permissions count, also where this process is a superuser's."""
    header, none = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise OSError(ctypes.get_errno(), "permissions cannot be made to count")
    return work()


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    with tempfile.TemporaryDirectory() as folder:
        all_of(House(Path(folder), documents), [50])


if __name__ == "__main__":
    main()
