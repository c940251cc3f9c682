"""What work takes: seconds on the clock and of processor, the most memory, percentiles. Needs nothing but Python.

Processes that a process started count with it. Where other work keeps the processors busy, seconds of processor say
more than those on the clock, and ratios within one run more than either. Linux only.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")  # a second


@dataclass
class Took:
    """What some work took."""

    seconds: float = 0.0  # on the clock
    processor: float = 0.0  # seconds of processor


@contextmanager
def taken() -> Iterator[Took]:
    """Measure what is done inside."""
    found = Took()
    began, spent = time.perf_counter(), processor_seconds()
    yield found
    found.seconds, found.processor = time.perf_counter() - began, processor_seconds() - spent


def processor_seconds() -> float:
    """Seconds of processor that this process has taken, and those that it started and that still run."""
    return time.process_time() + sum(spent(child) for child in _started())


def spent(process: str) -> float:
    """Seconds of processor that a process has taken; 0 where it has ended."""
    try:
        fields = Path("/proc", process, "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def peak_megabytes() -> float:
    """The most memory that this process has held, and each that it started and that still runs, added up."""
    return sum(_status(process, "VmHWM") for process in ["self", *_started()])


def held_megabytes(process: int | str = "self") -> float:
    """What a process holds now."""
    return _status(str(process), "VmRSS")


def folder_megabytes(folder: Path) -> float:
    """What the files of a folder take on disk."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()) / 1e6


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed, 0 to 1: no value in between is made up."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def each(work: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    """What one text takes after the other, in milliseconds: p50 and p99 on the clock, p50 and mean of processor.

    A thread's own processor is meant where the work stays in one thread; work of other threads counts in the mean.
    """
    clock, own = [], []
    with taken() as whole:
        for text in texts:
            began, spent = time.perf_counter(), time.thread_time()
            work(text)
            clock.append(1000 * (time.perf_counter() - began))
            own.append(1000 * (time.thread_time() - spent))
    return {
        "p50": statistics.median(clock),
        "p99": percentile(clock, 0.99),
        "processor p50": statistics.median(own),
        "processor p99": percentile(own, 0.99),
        "processor mean": 1000 * whole.processor / len(texts),
    }


def at_once(work: Callable[[str], object], texts: Sequence[str], askers: int) -> dict[str, float]:
    """Texts a second with so many askers, each asking its next when it has its last; on the clock and of processor."""
    left = iter(texts)
    guard = threading.Lock()

    def asker() -> None:
        while True:
            with guard:
                text = next(left, None)
            if text is None:
                return
            work(text)

    threads = [threading.Thread(target=asker) for _ in range(askers)]
    with taken() as whole:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return {"a second": len(texts) / whole.seconds, "a second of processor": len(texts) / whole.processor}


def apart(module: str, *given: str, python: str = sys.executable, paths: Sequence[Path] = ()) -> Any:
    """What a module of this folder prints as JSON in its last line, run in a process of its own.

    Args:
        python: the interpreter, of another environment maybe.
        paths: folders to import from, before what is installed.
    """
    home = Path(__file__).parent.parent
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    kept["PYTHONPATH"] = os.pathsep.join([str(home), *map(str, paths)])
    kept |= {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "false", "HAYSTACK_TELEMETRY_ENABLED": "false"}
    done = subprocess.run(
        [python, "-m", module, *given], cwd=home, env=kept, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(given)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def short(value: float | None) -> str:
    """A figure with as many digits as matter; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _started() -> list[str]:
    """The processes that this one started, and those that they did, as far as they run."""
    found, waiting = list[str](), ["self"]
    while waiting:
        tasks = Path("/proc", waiting.pop(), "task")
        for task in tasks.glob("*/children"):
            try:
                children = task.read_text().split()
            except OSError:  # it has ended meanwhile
                continue
            found += children
            waiting += children
    return found


def _status(process: str, field: str) -> float:
    try:
        lines = Path("/proc", process, "status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(field)), 0.0)
