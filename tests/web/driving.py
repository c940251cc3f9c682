"""What every browser test does: serve the page, ask on it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Page, expect

from assistant import Assistant
from assistant.records.recorder import Recorder
from assistant.web.server import create_app, running


@contextmanager
def served(assistant: Assistant, recorder: Recorder | None = None) -> Iterator[str]:
    """The address of a page over an assistant, for as long as it is wanted."""
    app = create_app(assistant, recorder)
    server = uvicorn.Server(running(app, host="127.0.0.1", port=0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def ask(page: Page, question: str) -> None:
    """Type a question, press Enter, wait for the complete answer."""
    turns = page.locator("#log article.turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#log article.turn")).to_have_count(turns + 1, timeout=20_000)
    expect(page.locator("#log article.turn").last).not_to_have_attribute("data-state", "pending", timeout=20_000)
