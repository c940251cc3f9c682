"""A real server on loopback under load: no answer fails, none is mixed, and its memory stays.

Usage: python -m benchmarks.load [--questions 100000] [--seconds 600] [--only STEP …]

Steps: `reindex` asks from many sides while the documents change and are indexed by another process; `clients` asks
while others send slowly, stop half-way or flood; `hanging` asks while the language model says nothing; `memory` asks
so many questions, or for so long, and looks at what the server holds. Each step ends by itself within `--seconds`, and
fails with what went wrong. Nothing but 127.0.0.1 is spoken to. Linux only.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from assistant import Assistant, Settings
from benchmarks.measured import held_megabytes, percentile, spent

SERVE = "from assistant.cli import main; main()"
NAMES = ("Veltoral", "Bruxamin", "Corvadin", "Delorvex", "Elmizol", "Fabradan", "Glicetor", "Hyponivex")
QUESTION = "Hvor ofte gives {name} til voksne?"
_PATIENCE = 120  # seconds that one answer may take, on however busy a machine
_GROWTH_MB = 25  # that may come with the second half of the questions: what is remembered is bounded


class NotHeldError(AssertionError):
    """Something that should hold under load did not."""


@dataclass
class Asked:
    """What came back."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    editions: set[str] = field(default_factory=set)

    def told(self, step: str) -> None:
        """Print it; raise where an answer failed or was mixed."""
        if self.wrong or not self.seconds:
            raise NotHeldError(f"{step}: {len(self.wrong)} of {len(self.seconds)} wrong: {self.wrong[:3]}")
        print(
            f"{step:34} {len(self.seconds):6} answers, none failed, none mixed; median"
            f" {1000 * statistics.median(self.seconds):5.0f} ms, p99 {1000 * percentile(self.seconds, 0.99):5.0f} ms",
            flush=True,
        )


def write_edition(corpus: Path, edition: int) -> None:
    """Two documents a medicine, which say the same; every edition says something else."""
    corpus.mkdir(exist_ok=True)
    for name in NAMES:
        for place in ("vejledning", "oversigt"):
            said = f"{name} gives hver {edition}. dag til voksne.\n\n{name} opbevares i køleskab."
            aside = corpus / f".{name}.aside"
            aside.write_text(f"# {place.title()} om {name}\n\n{said}\n", "utf-8")
            aside.replace(corpus / f"{name.lower()}-{place}.md")


def ask(client: httpx.Client, name: str, asked: Asked) -> None:
    """Ask about one medicine, and look whether all that is cited is of one edition."""
    began = time.perf_counter()
    try:
        came = client.post("/api/v1/ask", json={"question": QUESTION.format(name=name)})
        came.raise_for_status()
        quotes = [citation["quote"] for citation in came.json()["citations"]]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        asked.wrong.append(f"{type(error).__name__}: {error}")
        return
    asked.seconds.append(time.perf_counter() - began)
    editions = {number for quote in quotes for number in re.findall(r"hver (\d+)\. dag", quote)}
    asked.editions |= editions
    if len(editions) != 1 or not all(name in quote for quote in quotes):
        asked.wrong.append(f"{name}: {quotes}")


def asking(address: str, askers: int, until: Callable[[int], bool]) -> Asked:
    """Ask from so many sides until, by the number of answers, it is enough."""
    asked = Asked()

    def asker(place: int) -> None:
        with httpx.Client(base_url=address, timeout=_PATIENCE) as client:
            while not until(len(asked.seconds) + len(asked.wrong)):
                ask(client, NAMES[(place + len(asked.seconds)) % len(NAMES)], asked)

    threads = [threading.Thread(target=asker, args=[place]) for place in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return asked


@dataclass(frozen=True)
class House:
    """One corpus, its index, and a server."""

    settings: Settings
    address: str
    process: int


@contextmanager
def house(**environment: str) -> Iterator[House]:
    """Index a first edition, and serve it in a process of its own."""
    with tempfile.TemporaryDirectory() as temporary, socket.socket() as free:
        folder = Path(temporary)
        settings = Settings(corpus=folder / "corpus", index=folder / "index")
        write_edition(settings.corpus, 2)
        assistant = Assistant(settings)
        assistant.index()
        assistant.close()
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
        free.close()
        given = ["serve", "--corpus", str(settings.corpus), "--index", str(settings.index), "--port", port]
        around = {**os.environ, "ASSISTANT_RECORDS_FOLDER": str(folder / "records"), **environment}
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, *given], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=around
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server)
            yield House(settings, address, server.pid)
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        with suppress(httpx.HTTPError):
            httpx.get(f"{address}/healthz", timeout=_PATIENCE)
            return
        time.sleep(0.1)
    raise NotHeldError(f"the server ended with {server.returncode}")


def reindex(seconds: float, questions: int) -> None:
    """New editions are indexed while eight ask: every answer is of one edition, and later ones are seen."""
    with house() as at:
        over, built = time.monotonic() + seconds, list[float]()
        assistant = Assistant(at.settings)

        def again() -> None:
            while time.monotonic() < over and len(built) < 10:
                write_edition(at.settings.corpus, len(built) + 3)
                began = time.perf_counter()
                assistant.index()
                built.append(time.perf_counter() - began)

        indexing = threading.Thread(target=again)
        indexing.start()
        asked = asking(at.address, 8, lambda number: not indexing.is_alive() or number >= questions)
        indexing.join()
        if len(asked.editions) < 2:
            raise NotHeldError(f"only {asked.editions} seen of {len(built) + 1} editions")
        asked.told(f"indexed {len(built)} times meanwhile")


def clients(seconds: float, questions: int) -> None:
    """Others send slowly, stop half-way and flood: whoever asks properly is answered."""
    number = min(questions, 60)
    with house() as at:
        over = time.monotonic() + seconds
        enough = lambda answers: answers >= number or time.monotonic() > over  # noqa: E731
        asking(at.address, 1, lambda answers: answers >= 5)
        asking(at.address, 2, enough).told("nobody else")
        for name, rude in (("100 slow", slow), ("200 half-open", half_open), ("50 flooding", flooding)):
            with ExitStack() as stack:
                stop = stack.enter_context(_beside(rude, at.address))
                asking(at.address, 2, enough).told(f"beside {name} clients")
                stop.set()
            asking(at.address, 1, lambda answers: answers >= 3).told("  and when they are gone")


def slow(address: str, stop: threading.Event) -> None:
    """A hundred requests, a byte at a time."""
    request = _request(address, b'{"question": "Hvor ofte gives Veltoral?"}')
    open_ones = [_connected(address) for _ in range(100)]
    for byte in request:
        for one in open_ones:
            with suppress(OSError):
                one.sendall(bytes([byte]))
        if stop.wait(0.2):
            break
    stop.wait()
    _close(open_ones)


def half_open(address: str, stop: threading.Event) -> None:
    """Two hundred connections that promise a body, send half of it, and nothing more."""
    request = _request(address, b'{"question": "Hvor ofte gives Veltoral?"}')
    open_ones = [_connected(address) for _ in range(200)]
    for one in open_ones:
        one.sendall(request[:-20])
    stop.wait()
    _close(open_ones)


def flooding(address: str, stop: threading.Event) -> None:
    """Bodies that are too large, and requests whose answers nobody reads, as fast as they are taken."""
    request = _request(address, b'{"question": "' + b"x" * 100_000 + b'"}')
    while not stop.is_set():
        open_ones = [_connected(address) for _ in range(50)]
        for one in open_ones:
            one.settimeout(0.2)
            with suppress(OSError):
                one.sendall(request)
        stop.wait(0.1)
        _close(open_ones)


@contextmanager
def _beside(rude: Callable[[str, threading.Event], None], address: str) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=rude, args=[address, stop])
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()


def _request(address: str, body: bytes) -> bytes:
    host = address.removeprefix("http://")
    head = f"POST /api/v1/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _connected(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=_PATIENCE)


def _close(open_ones: list[socket.socket]) -> None:
    for one in open_ones:
        one.close()


def hanging(seconds: float, questions: int) -> None:
    """A language model takes what it is asked and says nothing: the documents' own words come in its stead."""
    number = min(questions, 24)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(128)
        model = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        timeout = {"ASSISTANT_LLM_URL": model, "ASSISTANT_LLM_MODEL": "silent", "ASSISTANT_LLM_TIMEOUT_SECONDS": "2"}
        with house(**timeout) as at:
            over = time.monotonic() + seconds
            asked = asking(at.address, 4, lambda answers: answers >= number or time.monotonic() > over)
            asked.told("a language model that hangs")


def memory(seconds: float, questions: int) -> None:
    """Many questions, all different in their words: what the server holds at the half and at the end."""
    with house() as at:
        over, held, done = time.monotonic() + seconds, list[float](), 0
        began = spent(str(at.process))
        with httpx.Client(base_url=at.address, timeout=_PATIENCE) as client:
            while done < questions and time.monotonic() < over:
                name, word = NAMES[done % len(NAMES)], f"{NAMES[done // 7 % len(NAMES)]}{done}"
                question = f"Hvor ofte gives {name} til voksne, som også får {word}?"
                client.post("/api/v1/ask", json={"question": question}).raise_for_status()
                done += 1
                held.append(held_megabytes(at.process))
        half = held[len(held) // 2]
        ms = 1000 * (spent(str(at.process)) - began) / done
        print(
            f"{done} questions: {held[0]:.0f} MB after the first, {half:.0f} MB at the half,"
            f" {held[-1]:.0f} MB at the end; {ms:.0f} ms of processor each",
            flush=True,
        )
        if held[-1] - half > _GROWTH_MB:
            raise NotHeldError(f"the second half of the questions took {held[-1] - half:.0f} MB")


STEPS: dict[str, Callable[[float, int], None]] = {
    "reindex": reindex,
    "clients": clients,
    "hanging": hanging,
    "memory": memory,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--only", nargs="*", choices=STEPS, default=list(STEPS))
    given: Any = parser.parse_args()
    lost = {}
    for name in given.only:
        try:
            STEPS[name](given.seconds, given.questions)
        except (NotHeldError, httpx.HTTPError) as error:
            lost[name] = str(error)
    if lost:
        sys.exit(json.dumps(lost, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
