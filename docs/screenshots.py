"""Takes the pictures of the page in docs/images, one per state, with an installed Chromium.

Usage: .venv/bin/python docs/screenshots.py [NAME …]

Most are over the default corpus. A PDF, a blank in a text and a language model it has not got: there, an invented
leaflet and decision stand in, and a server on this machine that always words the answer the same way.
"""

import io
import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Literal

import pypdfium2
import uvicorn
from fpdf import FPDF
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from assistant import Assistant, Settings
from assistant.evaluation import runs
from assistant.evaluation.command import measure
from assistant.evaluation.question_set import load
from assistant.web.server import create_app

HERE = Path(__file__).parent
LEAFLET = (
    ("Veltoral", "Veltoral er en tablet mod gigt hos voksne. Den fås kun på recept."),
    ("Dosis", "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge. Tabletten synkes hel med et glas vand."),
    ("Opbevaring", "Opbevar tabletterne i den originale æske, og højst ved 25 grader."),
)
DECISION = """---
title: Veltoral, afgørelse om tilskud
language: da
date: 2025-03-01
publisher: Nævnet for tilskud (opdigtet)
---
# Veltoral

## Priser

Prisen for Veltoral er  kr. pr. måned.
"""
PATIENCE = 120_000  # milliseconds: a picture may wait on a busy machine
WORDED = "Man giver 60 mg Veltoral hver 4. uge [1]."


def take(page: Page) -> bytes:
    """The page as it is seen."""
    return page.screenshot()


def on_paper(page: Page) -> bytes:
    """Its first sheet, in print."""
    sheet = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=True))[0].render(scale=1.25).to_pil()
    held = io.BytesIO()
    sheet.save(held, "PNG")
    return held.getvalue()


def looking_back(page: Page) -> bytes:
    """With the list of earlier conversations open."""
    for question in ("Hvem må ikke få Conexxence?", "Hvad er bivirkningerne ved Conexxence?"):
        page.locator("#new-chat").click()
        expect(page.locator("#log article.turn")).to_have_count(0)
        ask(page, question)
    page.locator("#kept-toggle").click()
    page.wait_for_timeout(300)
    return page.screenshot()


def judged(page: Page) -> bytes:
    """With a thumb down, and the form that asks why."""
    page.locator("[data-verdict=down]").click()
    page.locator("#log .reasons").get_by_role("radio").first.check()
    expect(page.locator("#log .turn__copied")).not_to_be_empty()
    page.locator("#log .turn__question").scroll_into_view_if_needed()
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    return page.screenshot()


def read_whole(page: Page) -> bytes:
    """With the source's whole document beside the answer."""
    page.locator("#panel .source__whole").first.click()
    page.locator("#panel-whole .reading__sought").wait_for()
    page.mouse.move(5, 5)
    page.wait_for_timeout(900)
    return page.screenshot()


def narrowed(page: Page) -> bytes:
    """With some of the documents chosen to answer from."""
    page.locator("#narrow summary").click()
    page.locator("#narrow-form [name=languages]").last.check()
    expect(page.locator("#narrowed")).not_to_be_empty()
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    return page.screenshot()


def image_in_view(page: Page) -> bytes:
    """With the image of the source's page loaded."""
    page.wait_for_function("() => document.querySelector('#panel .sheet__image').naturalWidth > 0")
    return page.screenshot()


@dataclass(frozen=True)
class Shot:
    """A question, and how its answer is shown."""

    locale: str
    question: str
    width: int = 1280
    height: int = 760
    scheme: Literal["light", "dark"] = "light"
    take: Callable[[Page], bytes] = take


SHOTS = {
    "page": Shot("da-DK", "Hvor ofte gives Conexxence?"),
    "disagreement": Shot("da-DK", "Hvor mange kvinder deltog i studiet?", height=900),
    "abstention": Shot("nl-NL", "Mag Conexxence aan kinderen gegeven worden?"),
    "whole": Shot("nl-NL", "Welke bijwerkingen heeft Conexxence?", take=read_whole),
    "foreign": Shot("en-GB", "How is Conexxence given?"),
    "also": Shot("da-DK", "Hvad er referencelægemidlet?"),
    "dark": Shot("en-GB", "How often is Conexxence given?", scheme="dark"),
    "narrow": Shot("da-DK", "Hvor ofte gives Conexxence?", width=390),
    "earlier": Shot("da-DK", "Hvor ofte gives Conexxence?", take=looking_back),
    "feedback": Shot("nl-NL", "Hoe vaak wordt Conexxence gegeven?", height=920, take=judged),
    "filter": Shot("nl-NL", "Welke bijwerkingen heeft Conexxence?", height=960, take=narrowed),
    "paper": Shot("da-DK", "Hvor mange kvinder deltog i studiet?", take=on_paper),
}
STAND_INS = {
    "pdf": Shot("da-DK", "Hvor ofte gives Veltoral?", take=image_in_view),
    "blank": Shot("da-DK", "Hvad koster Veltoral?"),
    "worded": Shot("da-DK", "Hvor ofte gives Veltoral?", take=image_in_view),
}


def ask(page: Page, question: str) -> None:
    """Ask and wait for the complete answer."""
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    turn = page.locator("#log article.turn").last
    expect(turn).to_be_visible()
    expect(turn).not_to_have_attribute("data-state", "pending")
    page.wait_for_timeout(600)


@contextmanager
def served(assistant: Assistant) -> Iterator[str]:
    """The address of the page over an assistant."""
    assistant.index()
    assistant.warm()
    server = uvicorn.Server(uvicorn.Config(create_app(assistant), host="127.0.0.1", port=0, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    assistant.close()


class Model(BaseHTTPRequestHandler):
    """Stands in for a language model: it words every answer the same way."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": WORDED}}
        reply = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(reply).encode())

    def log_message(self, *args: object) -> None:
        pass


def write_leaflet(path: Path) -> None:
    """The invented leaflet, as a PDF."""
    path.parent.mkdir(parents=True)
    pdf = FPDF()
    pdf.add_page()
    for heading, text in LEAFLET:
        pdf.set_font("Helvetica", "B", size=14)
        pdf.multi_cell(170, 9, heading, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Helvetica", size=12)
        pdf.multi_cell(170, 7, f"{text}\n\n", new_x="LMARGIN", new_y="NEXT")
    path.write_bytes(bytes(pdf.output()))


def keep(name: str, picture: bytes) -> None:
    """Write a picture, small: 256 colours tell everything that this page has."""
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(HERE / "images" / f"{name}.png", optimize=True)


def shoot(browser: Browser, address: str, name: str, shot: Shot) -> None:
    """Take one picture of a conversation."""
    context = browser.new_context(
        locale=shot.locale, viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    page.locator("#examples button").first.wait_for()
    ask(page, shot.question)
    keep(name, shot.take(page))
    context.close()


def fill(folder: Path, assistant: Assistant) -> None:
    """Runs of one question set to draw: those that `assistant eval` kept, or one that is made now."""
    runs.ready(folder)
    kept = list((HERE.parent / "evals" / "runs").glob("*-conexxence.json"))
    for run in kept:
        shutil.copy(run, folder)
    if not kept:
        runs.keep(folder, measure(assistant, load(HERE.parent / "evals" / "conexxence.yaml"))[1])


def shoot_tabs(browser: Browser, address: str, wanted: set[str]) -> None:
    """Take the library with its disagreements, with files that came, and the quality."""
    page = browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 760})
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator("#rooms [role=tab]").filter(has_text="Library").click()
    page.locator(".documents__row").first.wait_for()
    page.locator("#library-disagreements").click()
    page.locator("#library-disputed").wait_for()
    page.wait_for_timeout(600)
    keep("library", page.screenshot())
    page.keyboard.press("Escape")
    files = {"notes.exe": b"MZ", "leaflet.pdf": b"%PDF-1.4 no", "veltoral.txt": "\n".join(LEAFLET[1]).encode()}
    given = [FilePayload(name=n, mimeType="application/octet-stream", buffer=data) for n, data in files.items()]
    page.set_input_files("#library-files", given)
    expect(page.locator(".documents__row[data-id='veltoral.txt'] [data-do=open]")).to_be_visible()
    page.wait_for_timeout(600)
    keep("upload", page.screenshot())
    if "quality" in wanted:
        page.get_by_role("tab", name="Quality").click()
        page.set_viewport_size({"width": 1280, "height": 1300})  # down to how it went over time
        page.wait_for_timeout(600)
        keep("quality", page.screenshot())


def shoot_stand_ins(browser: Browser, place: Path, wanted: set[str]) -> None:
    """Take what the default corpus has not got."""
    write_leaflet(place / "corpus" / "veltoral.da.pdf")
    (place / "corpus" / "veltoral-tilskud.da.md").write_text(DECISION, "utf-8")
    model = HTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    for name in wanted & STAND_INS.keys():
        model_url = f"http://127.0.0.1:{model.server_port}/v1" if name == "worded" else ""
        settings = Settings(
            corpus=place / "corpus", index=place / "index", llm_url=model_url, llm_model="m", llm_timeout_seconds=120
        )
        with served(Assistant(settings.model_copy(update={"records_folder": place}))) as address:
            shoot(browser, address, name, STAND_INS[name])
    model.shutdown()


def shoot_corpus(browser: Browser, settings: Settings, wanted: set[str]) -> None:
    """Take what the default corpus has."""
    assistant = Assistant(settings)
    with served(assistant) as address:
        for name in wanted & SHOTS.keys():
            shoot(browser, address, name, SHOTS[name])
        if wanted & {"library", "upload", "quality"}:
            if "quality" in wanted:
                fill(settings.eval_runs, assistant)
            shoot_tabs(browser, address, wanted)


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("No Chromium is installed; on Debian: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    wanted = set(sys.argv[1:]) or {*SHOTS, *STAND_INS, "library", "upload", "quality"}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        shutil.copytree(HERE.parent / "corpus", place / "corpus")  # a file is added to it
        settings = Settings.load(
            corpus=place / "corpus", index=place / "index", eval_runs=place / "runs", records_folder=place
        )
        if wanted - STAND_INS.keys():
            shoot_corpus(browser, settings, wanted)
        if wanted & STAND_INS.keys():
            shoot_stand_ins(browser, place / "stand-in", wanted)
        browser.close()


if __name__ == "__main__":
    main()
