"""A real server over a small corpus of our own, and a real browser; skipped, with the reason, where there is none."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.web.server import create_app

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OVERVIEW = """---
title: <Gids> & bijlagen om Veltoral
language: da
publisher: Styrelsen
date: 2025-03-01
url: https://example.org/veltoral
---
# Veltoral

## Dosis

Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge. Tabletten synkes hel. <b>Se [indlægssedlen](javascript:x).</b>

## Studie

I et studie blandt 412 kvinder med gigt blev Veltoral sammenlignet med placebo.
"""
DUTCH = """---
title: Veltoral, overzicht
language: nl
date: 2025-04-01
---
# Veltoral

In een studie onder 389 vrouwen met jicht werd Veltoral vergeleken met placebo.
"""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is served."""
    folder: Path = tmp_path_factory.mktemp("web")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "veltoral.da.md").write_text(OVERVIEW, "utf-8")
    (folder / "corpus" / "veltoral.nl.md").write_text(DUTCH, "utf-8")
    assistant = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))
    assistant.index()
    server = uvicorn.Server(uvicorn.Config(create_app(assistant), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    assistant.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as Debian installs it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium is installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page in a fresh context; every request is noted in `page.requested`."""
    contexts = []

    def opened(locale: str = "da-DK", width: int = 1280) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": 860})
        contexts.append(context)
        page = context.new_page()
        page.requested = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.requested.append(request.url))  # type: ignore[attr-defined]
        page.goto(address)
        page.locator("#question textarea").wait_for()
        page.locator("#examples button").first.wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
