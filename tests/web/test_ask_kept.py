"""Conversations that the browser keeps: listed, opened again, deleted, or not kept at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from driving import ask
from pages import load, watched
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

DOSE = "Hvor ofte gives Veltoral?"
STUDY = "Hvor mange kvinder deltog i studiet af Veltoral?"
UNKNOWN = "Hvad koster Bruxamin?"
SENTENCE = "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."


def come_back(page: Page) -> None:
    """The same browser, another day: the page anew."""
    page.reload()
    page.locator("#examples button").first.wait_for()


def start_anew(page: Page) -> None:
    page.locator("#new-chat").click()
    expect(page.locator("#log article.turn")).to_have_count(0)


def unfolded(page: Page) -> Any:
    """The rows of the list, once it is open."""
    if page.locator("#kept-toggle").get_attribute("aria-expanded") == "false":
        page.locator("#kept-toggle").click()
    return page.locator("#kept-list .kept__row")


def reopen(page: Page, question: str) -> None:
    unfolded(page).filter(has_text=question).locator("[data-kept=open]").click()
    expect(page.locator("#kept-list")).to_be_hidden()


@pytest.mark.parametrize(
    ("locale", "title", "asked", "again", "delete"),
    [
        ("da-DK", "Tidligere samtaler (2)", "2 spørgsmål", "1 spørgsmål", "Slet"),
        ("nl-NL", "Eerdere gesprekken (2)", "2 vragen", "1 vraag", "Verwijderen"),
        ("en-GB", "Earlier conversations (2)", "2 questions", "1 question", "Delete"),
    ],
)
def test_earlier_conversations_are_listed_the_latest_first(
    open_page: Open, locale: str, title: str, asked: str, again: str, delete: str
) -> None:
    page = open_page(locale)
    ask(page, DOSE)
    ask(page, UNKNOWN)
    start_anew(page)
    ask(page, STUDY)
    come_back(page)
    expect(page.locator("#log article.turn")).to_have_count(0)
    expect(page.locator("#kept-toggle")).to_have_text(title)
    rows = unfolded(page)
    expect(rows.first.locator("[data-kept=delete]")).to_have_text(delete)
    assert [row.locator(".kept__question").inner_text() for row in rows.all()] == [STUDY, DOSE]
    year = page.evaluate("String(new Date().getFullYear())")
    for row, said in zip(rows.all(), (again, asked), strict=True):
        assert year in row.inner_text()
        assert row.inner_text().splitlines()[1].endswith(said)


def test_a_conversation_opened_again_stands_as_it_was_with_its_sources(open_page: Open) -> None:
    page = open_page()
    ask(page, DOSE)
    ask(page, STUDY)
    before = page.locator("#log").inner_html().replace(" is-shown", "")
    come_back(page)
    reopen(page, DOSE)
    reopen(page, DOSE)  # again, which closes the list as well
    expect(page.locator("#log article.turn")).to_have_count(2)
    assert page.locator("#log").inner_html().replace(" is-shown", "") == before
    page.locator("#log article.turn").first.locator(".chip").first.click()
    expect(page.locator("#panel .source")).to_be_focused()
    assert page.locator("#panel mark").inner_text() == SENTENCE
    page.locator("#log article.turn").first.locator(".chip").first.focus()
    expect(page.get_by_role("tooltip")).to_contain_text(SENTENCE)


def test_follow_ups_continue_from_a_conversation_opened_again_and_are_kept_with_it(open_page: Open) -> None:
    page = open_page()
    ask(page, UNKNOWN)
    come_back(page)
    reopen(page, UNKNOWN)
    ask(page, "Hvor ofte gives den?")  # alone, it would be answered: Veltoral is all there is
    expect(page.locator("#log article.turn")).to_have_count(2)
    expect(page.locator("#log article.turn").last).to_have_attribute("data-state", "abstained")
    assert "»Bruxamin«" in page.locator("#log article.turn").last.inner_text()
    come_back(page)
    expect(unfolded(page)).to_have_count(1)
    reopen(page, UNKNOWN)
    expect(page.locator("#log .turn__question")).to_have_text([UNKNOWN, "Hvor ofte gives den?"])


def test_one_is_deleted_and_put_back(open_page: Open) -> None:
    page = open_page("en-GB")
    ask(page, DOSE)
    start_anew(page)
    ask(page, UNKNOWN)
    come_back(page)
    unfolded(page)
    page.get_by_role("button", name=f"Delete: {DOSE}").click()
    expect(unfolded(page)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    assert unfolded(page).locator(".kept__question").all_inner_texts() == [UNKNOWN, DOSE]
    reopen(page, DOSE)
    expect(page.locator("#log .statement")).to_contain_text(SENTENCE)


def test_all_are_deleted_with_one_button_also_from_the_page(open_page: Open) -> None:
    page = open_page("en-GB")
    ask(page, DOSE)
    start_anew(page)
    ask(page, UNKNOWN)
    unfolded(page)
    page.get_by_role("button", name="Delete all").click()
    expect(unfolded(page)).to_have_count(0)
    expect(page.locator("#log article.turn")).to_have_count(0)
    assert DOSE not in page.evaluate("JSON.stringify({...localStorage})")
    come_back(page)
    expect(page.locator("#kept-toggle")).to_have_text("Earlier conversations ")


@pytest.mark.parametrize(
    ("locale", "switch", "said"),
    [
        ("da-DK", "Gem intet her (fælles computer)", "I denne browser gemmes ingen samtaler."),
        ("nl-NL", "Hier niets bewaren (gedeelde computer)", "In deze browser worden geen gesprekken bewaard."),
        ("en-GB", "Keep nothing here (shared computer)", "No conversations are kept in this browser."),
    ],
)
def test_on_a_shared_computer_nothing_is_kept_and_that_is_remembered(
    open_page: Open, locale: str, switch: str, said: str
) -> None:
    page = open_page(locale)
    ask(page, DOSE)
    unfolded(page)
    page.get_by_label(switch).check()
    expect(page.locator("#kept-note")).to_have_text(said)
    expect(page.locator("#log article.turn")).to_have_count(0)
    ask(page, UNKNOWN)
    come_back(page)
    assert "Veltoral" not in page.evaluate("JSON.stringify({...localStorage})")
    assert "Bruxamin" not in page.evaluate("JSON.stringify({...localStorage})")
    expect(unfolded(page)).to_have_count(0)
    expect(page.get_by_label(switch)).to_be_checked()
    page.get_by_label(switch).uncheck()
    ask(page, DOSE)
    come_back(page)
    expect(unfolded(page)).to_have_count(1)


def test_where_the_browser_keeps_nothing_the_page_works_and_says_so(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="en-GB")
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.locator("#examples button").first.wait_for()
    ask(page, DOSE)
    page.locator("#kept-toggle").click()
    expect(page.locator("#kept-note")).to_contain_text("This browser lets the page keep nothing")
    expect(page.locator("#kept-nothing")).to_be_disabled()
    assert errors == []
    context.close()


FILL = """() => {
  for (let size = 4_000_000; size >= 500; size /= 2) {
    try {
      for (let n = 0; ; n++) localStorage.setItem(`another ${size} ${n}`, "x".repeat(size));
    } catch { }
  }
}"""


def test_when_the_browser_is_full_the_oldest_make_room(open_page: Open) -> None:
    page = open_page()
    for question in (UNKNOWN, DOSE):
        ask(page, question)
        start_anew(page)
    page.evaluate(FILL)
    ask(page, UNKNOWN)  # as large as the oldest one
    come_back(page)
    assert unfolded(page).locator(".kept__question").all_inner_texts() == [UNKNOWN, DOSE]


def test_when_there_is_no_room_at_all_the_page_works(open_page: Open) -> None:
    page = open_page()
    page.evaluate(FILL)
    ask(page, DOSE)
    expect(page.locator("#kept-toggle")).to_have_text("Tidligere samtaler ")
    expect(page.locator("#log .statement")).to_contain_text(SENTENCE)


HARM = """
<script>window.harmed = 'script'</script><style>* { display: none }</style>
<img src="x" onerror="window.harmed = 'image'"><img src="/page-image/x.pdf/1.png" onerror="window.harmed = 'page image'">
<svg onload="window.harmed = 'svg'"><a href="javascript:window.harmed = 1"><circle r="1"/></a><script>harmed = 1</script></svg>
<iframe srcdoc="<script>parent.harmed = 'frame'</script>"></iframe><form action="/x"><button onclick="harmed = 1">o</button></form>
<a id="harmful" href="javascript:window.harmed = 'link'" onclick="window.harmed = 'click'">here</a>
<p id="question" style="position: fixed; background: url(/healthz)">other</p>
"""


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
def test_what_was_put_into_storage_cannot_run_script(browser: Browser, address: str, policy: bool) -> None:
    context = browser.new_context(locale="da-DK", bypass_csp=not policy)
    page = watched(context)
    load(page, address)
    ask(page, DOSE)
    page.evaluate(
        """harm => {
          const name = Object.keys(localStorage).find(key => key.startsWith("assistant.turn."));
          const html = localStorage[name].replace("<article ", "<article onmouseover='window.harmed = 1' ");
          localStorage[name] = html.replace('<p class="turn__state">', harm + '<p class="turn__state">')
            .replace('<blockquote', harm + '<blockquote');
        }""",
        HARM,
    )
    come_back(page)
    reopen(page, DOSE)
    expect(page.locator("#log .turn__question")).to_have_text(DOSE)
    assert page.locator("#panel .source").count() == 1
    for link in page.locator("#log a:not([class])").all():
        link.click()
    page.locator("#log .turn__question").hover()
    page.wait_for_timeout(300)
    assert page.evaluate("window.harmed") is None
    harmful = (
        "script, style, iframe, form, [onerror], [onclick], [onload], [onmouseover], [href^=javascript], #question"
    )
    assert page.locator(f"#log :is({harmful}), #panel :is({harmful})").count() == 0
    assert page.locator("#log [style], #log [src='x']").count() == 0
    context.close()


@pytest.mark.parametrize(
    "kept",
    [
        "no list",
        "5",
        "[5, null, {}]",
        json.dumps([{"id": "x' y", "question": "?", "when": 1, "first": 1, "last": 2, "size": 3}]),
    ],
)
def test_a_damaged_list_is_an_empty_one(open_page: Open, kept: str) -> None:
    page = open_page()
    page.evaluate("kept => localStorage.setItem('assistant.conversations', kept)", kept)
    come_back(page)
    expect(unfolded(page)).to_have_count(0)
    ask(page, DOSE)
    come_back(page)
    expect(unfolded(page)).to_have_count(1)


def test_two_windows_that_go_on_with_one_conversation_do_not_mix(open_page: Open) -> None:
    page = open_page()
    ask(page, DOSE)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#examples button").first.wait_for()
    reopen(other, DOSE)
    expect(other.locator("#log article.turn")).to_have_count(1)
    ask(other, STUDY)
    ask(page, UNKNOWN)
    come_back(page)
    assert unfolded(page).locator(".kept__question").all_inner_texts() == [UNKNOWN, DOSE]
    reopen(page, DOSE)
    expect(page.locator("#log .turn__question")).to_have_text([DOSE, STUDY])
