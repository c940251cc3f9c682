"""Answers from some of the documents only, as chosen under the question box."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from driving import ask
from playwright.sync_api import Locator, Page, expect

from assistant.documents.model import Metadata
from assistant.web.ask import narrowing
from assistant.web.strings import strings

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
STUDY = "Onder hoeveel vrouwen met jicht werd Veltoral vergeleken met placebo?"


def unfold(page: Page) -> Locator:
    page.locator("#narrow summary").click()
    return page.locator("#narrow-form")


@pytest.mark.parametrize(
    ("locale", "fold", "danish", "left", "all_of_them"),
    [
        ("da-DK", "Svar kun fra nogle af dokumenterne", "dansk", "Der svares fra 1 af 2 dokumenter", "Svar fra alle"),
        ("nl-NL", "Antwoord alleen uit sommige documenten", "Deens", "uit 1 van 2 documenten", "Antwoord uit alle"),
        ("en-GB", "Answer from some of the documents only", "Danish", "from 1 of 2 documents", "Answer from all"),
    ],
)
def test_answers_come_from_what_is_chosen(
    open_page: Open, locale: str, fold: str, danish: str, left: str, all_of_them: str
) -> None:
    page = open_page(locale)
    expect(page.locator("#narrow summary")).to_have_text(fold)
    unfold(page).get_by_label(danish).check()
    expect(page.locator("#narrowed")).to_contain_text(left)
    ask(page, STUDY)
    turn = page.locator("#log article.turn").last
    expect(turn).to_contain_text("412")
    expect(turn).not_to_contain_text("389")
    expect(page.locator("#narrow-form")).to_be_hidden()  # out of the way, and still said
    expect(page.locator("#narrowed")).to_contain_text(left)
    unfold(page).get_by_role("button", name=all_of_them).click()
    expect(page.locator("#narrowed .narrowed")).to_be_empty()
    ask(page, STUDY)
    expect(page.locator("#log article.turn").last).to_contain_text("389")


@pytest.mark.parametrize("group", ["documents", "publishers"])
def test_a_document_and_a_publisher_narrow(open_page: Open, group: str) -> None:
    page = open_page("en-GB")
    unfold(page).locator(f"[name={group}]").last.check()  # the Dutch one
    expect(page.locator("#narrowed")).to_contain_text("from 1 of 2 documents")
    ask(page, STUDY)
    expect(page.locator("#log article.turn").last).to_contain_text("389")
    expect(page.locator("#log article.turn").last).not_to_contain_text("412")


def test_a_date_narrows_and_a_choice_that_fits_nothing_says_so(open_page: Open) -> None:
    page = open_page("en-GB")
    form = unfold(page)
    expect(form.get_by_label("<Gids> & bijlagen om Veltoral")).to_be_visible()  # as text
    form.get_by_label("Dated up to").fill("2025-03-15")
    form.get_by_label("Dated up to").blur()
    expect(page.locator("#narrowed")).to_contain_text("from 1 of 2 documents")
    form.get_by_label("Dutch").check()
    expect(page.locator("#narrowed")).to_contain_text("None of the 2 documents fits")
    ask(page, STUDY)
    expect(page.locator("#log article.turn").last).to_have_attribute("data-state", "abstained")


def test_what_is_chosen_stays_chosen_in_another_language(open_page: Open) -> None:
    page = open_page("en-GB")
    unfold(page).get_by_label("Danish").check()
    expect(page.locator("#narrowed")).to_contain_text("from 1 of 2")
    page.locator("#language").get_by_text("Nederlands").click()
    expect(page.locator("#narrow summary")).to_have_text("Antwoord alleen uit sommige documenten")
    expect(page.locator("#narrowed")).to_contain_text("uit 1 van 2 documenten")
    expect(unfold(page).get_by_label("Deens")).to_be_checked()


def test_documents_that_share_a_title_are_told_apart_by_their_files() -> None:
    titles = {"a.txt": "Veltoral", "b.txt": "Veltoral", "c.txt": "Bruxamin"}
    records = [SimpleNamespace(id=id_, metadata=Metadata(title=title)) for id_, title in titles.items()]
    shelf: Any = SimpleNamespace(documents=lambda: records)
    drawn = narrowing.form(shelf, strings("en"))
    assert [f"<span>{said}</span>" in drawn for said in ("Veltoral (a.txt)", "Veltoral (b.txt)", "Bruxamin")] == [
        True
    ] * 3
