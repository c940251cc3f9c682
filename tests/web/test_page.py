"""The page as staff use it, in a real browser."""

from collections.abc import Callable

import httpx
import pytest
from driving import ask
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def test_a_question_gets_a_numbered_sentence_and_its_source_highlighted(empty_page: Open) -> None:
    page = empty_page()
    ask(page, "Hvor ofte gives Veltoral?")
    turn = page.locator("#log article.turn").last
    expect(turn).to_have_attribute("data-state", "answered")
    sentence = "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."
    assert turn.locator(".statement").inner_text().replace("\u2060", "").startswith(sentence)
    assert turn.locator(".chip").inner_text() == "1"
    card = page.locator("#panel .source")
    expect(card).to_have_count(1)
    assert card.locator("mark").inner_text() == sentence
    assert f"{sentence} Tabletten synkes hel." in card.locator(".source__passage").inner_text()
    for fact in ("Styrelsen", "veltoral.da.md", "2025"):
        assert fact in card.inner_text()

    announcer = page.locator("#announcer")  # which is told once the answer is complete
    assert announcer.get_attribute("aria-live") == "polite"
    assert "hver 4. uge" in (announcer.text_content() or "")

    chip = page.locator("#log .chip").first  # by keyboard
    chip.focus()
    page.keyboard.press("Enter")
    expect(card).to_be_focused()
    page.keyboard.press("Escape")
    expect(chip).to_be_focused()


def test_an_older_answers_chip_brings_its_own_sources_back(empty_page: Open) -> None:
    page = empty_page()
    ask(page, "Hvor ofte gives Veltoral?")
    ask(page, "Hvor mange kvinder deltog i studiet af Veltoral?")
    assert page.locator("#panel mark").count() == 2
    page.locator("#log article.turn").first.locator(".chip").click()
    expect(page.locator("#panel mark")).to_have_count(1)
    assert "hver 4. uge" in page.locator("#panel mark").inner_text()


def test_silence_says_why_and_names_the_nearest_passages(empty_page: Open) -> None:
    page = empty_page()
    ask(page, "Hvad koster Bruxamin?")
    turn = page.locator("#log article.turn").last
    expect(turn).to_have_attribute("data-state", "abstained")
    assert "Ingen af dokumenterne handler om »Bruxamin«" in turn.inner_text()
    assert turn.locator(".nearest .chip").count() >= 1


def test_what_documents_and_questions_say_is_never_markup(empty_page: Open) -> None:
    page = empty_page()
    ask(page, "<img src=x onerror=alert(1)> Hvor ofte gives Veltoral?")
    assert "<img" in page.locator("#log .turn__question").inner_text()
    assert page.locator("#log img").count() == 0
    ask(page, "Hvor ofte gives Veltoral?")
    assert page.locator("#panel b, #panel a[href^='javascript']").count() == 0
    assert page.locator("#panel .source__title").inner_text().endswith("<Gids> & bijlagen om Veltoral")


def test_the_page_asks_nobody_but_its_own_address(open_page: Open, address: str) -> None:
    page = open_page()
    ask(page, "Hvor ofte gives Veltoral?")
    ask(page, "Hvad koster Bruxamin?")
    page.locator("#panel .source__whole").first.click()
    expect(page.locator("#panel-whole .reading")).to_be_visible()
    tabs = page.locator("#rooms [role=tab]")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        expect(tabs.nth(number)).to_have_attribute("aria-selected", "true")
    tabs.nth(1).click()
    expect(page.locator("#library [data-do=open]").first).to_be_visible()
    requested: list[str] = page.requested  # type: ignore[attr-defined]
    assert requested
    assert [url for url in requested if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize(
    ("locale", "button", "example"),
    [
        ("da-DK", "Spørg", "Hvor ofte gives Veltoral?"),
        ("nl-NL", "Vraag", "Hoe vaak wordt Veltoral gegeven?"),
        ("en-GB", "Ask", "How often is Veltoral given?"),
    ],
)
def test_the_page_speaks_the_browsers_language(open_page: Open, locale: str, button: str, example: str) -> None:
    page = open_page(locale)
    assert page.locator("#send").inner_text().startswith(button)
    assert example in page.locator("#examples").inner_text()


def test_an_example_is_asked_with_one_click(empty_page: Open) -> None:
    page = empty_page()
    page.locator("#examples button").first.click()
    expect(page.locator("#log article.turn").last).to_have_attribute("data-state", "answered", timeout=20_000)


def test_a_new_conversation_starts_empty(empty_page: Open) -> None:
    page = empty_page()
    ask(page, "Hvor ofte gives Veltoral?")
    page.locator("#new-chat").click()
    expect(page.locator("#log article.turn")).to_have_count(0, timeout=10_000)
    expect(page.locator("#panel .source")).to_have_count(0)


def test_the_api_beside_the_page_answers_and_refuses_clearly(address: str) -> None:
    answer = httpx.post(f"{address}/api/v1/ask", json={"id": "7", "question": "Hvor ofte gives Veltoral?"}, timeout=30)
    assert answer.json()["id"] == "7"
    assert "hver 4. uge" in answer.json()["answer"]
    for body in ({}, {"question": 5}, {"question": "x", "language": "fr"}, {"question": "x", "history": "y"}):
        assert httpx.post(f"{address}/api/v1/ask", json=body, timeout=30).status_code == 422
    assert httpx.get(f"{address}/healthz", timeout=30).status_code == 200
    assert "frame-ancestors" in httpx.get(address, timeout=30).headers["content-security-policy"]
