"""Takes the pictures of the page in docs/images, over the default corpus, with an installed Chromium.

Usage: .venv/bin/python docs/screenshots.py
"""

import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from assistant import Assistant, Settings
from assistant.evaluation.command import measure
from assistant.evaluation.question_set import load
from assistant.web.server import create_app

HERE = Path(__file__).parent
SHOTS = {
    "page": ("da-DK", "Hvor ofte gives Conexxence?", 1280, "light"),
    "disagreement": ("da-DK", "Hvor mange kvinder deltog i studiet?", 1280, "light"),
    "abstention": ("nl-NL", "Mag Conexxence aan kinderen gegeven worden?", 1280, "light"),
    "blank": ("da-DK", "Hvad koster Conexxence?", 1280, "light"),
    "dark": ("en-GB", "How often is Conexxence given?", 1280, "dark"),
    "narrow": ("da-DK", "Hvor ofte gives Conexxence?", 390, "light"),
}


def ask(page: Page, question: str) -> None:
    """Ask and wait for the complete answer."""
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    turn = page.locator("#log article.turn").last
    expect(turn).to_be_visible(timeout=20_000)
    expect(turn).not_to_have_attribute("data-state", "pending", timeout=20_000)
    page.wait_for_timeout(600)


def open_library(page: Page) -> None:
    """Turn to the library and open the list of disagreements there."""
    page.locator("#rooms [role=tab]").filter(has_text="Library").click()
    page.locator(".documents__row").first.wait_for()
    page.locator("#library-disagreements").click()
    page.locator("#library-disputed").wait_for(timeout=60_000)
    page.wait_for_timeout(600)


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("No Chromium is installed; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings.load(
            corpus=HERE.parent / "corpus", index=Path(folder) / "index", eval_runs=Path(folder) / "runs"
        )
        assistant = Assistant(settings)
        assistant.index()
        assistant.warm()
        measure(assistant, load(HERE.parent / "evals" / "conexxence.yaml"), settings.eval_runs)
        server = uvicorn.Server(uvicorn.Config(create_app(assistant), host="127.0.0.1", port=0, log_level="warning"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.05)
        address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (locale, question, width, scheme) in SHOTS.items():
            context = browser.new_context(
                locale=locale,
                viewport={"width": width, "height": 760},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(address)
            page.locator("#examples button").first.wait_for()
            ask(page, question)
            page.screenshot(path=HERE / "images" / f"{name}.png")
            context.close()
        page = browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 760})
        page.goto(address)
        open_library(page)
        page.screenshot(path=HERE / "images" / "library.png")
        page.get_by_role("tab", name="Quality").click()
        page.wait_for_timeout(600)
        page.screenshot(path=HERE / "images" / "quality.png")
        browser.close()
        server.should_exit = True
        assistant.close()


if __name__ == "__main__":
    main()
