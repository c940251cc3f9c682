"""From a source to its whole document, beside the answer: opened at the cited sentence, by pointer and by keyboard."""

from collections.abc import Callable

import pytest
from driving import ask, faults
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

DOSE = "Hvor ofte gives Veltoral?"
SENTENCE = "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."


@pytest.mark.parametrize(
    ("locale", "read", "back"),
    [
        ("da-DK", "Læs i hele dokumentet", "Tilbage til kilderne"),
        ("nl-NL", "In het hele document lezen", "Terug naar de bronnen"),
        ("en-GB", "Read in the whole document", "Back to the sources"),
    ],
)
def test_a_sources_document_opens_at_the_cited_sentence_and_escape_returns(
    empty_page: Open, locale: str, read: str, back: str
) -> None:
    page = empty_page(locale)
    ask(page, DOSE)
    button = page.get_by_role("button", name=read)
    button.press("Enter")
    sought = page.locator("#panel-whole .reading__sought")
    expect(sought).to_be_focused()
    expect(sought).to_have_text(SENTENCE)
    expect(sought).to_be_in_viewport()
    whole = page.get_by_role("region", name="<Gids> & bijlagen om Veltoral")
    expect(whole).to_contain_text("412 kvinder")  # another passage than the cited one
    expect(whole).to_contain_text("<b>Se indlægssedlen.</b>")  # as text
    expect(page.locator("#panel .source")).to_be_hidden()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator("#panel mark")).to_have_text(SENTENCE)
    button.click()
    page.get_by_role("button", name=back).click()
    expect(button).to_be_focused()
    assert [url for url in page.requested if "/library/document" in url]  # type: ignore[attr-defined]


def test_a_chip_and_another_answer_bring_the_sources_back(empty_page: Open) -> None:
    page = empty_page()
    ask(page, DOSE)
    page.locator("#panel .source__whole").click()
    expect(page.locator("#panel-whole .reading__sought")).to_be_visible()
    page.locator("#log .chip").first.click()
    expect(page.locator("#panel .source").first).to_be_focused()
    expect(page.locator("#panel-whole")).to_be_hidden()
    page.locator("#panel .source__whole").click()
    ask(page, "Hvad koster Bruxamin?")
    expect(page.locator("#panel-whole")).to_be_hidden()
    expect(page.locator("#panel .source--nearest").first).to_be_visible()


def test_nothing_is_marked_where_the_document_says_something_else_by_now(open_page: Open) -> None:
    page = open_page("en-GB")
    ask(page, DOSE)

    def elsewhere(route: Route) -> None:
        """The same document, as if the sentence had moved away."""
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text().replace("60 mg én gang hver 4. uge", "80 mg om ugen"))

    page.route("**/library/document?*", elsewhere)
    page.locator("#panel .source__whole").click()
    expect(page.locator("#panel-whole")).to_contain_text("80 mg om ugen")
    expect(page.locator("#panel .whole__note--changed")).to_contain_text("The document has changed")
    expect(page.locator("#panel-whole .reading__sought")).to_have_count(0)


def test_a_server_that_does_not_answer_is_said(open_page: Open) -> None:
    page = open_page("nl-NL")
    ask(page, DOSE)
    page.route("**/library/document?*", lambda route: route.abort())
    page.locator("#panel .source__whole").click()
    expect(page.locator("#panel-whole .whole__note")).to_have_text("De server antwoordt niet. Probeer het zo nog eens.")
