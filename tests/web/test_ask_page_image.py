"""The page of a PDF that a citation stands on, in a real browser, and the door it is served at."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from driving import ask, faults, served
from fpdf import FPDF
from pages import Pages
from playwright.sync_api import Page, expect

from assistant.engine import Assistant
from assistant.settings import Settings

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

NAME = "styrelsen/veltoral #1 (50%).pdf"
FIRST = "Veltoral\n\nVeltoral er en tablet mod gigt, og den fås kun på recept."
SECOND = "Dosis\n\nDen anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge. Tabletten synkes hel."
QUESTION = "Hvor ofte gives Veltoral?"


def write_pdf(path: Path, *pages: str) -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(180, 8, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(pdf.output()))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("pdf")
    write_pdf(folder / "corpus" / NAME, FIRST, SECOND)
    write_pdf(folder / "secret.pdf", "Hemmeligt")
    (folder / "corpus" / "note.md").write_text("# Opbevaring\n\nBruxamin opbevares i køleskab.\n", "utf-8")
    return folder / "corpus"


@pytest.fixture(scope="module")
def address(corpus: Path, pages: Pages) -> Iterator[str]:
    """Where a page over a corpus with a PDF is served."""
    assistant = Assistant(Settings(corpus=corpus, index=corpus.parent / "index"))
    assistant.index()
    write_pdf(corpus / "later.pdf", "Kommet til, siden der blev indekseret.")
    with served(assistant) as at:
        yield at
        pages.leave(at)  # the server waits for those that are still there
    assistant.close()


@pytest.mark.parametrize(
    ("locale", "caption", "show", "close"),
    [
        ("da-DK", "Side 2, som den ser ud i dokumentet", "Vis hele siden", "Luk"),
        ("nl-NL", "Bladzijde 2, zoals zij in het document staat", "Hele bladzijde tonen", "Sluiten"),
        ("en-GB", "Page 2, as it stands in the document", "Show the whole page", "Close"),
    ],
)
def test_a_card_shows_the_page_with_the_cited_sentence_marked_and_opens_it_as_large_as_the_window(
    empty_page: Open, locale: str, caption: str, show: str, close: str
) -> None:
    page = empty_page(locale)
    ask(page, QUESTION)
    sheet = page.locator("#panel .sheet")
    expect(sheet).to_have_count(1)
    assert sheet.locator("figcaption").inner_text() == caption
    image = sheet.locator("img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('#panel .sheet__image').naturalWidth > 1000")
    expect(sheet.locator(".sheet__mark").first).to_be_in_viewport()
    paper, mark = image.bounding_box(), sheet.locator(".sheet__mark").first.bounding_box()
    assert paper is not None
    assert mark is not None
    assert paper["x"] < mark["x"]
    assert mark["x"] + mark["width"] < paper["x"] + paper["width"]
    assert 0 < (mark["y"] - paper["y"]) / paper["height"] < 0.25  # the third line of the page
    assert abs(paper["width"] / paper["height"] - 210 / 297) < 0.01

    button = page.get_by_role("button", name=show)
    button.press("Enter")
    dialog = page.get_by_role("dialog")
    paper, large = dialog.locator("img").bounding_box(), dialog.locator(".sheet__mark").first
    assert paper is not None
    assert paper["x"] >= 0
    assert paper["x"] + paper["width"] <= 1280  # nothing of a line is cut off
    expect(large).to_be_in_viewport(ratio=1)
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    expect(page.locator("#panel .source")).to_be_visible()
    button.click()
    page.get_by_role("button", name=close).click()
    expect(dialog).to_have_count(0)


def test_a_source_without_pages_shows_none(empty_page: Open) -> None:
    page = empty_page()
    ask(page, "Hvordan opbevares Bruxamin?")
    expect(page.locator("#panel .source")).not_to_have_count(0)
    expect(page.locator("#panel .source", has_text="note.md").locator(".sheet")).to_have_count(0)


def test_the_door_gives_an_image_of_an_indexed_pdf_only(address: str) -> None:
    found = httpx.get(f"{address}/page-image/styrelsen/veltoral%20%231%20(50%25).pdf/2.png", timeout=30)
    assert found.status_code == 200
    assert found.headers["content-type"] == "image/png"
    assert found.content.startswith(b"\x89PNG")
    assert found.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("styrelsen/veltoral%20%231%20(50%25).pdf/3.png", "the file has 2 pages"),
        ("note.md/1.png", "it is no PDF"),
        ("later.pdf/1.png", "no such document is indexed"),
        ("%2e%2e%2fsecret.pdf/1.png", "no such document is indexed"),
        ("styrelsen/%2e%2e/%2e%2e/secret.pdf/1.png", "no such document is indexed"),
        ("%2fetc%2fpasswd/1.png", "no such document is indexed"),
        ("nothing.pdf/1.png", "no such document is indexed"),
    ],
)
def test_the_door_refuses_everything_else_with_a_sentence(address: str, path: str, reason: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    raw = httpx.Request("GET", f"http://{host}:{port}/")
    raw.url = raw.url.copy_with(raw_path=f"/page-image/{path}".encode())
    with httpx.Client(timeout=30) as client:
        refused = client.send(raw)
    assert refused.status_code == 404
    assert reason in refused.text


def test_a_file_that_changed_since_it_was_indexed_shows_no_page(empty_page: Open, address: str, corpus: Path) -> None:
    path, page = corpus / NAME, empty_page()
    before = path.read_bytes()
    try:
        write_pdf(path, "En anden første side.", SECOND.replace("60", "90"))
        ask(page, QUESTION)
        expect(page.locator("#panel .source")).not_to_have_count(0)
        expect(page.locator("#panel .sheet")).to_have_count(0)
        found = httpx.get(f"{address}/page-image/styrelsen/veltoral%20%231%20(50%25).pdf/2.png", timeout=30)
        assert found.status_code == 404
        assert "has changed since it was indexed" in found.text
    finally:
        path.write_bytes(before)
