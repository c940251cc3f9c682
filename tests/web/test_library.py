"""The library as staff use it, in a real browser: read, added to, taken from, and put back."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from driving import faults, served
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from assistant.engine import Assistant
from assistant.retrieval import generations
from assistant.retrieval.indexing import IndexReport
from assistant.settings import Settings

pytestmark = pytest.mark.browser
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
FOREIGN = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}


@dataclass
class Library:
    """A running server over a corpus folder of its own."""

    address: str
    corpus: Path
    assistant: Assistant
    open: Callable[..., Page]

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


@pytest.fixture
def library_over(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Library]]:
    """Serves a library over files given as name -> text."""
    ends = ExitStack()

    def serve(files: dict[str, str], **settings: object) -> Library:
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        for name, text in files.items():
            (corpus / name).write_text(text, "utf-8")
        assistant = Assistant(Settings(corpus=corpus, index=tmp_path / "index", **settings))  # type: ignore[arg-type]
        if files:
            assistant.index()
        ends.callback(assistant.close)
        address = ends.enter_context(served(assistant))

        def opened(locale: str = "en-GB", width: int = 1280) -> Page:
            context = browser.new_context(locale=locale, viewport={"width": width, "height": 860})
            ends.callback(context.close)
            page = context.new_page()
            page.goto(address)
            page.locator("#question textarea").wait_for()
            page.locator(f"[data-page-language='{locale[:2]}']").wait_for()
            page.locator("#rooms [role=tab]").nth(1).click()
            expect(page.locator("#library-list .library__wait")).to_have_count(0, timeout=20_000)
            return page

        return Library(address, corpus, assistant, opened)

    with ends:
        yield serve


@pytest.fixture
def library(library_over: Callable[..., Library]) -> Library:
    return library_over({"veltoral.da.md": DANISH, "veltoral.nl.md": DUTCH, "bruxamin.en.md": OLD})


def row(page: Page, id_: str) -> Locator:
    return page.locator(f".documents__row[data-id='{id_}']")


def upload(page: Page, **files: bytes) -> None:
    given: list[FilePayload] = [
        {"name": name.replace("_", "."), "mimeType": "application/octet-stream", "buffer": data}
        for name, data in files.items()
    ]
    page.set_input_files("#library-files", given)


@pytest.mark.parametrize(
    ("locale", "tab", "head", "lapsed"),
    [
        ("da-DK", "Bibliotek", "Udgiver", "Gælder ikke længere til 31. december 2022"),
        ("nl-NL", "Bibliotheek", "Uitgever", "Niet meer van kracht tot en met 31 december 2022"),
        ("en-GB", "Library", "Publisher", "No longer in force until 31 December 2022"),
    ],
)
def test_every_document_is_listed_with_what_is_known_of_it(
    library: Library, locale: str, tab: str, head: str, lapsed: str
) -> None:
    page = library.open(locale)
    expect(page.locator("#rooms [role=tab]").nth(1)).to_have_text(tab)
    expect(page.get_by_role("columnheader", name=head)).to_be_visible()
    expect(page.locator(".documents__row")).to_have_count(3)
    cells = " ".join(row(page, "veltoral.da.md").all_inner_texts())
    for fact in ("<Gids> & bijlagen om Veltoral", "veltoral.da.md", "Styrelsen", "ST/12/2025", "2025"):
        assert fact in cells
    expect(row(page, "bruxamin.en.md")).to_contain_text(lapsed)
    expect(row(page, "veltoral.da.md")).to_have_attribute("data-state", "in-force")


def test_a_file_that_cannot_be_read_is_listed_with_the_reason(library: Library) -> None:
    (library.corpus / "broken.pdf").write_bytes(b"%PDF-1.4 no")
    page = library.open("nl-NL")
    expect(row(page, "broken.pdf")).to_contain_text("Nog niet ingelezen")
    page.locator("#library-reindex").click()
    expect(row(page, "broken.pdf")).to_contain_text("Het bestand is beschadigd.", timeout=20_000)
    expect(row(page, "broken.pdf").locator("[data-do=open]")).to_have_count(0)


def test_the_filter_leaves_what_matches(library: Library) -> None:
    page = library.open()
    page.locator("#library-filter").fill("veltoral dutch")
    expect(page.locator(".documents__row:visible")).to_have_count(1)
    expect(page.locator("#library-count")).to_have_text("1 of 3 shown")
    page.locator("#library-filter").fill("nothing like it")
    expect(page.locator("#library-none")).to_be_visible()


def test_a_document_opens_in_full_by_keyboard_and_escape_returns_to_its_row(library: Library) -> None:
    page = library.open()
    opener = row(page, "veltoral.da.md").locator("[data-do=open]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pane-title")).to_be_focused()
    pane = page.locator("#library-pane")
    assert pane.locator(".reading__heading").all_inner_texts() == ["Veltoral", "Dosis", "Studie"]
    expect(pane).to_contain_text("60 mg én gang hver 4. uge.")
    expect(pane).to_contain_text("412 kvinder")
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(opener).to_be_focused()


def test_what_a_document_says_is_never_markup(library: Library) -> None:
    page = library.open()
    row(page, "veltoral.da.md").locator("[data-do=open]").click()
    expect(page.locator("#library-pane .reading")).to_contain_text("<b>Se indlægssedlen.</b>")
    assert page.locator("#library-pane :is(b, a[href^='javascript'])").count() == 0
    expect(page.locator("#pane-title")).to_have_text("<Gids> & bijlagen om Veltoral")


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("da-DK", "Hvor er dokumenterne uenige?"),
        ("nl-NL", "Waar spreken de documenten elkaar tegen?"),
        ("en-GB", "Where do the documents disagree?"),
    ],
)
def test_the_disagreements_of_all_documents_are_listed_with_both_sentences(
    library: Library, locale: str, title: str
) -> None:
    page = library.open(locale)
    page.locator("#library-disagreements").click()
    expect(page.locator("#library-disputed")).to_have_attribute("data-count", "1", timeout=20_000)
    expect(page.locator("#pane-title")).to_have_text(title)
    sides = page.locator(".dispute__side")
    expect(sides).to_have_count(2)
    assert "412 kvinder" in sides.nth(0).inner_text()
    assert "In een studie onder 389 vrouwen" in sides.nth(1).inner_text()
    assert "2025" in sides.nth(0).inner_text()
    sides.nth(1).locator("button").click()
    expect(page.locator(".reading__sought")).to_be_focused()
    expect(page.locator(".reading__sought")).to_contain_text("389 vrouwen")
    page.keyboard.press("Escape")
    expect(page.locator("#pane-title")).to_have_text(title)
    page.keyboard.press("Escape")
    expect(page.locator("#library-disagreements")).to_be_focused()


def test_a_good_file_is_added_and_answered_from_and_a_bad_one_never_enters(library: Library) -> None:
    page = library.open("da-DK")
    upload(page, zoranel_txt=ZORANEL, program_exe=b"MZ", empty_txt=b"", broken_pdf=b"%PDF-1.4 no")
    lines = page.locator(".upload")
    expect(lines).to_have_count(4)
    expect(lines.nth(0)).to_contain_text("Tilføjet: Zoranel, leaflet", timeout=20_000)
    expect(lines.nth(1)).to_contain_text("Denne slags fil læses ikke.")
    expect(lines.nth(2)).to_contain_text("Filen er tom.")
    expect(lines.nth(3)).to_contain_text("Filen er beskadiget.")
    expect(row(page, "zoranel.txt").locator("[data-do=open]")).to_be_visible(timeout=20_000)
    assert library.names() == ["bruxamin.en.md", "veltoral.da.md", "veltoral.nl.md", "zoranel.txt"]
    assert "30 mg once a week" in library.ask("What is the dose of Zoranel?")
    others = (("nl", "Nederlands", "Dit soort bestand"), ("en", "English", "This kind of file is not read."))
    for language, name, reason in others:
        page.locator("#language label").filter(has_text=name).click()
        page.locator(f"#library[data-language='{language}']").wait_for()
        upload(page, program_exe=b"MZ")
        expect(lines).to_contain_text(reason, timeout=20_000)


def in_both_lights(page: Page) -> list[str]:
    """What axe-core finds, light and dark, each once colours have come to rest."""
    page.add_style_tag(content="*, *::before, *::after { transition: none !important }")
    found = faults(page)
    page.evaluate("document.body.classList.toggle('dark')")
    found += faults(page)
    page.evaluate("document.body.classList.toggle('dark')")
    return found


def test_axe_finds_nothing_serious_in_any_state_of_the_library(library: Library) -> None:
    page = library.open()
    upload(page, zoranel_txt=ZORANEL, program_exe=b"MZ", broken_pdf=b"%PDF-1.4 no")
    expect(row(page, "zoranel.txt").locator("[data-do=open]")).to_be_visible(timeout=20_000)
    assert in_both_lights(page) == [], "files that came, and that were refused"
    row(page, "zoranel.txt").locator("[data-do=ask]").click()
    assert in_both_lights(page) == [], "the question before removing"
    page.locator("#library-confirm [data-do=remove]").click()
    expect(row(page, "zoranel.txt")).to_have_count(0, timeout=20_000)
    expect(page.locator(".upload")).to_have_count(0)
    assert in_both_lights(page) == [], "removed, with Undo"
    row(page, "veltoral.da.md").locator("[data-do=open]").click()
    expect(page.locator("#library-pane .reading")).to_be_visible()
    assert in_both_lights(page) == [], "a document in full"
    page.locator("#library-disagreements").click()
    expect(page.locator(".dispute")).to_have_count(1, timeout=20_000)
    assert in_both_lights(page) == [], "disagreements"


def test_files_can_be_dropped_on_the_page(library: Library) -> None:
    page = library.open()
    held = page.evaluate_handle(
        "() => { const held = new DataTransfer();"
        " held.items.add(new File(['Zoranel is given once a week to adults.'], 'zoranel.txt')); return held; }"
    )
    page.dispatch_event("#library-drop", "drop", {"dataTransfer": held})
    expect(row(page, "zoranel.txt").locator("[data-do=open]")).to_be_visible(timeout=20_000)


def test_a_name_that_exists_is_only_replaced_when_asked_for(library: Library) -> None:
    page = library.open()
    before = (library.corpus / "bruxamin.en.md").read_text("utf-8")
    upload(page, bruxamin_en_md=ZORANEL)
    line = page.locator(".upload")
    expect(line).to_contain_text("There is already a document of this name.", timeout=20_000)
    assert (library.corpus / "bruxamin.en.md").read_text("utf-8") == before
    line.locator("[data-do=replace]").click()
    expect(row(page, "bruxamin.en.md")).to_contain_text("Zoranel, leaflet", timeout=20_000)
    page.locator(".removed summary").click()
    expect(page.locator(".removed__list")).to_contain_text("bruxamin.en.md")


@pytest.mark.parametrize(
    ("locale", "removed", "undo"),
    [
        ("da-DK", "veltoral.nl.md er fjernet.", "Fortryd"),
        ("nl-NL", "veltoral.nl.md is verwijderd.", "Ongedaan maken"),
        ("en-GB", "veltoral.nl.md has been removed.", "Undo"),
    ],
)
def test_a_document_is_removed_by_keyboard_after_a_question_and_comes_back(
    library: Library, locale: str, removed: str, undo: str
) -> None:
    page = library.open(locale)
    button = row(page, "veltoral.nl.md").locator("[data-do=ask]")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#library-confirm [data-do=keep]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#library-confirm")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#library-said")).to_have_text(removed, timeout=20_000)
    expect(row(page, "veltoral.nl.md")).to_have_count(0, timeout=20_000)
    assert library.names() == ["bruxamin.en.md", "veltoral.da.md"]
    expect(page.locator("#library-undo")).to_have_text(undo)
    expect(page.locator("#library-undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, "veltoral.nl.md").locator("[data-do=open]")).to_be_visible(timeout=20_000)
    assert (library.corpus / "veltoral.nl.md").read_text("utf-8") == DUTCH


def test_questions_are_answered_from_the_old_index_while_a_new_one_is_made(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = library.open("nl-NL")
    index, release = library.assistant.index, threading.Event()

    def slowly(**parts: Any) -> IndexReport:
        parts["progress"](1, 3, "encoding")
        release.wait(30)
        return index(**parts)

    monkeypatch.setattr(library.assistant, "index", slowly)
    upload(page, zoranel_txt=ZORANEL)
    expect(page.locator("#library-stage")).to_contain_text("1 van 3", timeout=20_000)
    expect(page.locator("#library-progress")).to_be_visible()
    answer = library.ask("Hvor ofte gives Veltoral?")
    release.set()
    assert "hver 4. uge" in answer
    expect(page.locator("#library-stage")).to_have_text(
        "Ingelezen. Nieuw: 1, gewijzigd: 0, verwijderd: 0.", timeout=20_000
    )
    assert "30 mg once a week" in library.ask("What is the dose of Zoranel?")


def test_indexing_by_another_process_is_said_in_the_pages_language(library: Library) -> None:
    page = library.open("da-DK")
    with generations.writer(library.assistant.settings.index):
        page.locator("#library-reindex").click()
        expect(page.locator("#library-stage")).to_contain_text("indlæst et andet sted", timeout=20_000)


def test_an_empty_library_says_what_to_do_and_can_be_filled(library_over: Callable[..., Library]) -> None:
    page = library_over({}).open()
    expect(page.locator(".empty")).to_contain_text("Drag files to the box above")
    upload(page, zoranel_txt=ZORANEL)
    expect(row(page, "zoranel.txt").locator("[data-do=open]")).to_be_visible(timeout=20_000)


def test_where_changes_are_switched_off_nothing_offers_or_does_them(library_over: Callable[..., Library]) -> None:
    library = library_over({"veltoral.da.md": DANISH, "veltoral.nl.md": DUTCH}, allow_changes=False)
    page = library.open()
    expect(page.locator(".documents__row")).to_have_count(2)
    assert page.locator("#library-files, #library-reindex, [data-do=ask], #library-undo").count() == 0
    for path, parts in (
        ("files", {"params": {"name": "zoranel.txt"}, "content": ZORANEL}),
        ("remove", {"params": {"id": "veltoral.nl.md"}}),
        ("restore", {"params": {"token": "20250101T000000Z-00000000"}}),
        ("indexing", {}),
    ):
        assert library.post(path, **parts).status_code == 403  # type: ignore[arg-type]
    assert library.names() == ["veltoral.da.md", "veltoral.nl.md"]


def test_only_the_page_itself_may_change_the_library(library: Library) -> None:
    own = {"Origin": library.address}
    for headers in ({}, FOREIGN, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}, {"Sec-Fetch-Site": "none"}):
        refused = library.post("remove", params={"id": "veltoral.nl.md"}, headers=headers)
        assert refused.status_code == 403
        assert library.post("files", params={"name": "z.txt"}, content=ZORANEL, headers=headers).status_code == 403
    assert library.names() == ["bruxamin.en.md", "veltoral.da.md", "veltoral.nl.md"]
    assert library.post("files", params={"name": "z.txt"}, content=ZORANEL, headers=own).status_code == 200


def test_the_size_is_bounded_while_a_file_arrives_and_names_lead_nowhere(library_over: Callable[..., Library]) -> None:
    library = library_over({"a.txt": "Veltoral gives hver 4. uge."}, max_file_mb=0.01)

    sending = http.client.HTTPConnection(library.address.removeprefix("http://"), timeout=20)
    sending.putrequest("POST", "/library/files?name=large.txt&language=nl")
    sending.putheader("Sec-Fetch-Site", "same-origin")
    sending.putheader("Content-Length", "1000000000")
    sending.endheaders(b"x" * 20_000)
    refused = sending.getresponse()  # though most of the file has not been sent
    assert refused.status == 413
    assert "hoogstens 0.01 MB" in json.loads(refused.read())["message"]
    sending.close()
    kept = library.post("files", params={"name": "../../zoranel.txt"}, content=ZORANEL)
    assert kept.json()["id"] == "zoranel.txt"
    assert library.names() == ["a.txt", "zoranel.txt"]
    assert not list(library.corpus.glob(".incoming/*"))
    assert library.post("remove", params={"id": "../corpus/a.txt"}).status_code == 422


def test_a_narrow_screen_needs_no_scrolling_sideways(library: Library) -> None:
    page = library.open(width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row(page, "veltoral.da.md").locator("[data-do=open]").click()
    expect(page.locator("#pane-title")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
