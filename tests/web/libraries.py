"""A library to look at and to change: a server over a corpus folder of its own, and what tests do on its tab."""

import shutil
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
from driving import served
from pages import Pages
from playwright.sync_api import FilePayload, Locator, Page, expect

from assistant.engine import Assistant
from assistant.settings import Settings

DANISH = """---
title: <Gids> & bijlagen om Veltoral
language: da
publisher: Styrelsen
reference: ST/12/2025
date: 2025-03-01
valid_from: 2025-03-01
---
# Veltoral

## Dosis

Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge. <b>Se [indlægssedlen](javascript:x).</b>

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
OLD = """---
title: Bruxamin, leaflet
language: en
date: 2019-01-01
valid_from: 2019-01-01
valid_to: 2022-12-31
---
# Bruxamin

Bruxamin is given twice a day.
"""
ZORANEL = b"---\ntitle: Zoranel, leaflet\nlanguage: en\n---\nThe recommended dose of Zoranel is 30 mg once a week.\n"
FILES = {"veltoral.da.md": DANISH, "veltoral.nl.md": DUTCH, "bruxamin.en.md": OLD}


@dataclass
class Library:
    """A running server over a corpus folder of its own."""

    address: str
    corpus: Path
    assistant: Assistant
    pages: Pages

    def open(self, locale: str = "en-GB", width: int = 1280) -> Page:
        """The page, with this tab turned to."""
        page = self.pages.reloaded(self.address, locale, width)
        page.locator(f"[data-page-language='{locale[:2]}']").wait_for()
        page.locator("#rooms [role=tab]").nth(1).click()
        expect(page.locator("#library-list .library__wait")).to_have_count(0, timeout=20_000)
        return page

    def post(self, path: str, **parts: object) -> httpx.Response:
        """Post as the page would."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        return httpx.post(f"{self.address}/library/{path}", timeout=30, **{"headers": headers, **parts})  # type: ignore[arg-type]

    def ask(self, question: str) -> str:
        """The answer to a question, as the API gives it."""
        reply = httpx.post(f"{self.address}/api/v1/ask", json={"question": question}, timeout=60)
        return str(reply.json()["answer"])

    def names(self) -> list[str]:
        return sorted(path.name for path in self.corpus.iterdir() if not path.name.startswith("."))

    def restore(self) -> None:
        """Put everything back as it was in the beginning."""
        while httpx.get(f"{self.address}/library/indexing", timeout=30).json()["state"] == "running":
            time.sleep(0.05)
        shutil.rmtree(self.corpus / ".removed", ignore_errors=True)
        for name in {*self.names(), *FILES}:
            if name in FILES:
                (self.corpus / name).write_text(FILES[name], "utf-8")
            else:
                (self.corpus / name).unlink()
        self.assistant.index()


def over(folder: Path, pages: Pages, files: dict[str, str], ends: ExitStack, **settings: object) -> Library:
    """A library over files given as name -> text, in a folder."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in files.items():
        (corpus / name).write_text(text, "utf-8")
    assistant = Assistant(Settings(corpus=corpus, index=folder / "index", **settings))  # type: ignore[arg-type]
    if files:
        assistant.index()
    ends.callback(assistant.close)
    address = ends.enter_context(served(assistant))
    ends.callback(pages.leave, address)
    return Library(address, corpus, assistant, pages)


def row(page: Page, id_: str) -> Locator:
    return page.locator(f".documents__row[data-id='{id_}']")


def upload(page: Page, **files: bytes) -> None:
    given: list[FilePayload] = [
        {"name": name.replace("_", "."), "mimeType": "application/octet-stream", "buffer": data}
        for name, data in files.items()
    ]
    page.set_input_files("#library-files", given)
