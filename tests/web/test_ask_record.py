"""An answer copied, and a conversation kept, with what backs it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import ask
from playwright.sync_api import Page, expect

from assistant.web.ask.record import escaped

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


SENTENCE = "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."


@pytest.mark.parametrize(
    ("locale", "button", "done"),
    [
        ("da-DK", "Kopiér svaret", "Kopieret, med kilderne"),
        ("nl-NL", "Antwoord kopiëren", "Gekopieerd, met de bronnen"),
        ("en-GB", "Copy the answer", "Copied, with its sources"),
    ],
)
def test_an_answer_is_copied_with_its_references(empty_page: Open, locale: str, button: str, done: str) -> None:
    page = empty_page(locale)
    ask(page, "Hvor ofte gives Veltoral?")
    page.get_by_role("button", name=button).click()
    expect(page.locator("#log .turn__copied")).to_have_text(done)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"{SENTENCE} [1]" in copied
    assert "<Gids> & bijlagen om Veltoral · Styrelsen" in copied
    assert f"“{SENTENCE}”" in copied


def test_as_markdown_what_documents_say_is_no_markup(empty_page: Open) -> None:
    page = empty_page()
    ask(page, "Hvor ofte gives Veltoral?")
    page.get_by_role("button", name="Kopiér som Markdown").click()
    expect(page.locator("#log .turn__copied")).not_to_be_empty()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("## Hvor ofte gives Veltoral?")
    assert "\\<Gids\\> & bijlagen" in copied
    assert f"> {SENTENCE}" in copied


def test_where_the_browser_has_no_clipboard_the_older_way_copies(open_page: Open) -> None:
    page = open_page()
    ask(page, "Hvor ofte gives Veltoral?")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    page.get_by_role("button", name="Kopiér svaret").click()
    expect(page.locator("#log .turn__copied")).to_have_text("Kopieret, med kilderne")


def test_a_conversation_is_kept_as_one_file(empty_page: Open, tmp_path: Path) -> None:
    page = empty_page("en-GB")
    expect(page.locator("#save-chat")).to_be_hidden()
    ask(page, "How often is Veltoral given?")
    ask(page, "What does Bruxamin cost?")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the conversation").click()
    kept = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    text = kept.read_text("utf-8")
    assert kept.suffix == ".md"
    assert text.index("## How often is Veltoral given?") < text.index("## What does Bruxamin cost?")
    assert "Nearest passages" in text


@pytest.mark.parametrize("markup", ["*x*", "_x_", "# x", "> x", "1. x", "- x", "[x](y)", "<b>", "`x`", "a|b"])
def test_markup_is_escaped(markup: str) -> None:
    assert "\\" in escaped(markup)
    assert escaped(markup).replace("\\", "") == markup
