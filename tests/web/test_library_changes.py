"""The library as those who may change it use it, in a real browser: added to, taken from, put back, indexed."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from driving import ask
from libraries import DUTCH, ZORANEL, Library, row, upload
from playwright.sync_api import Route, expect

from assistant.retrieval.index import generations
from assistant.retrieval.index.indexing import IndexReport

pytestmark = pytest.mark.browser


def test_a_file_that_cannot_be_read_is_listed_with_the_reason(library: Library) -> None:
    (library.corpus / "broken.pdf").write_bytes(b"%PDF-1.4 no")
    page = library.open("nl-NL")
    expect(row(page, "broken.pdf")).to_contain_text("Nog niet ingelezen")
    page.locator("#library-reindex").click()
    expect(row(page, "broken.pdf")).to_contain_text("Het bestand is beschadigd.", timeout=20_000)
    expect(row(page, "broken.pdf").locator("[data-do=open]")).to_have_count(0)


def test_a_good_file_is_added_and_answered_from_and_a_bad_one_never_enters(library: Library) -> None:
    page = library.open("da-DK")
    upload(page, zoranel_txt=ZORANEL, program_exe=b"MZ", empty_txt=b"", broken_pdf=b"%PDF-1.4 no")
    lines = page.locator("#library-uploads .upload")
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


def test_a_file_on_its_way_says_so_and_a_switch_of_language_reaches_every_word(library: Library) -> None:
    page = library.open("da-DK")
    expect(page.locator("#library")).to_have_attribute("data-language", "da")
    page.locator("#language label").filter(has_text="Nederlands").click()
    page.locator("#library[data-language='nl']").wait_for()
    expect(page.locator(".documents__row")).to_have_count(3)  # the list comes again, though the tab stayed open
    expect(page.get_by_role("columnheader", name="Uitgever")).to_be_visible()
    held: list[Route] = []
    page.route("**/library/files?*", lambda route: route.continue_() if held else held.append(route))
    upload(page, bruxamin_en_md=ZORANEL, zoranel_txt=ZORANEL)
    first, second = page.locator("#library-uploads .upload").all()
    expect(second).to_contain_text("Wacht")
    for line in (first, second):
        expect(line.get_by_role("progressbar")).to_be_visible()
    held[0].continue_()
    expect(first.locator("[data-do=replace]")).to_have_text("Vervang het oude")
    expect(first.get_by_role("progressbar")).to_be_hidden()
    expect(second).to_have_attribute("data-state", "added")
    expect(row(page, "zoranel.txt").locator("[data-do=open]")).to_be_visible()


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
    line = page.locator("#library-uploads .upload")
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

    with monkeypatch.context() as while_indexing:
        while_indexing.setattr(library.assistant, "index", slowly)
        upload(page, zoranel_txt=ZORANEL)
        expect(page.locator("#library-stage")).to_contain_text("1 van 3", timeout=20_000)
        expect(page.locator("#library-progress")).to_be_visible()
        page.locator("#rooms [role=tab]").nth(0).click()
        ask(page, "Hvor ofte gives Veltoral?")
        expect(page.locator("#log .statement").first).to_contain_text("hver 4. uge")
        expect(page.locator("#narrow-form [name=documents]")).to_have_count(3)
        page.locator("#rooms [role=tab]").nth(1).click()
        release.set()
    expect(page.locator("#library-stage")).to_have_text(
        "Ingelezen. Nieuw: 1, gewijzigd: 0, verwijderd: 0.", timeout=20_000
    )
    page.locator("#rooms [role=tab]").nth(0).click()
    expect(page.locator("#narrow-form [name=documents]")).to_have_count(4)  # the other tab knows of it as well
    ask(page, "What is the dose of Zoranel?")
    expect(page.locator("#log .statement").last).to_contain_text("30 mg once a week")


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
