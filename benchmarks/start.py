"""From nothing to the first answer, each time in a new process; memory while serving; what is imported.

Usage: python -m benchmarks.start [REPETITIONS]

Beside it the least that the usual set-up loads before it can answer: chromadb, llama-index and sentence-transformers.
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant.evaluation.question_set import load

HOME = Path(__file__).parent.parent
QUESTION = "Hvor ofte gives Conexxence?"
USUAL = "import chromadb, sentence_transformers; from llama_index.core import VectorStoreIndex"
COMMAND = "from assistant.cli import main; main()"


@dataclass(frozen=True)
class Run:
    """What a process took."""

    seconds: float
    processor: float  # seconds of processor time
    megabytes: float  # at its peak


def run(code: str, *arguments: str) -> Run:
    """Run Python code in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{arguments or code} ended with {process.returncode}")
    return Run(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def told(name: str, runs: list[Run]) -> None:
    """Print the medians."""
    middle = [statistics.median(getattr(one, field) for one in runs) for field in ("seconds", "processor", "megabytes")]
    print(f"{name:38} {middle[0]:7.2f} s {middle[1]:7.2f} s of processor {middle[2]:7.0f} MB at the peak", flush=True)


def imported(code: str, *arguments: str) -> dict[str, float]:
    """Seconds that each package took to import by itself, without what it imports in turn."""
    told = subprocess.run([sys.executable, "-X", "importtime", "-c", code, *arguments], capture_output=True, text=True)
    spent: dict[str, float] = {}
    for own, module in re.findall(r"import time:\s*(\d+) \|\s*\d+ \|\s*(\S+)", told.stderr):
        package = module.partition(".")[0]
        spent[package] = spent.get(package, 0) + int(own) / 1e6
    return spent


def memory(process: int) -> float:
    """Megabytes that a process holds now."""
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(kilobytes) / 1024


def serving(folder: Path, questions: list[str]) -> None:
    """Start the server, ask, and say how long the first answer took and what the process holds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    place = ["--corpus", str(HOME / "corpus"), "--index", str(folder / "index"), "--port", port]
    records = {**os.environ, "ASSISTANT_RECORDS_FOLDER": str(folder / "records")}
    started = time.perf_counter()
    server = subprocess.Popen([sys.executable, "-c", COMMAND, "serve", *place], stdout=subprocess.DEVNULL, env=records)
    try:
        address = f"http://127.0.0.1:{port}/api/v1/ask"
        while True:
            try:
                httpx.post(address, json={"question": QUESTION}, timeout=120).raise_for_status()
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        print(f"{'assistant serve, to its first answer':38} {time.perf_counter() - started:7.2f} s", flush=True)
        print(f"{'  holds':38} {memory(server.pid):7.0f} MB", flush=True)
        for question in questions:
            httpx.post(address, json={"question": question}, timeout=120).raise_for_status()
        print(f"{f'  holds after {len(questions)} questions':38} {memory(server.pid):7.0f} MB", flush=True)
        loaded = Path(f"/proc/{server.pid}/maps").read_text()
        print(f"{'  has torch in memory':38} {'yes' if 'libtorch' in loaded else 'no':>7}")
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        place = "--corpus", str(HOME / "corpus"), "--index", str(folder / "index")
        run(COMMAND, "index", *place)
        told("assistant --help", [run(COMMAND, "--help") for _ in range(times)])
        told("assistant ask", [run(COMMAND, "ask", *place, QUESTION) for _ in range(times)])
        told("importing the usual set-up alone", [run(USUAL) for _ in range(times)])
        serving(folder, [one.question for one in load(HOME / "evals" / "conexxence.yaml").questions])
        spent = sorted(imported(COMMAND, "ask", *place, QUESTION).items(), key=lambda pair: -pair[1])
        print(f"imported by assistant ask: {sum(seconds for _, seconds in spent):.2f} s, most of it")
        for package, seconds in spent[:12]:
            print(f"  {package:36} {seconds:7.2f} s")


if __name__ == "__main__":
    main()
