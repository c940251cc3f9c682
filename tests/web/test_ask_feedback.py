"""Thumbs below an answer: kept on the server, with a reason, and changed again."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from driving import ask
from playwright.sync_api import Page, expect

from assistant import Assistant
from assistant.records.feedback import Feedback, FeedbackStore

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

DOSE = "Hvor ofte gives Veltoral?"
SENTENCE = "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."
OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def store(assistant: Assistant) -> Iterator[FeedbackStore]:
    opened = FeedbackStore.open(assistant.settings)
    yield opened
    opened.close()


def said_of(page: Page, store: FeedbackStore) -> Feedback | None:
    """What was kept of the answer on the page."""
    answer_id = page.locator("#log .verdict").last.get_attribute("data-answer") or ""
    return next((one for one in store.list() if one.answer_id == answer_id), None)


@pytest.mark.parametrize(
    ("locale", "up", "thanks"),
    [
        ("da-DK", "Godt svar", "Tak. Det er gemt, og du kan ændre det."),
        ("nl-NL", "Goed antwoord", "Dank u. Het is bewaard; u kunt het nog wijzigen."),
        ("en-GB", "Good answer", "Thank you. It is kept, and you can change it."),
    ],
)
def test_a_thumb_up_is_kept_and_thanked_for(
    empty_page: Open, store: FeedbackStore, locale: str, up: str, thanks: str
) -> None:
    page = empty_page(locale)
    ask(page, DOSE)
    thumb = page.get_by_role("button", name=up)
    thumb.click()
    expect(page.locator("#log .turn__copied")).to_have_text(thanks)
    expect(thumb).to_have_attribute("aria-pressed", "true")
    kept = said_of(page, store)
    assert kept is not None
    assert (kept.verdict, kept.reason, kept.question, kept.answer) == ("up", "", DOSE, SENTENCE)


def test_a_thumb_down_asks_why_and_can_be_changed(empty_page: Open, store: FeedbackStore) -> None:
    page = empty_page("en-GB")
    ask(page, DOSE)
    page.get_by_role("button", name="Good answer").click()
    page.get_by_role("button", name="Bad answer").click()
    form = page.locator("#log .reasons")
    expect(form.get_by_role("radio").first).to_be_focused()
    expect(form.get_by_label("It is in the documents after all")).to_have_count(0)  # it was found
    form.get_by_label("A figure or a fact is wrong").check()
    form.get_by_label("In your own words").fill("It is 90 mg, <b>I think</b>.")
    form.get_by_role("button", name="Send").press("Enter")
    expect(form).to_have_count(0)
    expect(page.get_by_role("button", name="Bad answer")).to_be_focused()
    expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "false")
    kept = said_of(page, store)
    assert kept is not None
    assert (kept.verdict, kept.reason, kept.comment) == ("down", "wrong", "It is 90 mg, <b>I think</b>.")
    page.get_by_role("button", name="Good answer").click()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(500)
    kept = said_of(page, store)
    assert kept is not None
    assert (kept.verdict, kept.reason, kept.comment) == ("up", "", "")


def test_of_silence_one_can_say_that_it_is_in_the_documents(empty_page: Open, store: FeedbackStore) -> None:
    page = empty_page()
    ask(page, "Hvad koster Bruxamin?")
    page.get_by_role("button", name="Dårligt svar").click()
    expect(page.locator("#log").get_by_label("Et tal eller en oplysning er forkert")).to_have_count(0)
    page.locator("#log").get_by_label("Det står faktisk i dokumenterne").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#log .reasons")).to_have_count(0)
    kept = said_of(page, store)
    assert kept is not None
    assert kept.reason == "not_found"


def test_the_form_speaks_the_language_that_is_chosen_and_a_thumb_stays_as_it_is(open_page: Open) -> None:
    page = open_page("da-DK")
    ask(page, DOSE)
    page.get_by_role("button", name="Godt svar").click()
    page.get_by_text("Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl", timeout=10_000)
    expect(page.get_by_role("button", name="Goed antwoord")).to_have_attribute("aria-pressed", "true")  # it stays
    page.get_by_role("button", name="Slecht antwoord").click()
    expect(page.locator("#log .reasons")).to_contain_text("De bron zegt dit niet")


def test_where_it_cannot_be_kept_the_thumb_is_up_again_and_a_sentence_says_so(open_page: Open) -> None:
    page = open_page("en-GB")
    ask(page, DOSE)
    page.route("**/feedback*", lambda route: route.abort())
    page.get_by_role("button", name="Bad answer").click()
    expect(page.locator("#log .turn__copied")).to_contain_text("The server does not answer")
    expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "false")
    page.locator("#log").get_by_label("In your own words").fill("This took me a while to write")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#log").get_by_label("In your own words")).to_have_value("This took me a while to write")


def test_an_answer_opened_again_can_be_judged(open_page: Open, store: FeedbackStore) -> None:
    page = open_page("en-GB")
    ask(page, DOSE)
    page.reload()
    page.locator("#examples button").first.wait_for()
    page.locator("#kept-toggle").click()
    page.locator("[data-kept=open]").first.click()
    page.get_by_role("button", name="Good answer").click()
    expect(page.locator("#log .turn__copied")).to_have_text("Thank you. It is kept, and you can change it.")
    assert said_of(page, store) is not None


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "http://example.org"}])
def test_feedback_from_elsewhere_is_refused(address: str, store: FeedbackStore, headers: dict[str, str]) -> None:
    sent = {"answer_id": "elsewhere", "verdict": "up"}
    refused = httpx.post(f"{address}/feedback", json=sent, headers=headers, timeout=30)
    assert refused.status_code == 403
    assert "elsewhere" not in {one.answer_id for one in store.list()}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"answer_id": "a", "verdict": "sideways"}, 422),
        ({"answer_id": "a b", "verdict": "up"}, 422),
        ({"answer_id": "a", "verdict": "up", "who": "anna"}, 422),
        ({"answer_id": "a", "verdict": "up", "comment": "x" * 2001}, 422),
        ({"answer_id": "a", "verdict": "up", "answer": "x" * 300_000}, 413),
    ],
)
def test_feedback_that_cannot_be_kept_is_refused_in_the_pages_language(
    address: str, sent: dict[str, Any], status: int
) -> None:
    refused = httpx.post(f"{address}/feedback?language=da", json=sent, headers=OWN, timeout=30)
    assert refused.status_code == status
    assert "gemt" in refused.json()["message"]
