"""A word list of the package, searched where it lies: a dictionary of as many words takes ten times the room."""

import lzma
from array import array
from bisect import bisect_left
from itertools import accumulate
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "models"


class WordTable:
    """Lines of fields between tabs, packed by xz. The last field is what is told of the others, its key."""

    def __init__(self, file: Path) -> None:
        lines = [line + b"\n" for line in sorted(lzma.decompress(file.read_bytes()).splitlines())]
        self._lines = b"".join(lines)
        self._starts = array("L", accumulate(map(len, lines), initial=0))

    def get(self, *key: str) -> str | None:
        """What is told of a key; None where it is not in the list."""
        wanted = "".join(f"{field}\t" for field in key).encode("utf-8", "surrogatepass")
        width = len(wanted)
        ends = len(self._starts) - 1
        place = bisect_left(self._starts, wanted, hi=ends, key=lambda start: self._lines[start : start + width])
        line = self._lines[slice(*self._starts[place : place + 2])] if place < ends else b""
        return line[width:-1].decode("utf-8") if line.startswith(wanted) else None
