"""Several question sets at once, each in a process of its own, for Python runs one thread of a process at a time."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def together(
    run: Callable[[Sequence[Path]], list[T]],
    groups: Mapping[Path, Sequence[Path]],
    processes: int,
    on_progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[Path, T]]:
    """Run groups of sets in so many processes, the largest first; yields each set with its result, as it comes.

    Args:
        run: runs sets one after the other; it and what it returns can be pickled.
        groups: sets that may not run at once, as they share an index, by what they share.
        on_progress: told how many sets are done, of how many.
    """
    done, whole = 0, sum(map(len, groups.values()))
    by_size = sorted(groups.values(), key=lambda sets: -sum(path.stat().st_size for path in sets))
    # Not forked: the libraries that may be loaded here have threads, and locks that nobody would open again.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_alone) as pool:
        running = {pool.submit(run, sets): sets for sets in by_size}
        for future in as_completed(running):
            for path, found in zip(running[future], future.result(), strict=True):
                done += 1
                if on_progress:
                    on_progress(done, whole)
                yield path, found


def _alone() -> None:
    """One thread a process, or they wait for one another. The libraries are loaded later, and read this."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
