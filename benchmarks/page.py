"""200 questions in one conversation on the page, in an installed Chromium: does the last come as soon as the first?

Usage: python -m benchmarks.page [NUMBER OF QUESTIONS]
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

import uvicorn
from playwright.sync_api import Page, sync_playwright

from assistant import Assistant, Settings
from assistant.evaluation.question_set import load
from assistant.web.server import create_app

HOME = Path(__file__).parent.parent
ROUND = 10  # questions, asked again and again, so that the first and the last are the same
WATCH = """() => {
  const log = document.getElementById("log");
  let entered = 0;
  window.waits = [];
  addEventListener("keydown", (event) => { if (event.key === "Enter") entered = performance.now(); }, true);
  new MutationObserver(() => {
    const state = log.lastElementChild?.dataset.state;
    if (!entered || !state || state === "pending") return;
    const since = entered;
    entered = 0;
    requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - since)));  // once it is painted
  }).observe(log, { childList: true });
}"""
_FRAMES = """() => {
  window.longest = 0;
  let before = performance.now();
  const frame = (now) => {
    window.longest = Math.max(window.longest, now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer is painted."""
    before = page.evaluate("window.waits.length")
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.wait_for_function("before => window.waits.length > before", arg=before, timeout=60_000)


def bytes_of(page: Page) -> list[int]:
    """A list that fills with the sizes of all that is sent and received from here on, event streams included."""
    sizes, network = list[int](), page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.dataReceived", lambda event: sizes.append(event["dataLength"]))
    network.on(
        "Network.requestWillBeSent", lambda event: sizes.append(len(event["request"].get("postData", "").encode()))
    )
    return sizes


def longest_frame_while_typing(page: Page) -> float:
    """Milliseconds between two frames at the most, while a sentence is typed."""
    page.locator("#question textarea").focus()
    page.evaluate(_FRAMES)
    page.keyboard.type("Hvor ofte skal lægemidlet gives, og hvor længe ad gangen?", delay=30)
    longest: float = page.evaluate("window.longest")
    page.locator("#question textarea").fill("")
    return longest


def measure(page: Page, questions: list[str], number: int) -> None:
    """Ask, and print what it took."""
    sizes = bytes_of(page)
    page.locator("#examples button").first.wait_for()
    page.evaluate(WATCH)
    frame_before, sent = longest_frame_while_typing(page), []
    for turn in range(number):
        sizes.clear()
        ask(page, questions[turn % len(questions)])
        sent.append(sum(sizes))
    waits: list[float] = page.evaluate("window.waits")
    first, last = statistics.median(waits[:ROUND]), statistics.median(waits[-ROUND:])
    print(f"Enter to answer, first {ROUND}   {first:6.0f} ms (median), slowest {max(waits[:ROUND]):6.0f} ms")
    print(f"Enter to answer, last {ROUND}    {last:6.0f} ms (median), slowest {max(waits[-ROUND:]):6.0f} ms")
    print(f"last / first             {last / first:6.2f}, after {number} questions")
    print(f"sent and received        {statistics.median(sent[:ROUND]) / 1000:6.1f} kB a question, first {ROUND}")
    print(f"                         {statistics.median(sent[-ROUND:]) / 1000:6.1f} kB a question, last {ROUND}")
    print(f"longest frame, typing    {frame_before:6.0f} ms before, {longest_frame_while_typing(page):6.0f} ms after")


def chromium() -> str:
    """The installed browser; without one the benchmark ends, and says so."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return found or sys.exit("No Chromium is installed; on Debian: apt-get install chromium")


@contextmanager
def served(assistant: Assistant) -> Iterator[str]:
    """The address of the page over an assistant."""
    server = uvicorn.Server(uvicorn.Config(create_app(assistant), host="127.0.0.1", port=0, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    assistant.close()


def main() -> None:
    browser_path = chromium()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    questions = [one.question for one in load(HOME / "evals" / "conexxence.yaml").questions][:ROUND]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        assistant = Assistant(Settings.load(corpus=HOME / "corpus", index=place / "index", records_folder=place))
        assistant.index()
        assistant.warm()
        for question in questions:
            assistant.ask(question)
        with served(assistant) as address:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(locale="da-DK", viewport={"width": 1280, "height": 800})
            page.goto(address)
            measure(page, questions, number)
            browser.close()


if __name__ == "__main__":
    main()
