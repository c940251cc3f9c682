"""How indexing, asking, memory and disk grow with the passages, from a thousand upwards.

Usage: python -m benchmarks.growth [--most 100000] [--questions 50]

Leaflets are made from templates by seed, and each size is measured in a process of its own. Behind each figure stands
the exponent from the size before: 1 is as fast as the passages grow, 0 not at all; n log n is 1.13 from a thousand to
ten thousand, and less from there. `--most 1000000` takes gigabytes and hours.
"""

import argparse
import math
from typing import Any

from benchmarks import leaflets
from benchmarks.compared import plan, run
from benchmarks.measured import short, table

COLUMNS = {
    "index, s of processor": lambda one: one["index"]["processor"],
    "1 % changed, s of processor": lambda one: one["change"]["processor"],
    "MB at the peak": lambda one: one["megabytes"],
    "MB on disk": lambda one: one["on disk"],
    "to passages, p50 ms of processor": lambda one: one["passages"]["processor p50"],
    "p50 ms": lambda one: one["passages"]["p50"],
    "p99 ms": lambda one: one["passages"]["p99"],
    "to answers, p50 ms of processor": lambda one: one["answers"]["processor p50"],
}


def exponent(before: float, now: float, times: float) -> float | None:
    """By which power a figure grew while what it depends on grew so many times; None where it was nothing."""
    return math.log(now / before) / math.log(times) if before > 0 and now > 0 else None


def curve(found: dict[int, dict[str, Any]]) -> str:
    """A row a size, each figure with its exponent."""
    rows = []
    sizes = list(found)
    for place, size in enumerate(sizes):
        cells = [f"{size:,}", f"{found[size]['vectors']:,}"]
        for value in COLUMNS.values():
            now = value(found[size])
            cells.append(short(now))
            if place:
                grown = exponent(value(found[sizes[place - 1]]), now, size / sizes[place - 1])
                cells[-1] += f" ({grown:.2f})" if grown is not None else ""
        rows.append(cells)
    return table(["passages", "sentences", *COLUMNS], rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--least", type=int, default=1_000)
    parser.add_argument("--questions", type=int, default=50)
    given = parser.parse_args()
    found: dict[int, dict[str, Any]] = {}
    size = max(given.least, leaflets.PASSAGES)
    while size <= given.most:
        found[size] = run("ours", size, plan(size, given.questions, [1]))
        print(curve(found) + "\n", flush=True)
        size *= 10


if __name__ == "__main__":
    main()
