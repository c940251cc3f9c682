"""From Enter to the first answer on the page, in an installed Chromium, over the default corpus, on loopback.

Usage: python -m benchmarks.first_answer [NUMBER OF QUESTIONS]

Each question is asked for the first time, on a page that was just opened; then others, while the index is made anew
again and again.
"""

import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant import Assistant, Settings
from assistant.answering.reader import packaged_reader
from assistant.evaluation.question_set import load
from assistant.reading_ahead import read_ahead
from benchmarks.page import HOME, WATCH, ask, chromium, served


def first_answer(browser: Browser, address: str, question: str) -> float:
    """Milliseconds from Enter until the answer is painted, on a page of its own."""
    page = browser.new_page(locale="da-DK", viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.locator("#examples button").first.wait_for(timeout=60_000)
    page.evaluate(WATCH)
    ask(page, question)
    waited: float = page.evaluate("window.waits[0]")
    page.close()
    return waited


@contextmanager
def indexing(assistant: Assistant, changed: Path) -> Iterator[list[float]]:
    """Change a document and index, over and over; yields a list that fills with the seconds each took."""
    took, over = list[float](), threading.Event()

    def again() -> None:
        while not over.is_set():
            changed.write_text(changed.read_text("utf-8") + f"\nRettet {len(took)} gange.\n", "utf-8")
            began = time.perf_counter()
            assistant.index()
            took.append(time.perf_counter() - began)

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


def told(name: str, waits: list[float]) -> None:
    """Print how long it took."""
    within = sum(one <= 500 for one in waits)
    print(
        f"{name:24} {statistics.median(waits):6.0f} ms (median), slowest {max(waits):6.0f} ms, "
        f"{within} of {len(waits)} within 500 ms"
    )


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    questions = [one.question for one in load(HOME / "evals" / "conexxence.yaml").questions]
    step = max(1, len(questions) // (2 * number))
    chosen = questions[::step][: 2 * number]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        shutil.copytree(HOME / "corpus", place / "corpus")
        assistant = Assistant(
            Settings.load(corpus=place / "corpus", index=place / "index", records_folder=place / "records")
        )
        assistant.index()
        assistant.warm()
        began = time.perf_counter()
        read_ahead(assistant._open(), packaged_reader(), threading.Event())  # as `assistant serve` does when idle
        print(f"the corpus read ahead in {time.perf_counter() - began:.0f} s")
        with served(assistant) as address:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            told("Enter to answer", [first_answer(browser, address, one) for one in chosen[:number]])
            with indexing(assistant, place / "corpus" / "conexxence-overview.da.md") as took:
                told("while it is indexed", [first_answer(browser, address, one) for one in chosen[number:]])
            print(f"indexed meanwhile        {len(took)} times, {statistics.median(took):.1f} s each (median)")
            browser.close()


if __name__ == "__main__":
    main()
