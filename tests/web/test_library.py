"""The library as staff use it, in a real browser: read, searched, and guarded."""

import http.client
import json
from collections.abc import Callable

import pytest
from driving import faults
from libraries import DANISH, DUTCH, ZORANEL, Library, row, upload
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
FOREIGN = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    ("locale", "tab", "head", "lapsed"),
    [
        ("da-DK", "Bibliotek", "Udgiver", "Gælder ikke længere til 31. december 2022"),
        ("nl-NL", "Bibliotheek", "Uitgever", "Niet meer van kracht tot en met 31 december 2022"),
        ("en-GB", "Library", "Publisher", "No longer in force until 31 December 2022"),
    ],
)
def test_every_document_is_listed_with_what_is_known_of_it(
    shelf: Library, locale: str, tab: str, head: str, lapsed: str
) -> None:
    page = shelf.open(locale)
    expect(page.locator("#rooms [role=tab]").nth(1)).to_have_text(tab)
    expect(page.get_by_role("columnheader", name=head)).to_be_visible()
    expect(page.locator(".documents__row")).to_have_count(3)
    cells = " ".join(row(page, "veltoral.da.md").all_inner_texts())
    for fact in ("<Gids> & bijlagen om Veltoral", "veltoral.da.md", "Styrelsen", "ST/12/2025", "2025"):
        assert fact in cells
    expect(row(page, "bruxamin.en.md")).to_contain_text(lapsed)
    expect(row(page, "veltoral.da.md")).to_have_attribute("data-state", "in-force")


def test_the_filter_leaves_what_matches(shelf: Library) -> None:
    page = shelf.open()
    page.locator("#library-filter").fill("veltoral dutch")
    expect(page.locator(".documents__row:visible")).to_have_count(1)
    expect(page.locator("#library-count")).to_have_text("1 of 3 shown")
    page.locator("#library-filter").fill("nothing like it")
    expect(page.locator("#library-none")).to_be_visible()


def test_a_document_opens_in_full_by_keyboard_and_escape_returns_to_its_row(shelf: Library) -> None:
    page = shelf.open()
    opener = row(page, "veltoral.da.md").locator("[data-do=open]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pane-title")).to_be_focused()
    pane = page.locator("#library-pane")
    assert pane.locator(".reading__heading").all_inner_texts() == ["Veltoral", "Dosis", "Studie"]
    expect(pane).to_contain_text("60 mg én gang hver 4. uge.")
    expect(pane).to_contain_text("412 kvinder")
    expect(pane.locator(".reading")).to_contain_text("<b>Se indlægssedlen.</b>")  # never markup
    assert pane.locator(":is(b, a[href^='javascript'])").count() == 0
    expect(page.locator("#pane-title")).to_have_text("<Gids> & bijlagen om Veltoral")
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("da-DK", "Hvor er dokumenterne uenige?"),
        ("nl-NL", "Waar spreken de documenten elkaar tegen?"),
        ("en-GB", "Where do the documents disagree?"),
    ],
)
def test_the_disagreements_of_all_documents_are_listed_with_both_sentences(
    shelf: Library, locale: str, title: str
) -> None:
    page = shelf.open(locale)
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
    expect(page.locator("#library-uploads .upload")).to_have_count(0)
    assert in_both_lights(page) == [], "removed, with Undo"
    row(page, "veltoral.da.md").locator("[data-do=open]").click()
    expect(page.locator("#library-pane .reading")).to_be_visible()
    assert in_both_lights(page) == [], "a document in full"
    page.locator("#library-disagreements").click()
    expect(page.locator(".dispute")).to_have_count(1, timeout=20_000)
    assert in_both_lights(page) == [], "disagreements"


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


def test_a_narrow_screen_needs_no_scrolling_sideways(shelf: Library) -> None:
    page = shelf.open(width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row(page, "veltoral.da.md").locator("[data-do=open]").click()
    expect(page.locator("#pane-title")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
