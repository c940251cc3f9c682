"""The page for everyone: no serious fault that axe-core finds, all of it by keyboard, nothing cut off when enlarged."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from driving import ask, faults
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def fail(page: Page) -> None:
    """A question that cannot be answered: longer than what is read, which the box itself does not allow."""
    page.locator("#question textarea").evaluate("box => box.removeAttribute('maxlength')")
    ask(page, "Hvor ofte gives Veltoral? " * 100)


def judge(page: Page) -> None:
    """The answer is judged: the form that asks why is open."""
    page.locator("#log article.turn").last.locator("[data-verdict=down]").click()
    page.locator("#log .reasons").wait_for()


def look_back(page: Page) -> None:
    """The list of earlier conversations, unfolded."""
    page.locator("#kept-toggle").click()
    page.locator("#kept-list .kept__row").first.wait_for()


def preview(page: Page) -> None:
    """A chip in focus, with its preview."""
    page.locator("#log article.turn").last.locator(".chip").first.focus()
    page.get_by_role("tooltip").wait_for()


def read_whole(page: Page) -> None:
    """The whole document of a source, beside the answer."""
    page.locator("#panel .source__whole").first.click()
    page.locator("#panel-whole .reading__sought").wait_for()


def narrow(page: Page) -> None:
    """The form that chooses among the documents, unfolded."""
    page.locator("#narrow summary").click()
    page.locator("#narrow-form").wait_for()


# One after the other: what a state needs may come from the one before.
STATES: dict[str, tuple[Callable[[Page], None], str]] = {
    "answered": (lambda page: ask(page, "Hvor ofte gives Veltoral?"), "answered"),
    "judged": (judge, "answered"),
    "previewed": (preview, "answered"),
    "a whole document": (read_whole, "answered"),
    "narrowing": (narrow, "answered"),
    "abstained": (lambda page: ask(page, "Hvad koster Bruxamin?"), "abstained"),
    "disagreement": (lambda page: ask(page, "Hvor mange kvinder deltog i studiet af Veltoral?"), "conflict"),
    "error": (fail, "error"),
    "earlier conversations": (look_back, "error"),
}


def states(page: Page) -> Iterator[str]:
    """Bring the conversation into each state in turn; yields its name."""
    yield "before the first question"
    for name, (reach, state) in STATES.items():
        reach(page)
        expect(page.locator("#log article.turn").last).to_have_attribute("data-state", state)
        yield name


def tabs(page: Page) -> Iterator[str]:
    """Open each tab in turn, and all that can be unfolded in it; yields its name."""
    for number in range(page.locator("#rooms [role=tab]").count()):
        tab = page.locator("#rooms [role=tab]").nth(number)
        tab.click()
        expect(page.locator("#rooms > [role=tabpanel]:visible")).to_have_count(1)
        for fold in page.locator("summary:visible").all():
            fold.evaluate("summary => { summary.parentElement.open = true; }")
        yield tab.inner_text()


WAYS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 390))  # each light, and each layout


def faults_in_each_way(page: Page) -> list[str]:
    """What axe-core finds on a wide page in light colours, and on a narrow one in dark colours."""
    found = []
    for scheme, width in WAYS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 860})
        expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
        found += [f"{scheme}, {width} pixels: {fault}" for fault in faults(page)]
    return found


def test_axe_finds_nothing_serious_in_any_state_of_the_conversation(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    for name in states(page):
        assert faults_in_each_way(page) == [], name


def test_axe_finds_nothing_serious_in_any_tab(open_page: Open, kept_runs: Path) -> None:
    page = open_page(reduced_motion="reduce")
    for name in tabs(page):
        assert faults_in_each_way(page) == [], name


# ---- by keyboard alone


def press(page: Page, key: str, until: str, most: int = 60) -> None:
    """Press a key until the focused element matches a selector."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", until):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never reached {until}")


def has_visible_focus(page: Page) -> bool:
    """Whether the focused element, or what holds it, is drawn as focused."""
    return bool(
        page.evaluate(
            """() => {
              for (let e = document.activeElement, up = 0; e && up < 3; e = e.parentElement, up++) {
                const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(e);
                if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return true;
                if (boxShadow !== "none") return true;
              }
              return false;
            }"""
        )
    )


def test_the_whole_way_works_by_keyboard_alone(open_page: Open, kept_runs: Path) -> None:
    page = open_page("da-DK", reduced_motion="reduce")
    page.evaluate("document.activeElement.blur()")
    press(page, "Tab", "#question textarea")
    page.keyboard.type("Hvor ofte gives Veltoral?")
    page.keyboard.press("Enter")
    expect(page.locator("#log article.turn").last).to_have_attribute("data-state", "answered", timeout=20_000)

    press(page, "Shift+Tab", "#log .chip")
    assert has_visible_focus(page)
    page.keyboard.press("Enter")
    expect(page.locator("#panel .source").first).to_be_focused()
    press(page, "Tab", "#panel .source__open")
    assert has_visible_focus(page)
    press(page, "Tab", "#panel .source__back")
    page.keyboard.press("Enter")
    expect(page.locator("#log .chip").first).to_be_focused()

    press(page, "Shift+Tab", "#rooms [role=tab][aria-selected=true]")
    assert has_visible_focus(page)
    if not page.locator("#room-quality-button").evaluate("tab => tab === document.activeElement"):
        press(page, "Tab", "#room-quality-button", most=10)
    page.keyboard.press("Enter")
    expect(page.locator("#quality .quality")).to_be_visible()
    press(page, "Tab", "#quality .fold--failed > summary")
    assert has_visible_focus(page)
    page.keyboard.press("Enter")
    press(page, "Tab", "#quality .failure summary")
    page.keyboard.press("Enter")
    expect(page.locator("#quality .failure dl").first).to_be_visible()

    press(page, "Shift+Tab", "#language input")
    assert has_visible_focus(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("lang", "nl", timeout=10_000)
    expect(page.get_by_role("radiogroup", name="Taal van de pagina").get_by_role("radio")).to_have_count(3)
    expect(page.locator("#room-quality-button")).to_have_text("Kwaliteit")
    press(page, "Tab", "#room-ask-button")
    page.keyboard.press("Enter")
    expect(page.locator("#question textarea")).to_be_visible()


# ---- enlarged, narrow, and without motion

ZOOMED = ((640, 450), (390, 860))  # 1280 pixels at 200 %, and a narrow screen

CUT = """width => [...document.querySelectorAll("gradio-app *")]
  .filter(e => {
    if (!e.checkVisibility({ visibilityProperty: true }) || e.closest(".unseen, [aria-hidden=true], #language")) return false;
    const box = e.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return false;
    const { overflowX, textOverflow } = getComputedStyle(e);
    const clipped = overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 && e.textContent.trim();
    return box.right > width + 1 || box.left < -1 || clipped || (textOverflow === "ellipsis" && e.scrollWidth > e.clientWidth);
  })
  .map(e => `${e.tagName.toLowerCase()}.${e.getAttribute("class")}: ${e.textContent.trim().slice(0, 40)}`)"""


@pytest.mark.parametrize("locale", ["da-DK", "nl-NL", "en-GB"])
def test_nothing_is_cut_off_and_nothing_needs_scrolling_sideways(open_page: Open, kept_runs: Path, locale: str) -> None:
    page = open_page(locale, reduced_motion="reduce")

    def held(where: str) -> None:
        for width, height in ZOOMED:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (where, width)
            assert page.evaluate(CUT, width) == [], (where, width)

    for name in states(page):
        held(name)
    for width, height in ZOOMED:
        page.set_viewport_size({"width": width, "height": height})
        box = page.locator("#question textarea")
        box.scroll_into_view_if_needed()
        expect(box).to_be_in_viewport(ratio=0.95)  # but for the rounding of pixels
    for name in tabs(page):
        held(name)


def test_whoever_wants_no_motion_gets_none(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    page.evaluate(
        """() => {
          window.gentle = [];
          const scroll = Element.prototype.scrollIntoView;
          Element.prototype.scrollIntoView = function (how) { window.gentle.push(how?.behavior); scroll.call(this, how); };
        }"""
    )
    ask(page, "Hvor ofte gives Veltoral?")
    page.locator("#log .chip").first.click()
    expect(page.locator("#panel .source").first).to_be_focused()
    assert page.evaluate("window.gentle.length") >= 2
    assert "smooth" not in page.evaluate("window.gentle")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("#rooms *, #masthead *")]
          .filter(e => e.checkVisibility() && getComputedStyle(e).animationName !== "none"
            && parseFloat(getComputedStyle(e).animationDuration) > 0.01)
          .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert moving == []
