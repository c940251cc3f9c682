"""What every browser test does: serve the page, ask on it, look for faults."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, expect

from assistant import Assistant
from assistant.records.recorder import Recorder
from assistant.web.server import create_app, running
from assistant.web.stopping import Server

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What Gradio draws and gives us no way to change: (rule, part of the selector) -> why it stays.
GRADIOS: dict[tuple[str, str], str] = {}


@contextmanager
def served(assistant: Assistant, recorder: Recorder | None = None) -> Iterator[str]:
    """The address of a page over an assistant, for as long as it is wanted."""
    app = create_app(assistant, recorder)
    server = Server(running(app, host="127.0.0.1", port=0), app)
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


def faults(page: Page) -> list[str]:
    """The serious and critical violations that are ours, a line each: rule, selector, what is wrong."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{violation['id']} {' '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[-1].strip()}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
        if not any(violation["id"] == rule and part in str(node["target"]) for rule, part in GRADIOS)
    ]
