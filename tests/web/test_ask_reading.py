"""What helps to read an answer: the preview of a source, the way from citation to citation, figures, states, pages."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from driving import ask
from playwright.sync_api import Browser, Page, Route, expect

from assistant.answering.answer import Answer, Citation, Statement
from assistant.web.ask import render
from assistant.web.strings import strings

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

DOSE = {
    "da-DK": "Hvor ofte gives Veltoral?",
    "nl-NL": "Hoe vaak wordt Veltoral gegeven?",
    "en-GB": "How often is Veltoral given?",
}
SENTENCE = "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."
STUDY = "Hvor mange kvinder deltog i studiet af Veltoral?"  # both documents answer, differently


@pytest.mark.parametrize("width", [390, 1280])
def test_the_marked_sentence_is_in_sight_also_where_a_long_passage_stands_before_it(
    open_page: Open, width: int
) -> None:
    page = open_page(width=width, height=600, reduced_motion="reduce")
    ask(page, "Hvor ofte gives Veltoral?")
    page.evaluate(
        """() => document.querySelector("#log template.turn__sources").content
            .querySelector(".source__passage mark").before("Der er meget at sige. ".repeat(150))"""
    )
    page.locator("#panel-body").evaluate("body => body.dataset.turn = ''")  # so that the card is drawn anew
    page.locator("#log .chip").first.press("Enter")
    expect(page.locator("#panel .source.is-current mark")).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("locale", DOSE)
def test_a_chip_in_focus_previews_the_quoted_sentence_with_its_title(empty_page: Open, locale: str) -> None:
    page = empty_page(locale)
    ask(page, DOSE[locale])
    requested = len(page.requested)  # type: ignore[attr-defined]
    chip, preview = page.locator("#log .statement .chip").first, page.get_by_role("tooltip")
    expect(preview).to_be_hidden()
    chip.focus()
    expect(preview).to_contain_text(SENTENCE)
    expect(preview).to_contain_text("<Gids> & bijlagen om Veltoral")  # as text
    assert page.locator("#preview-quote").get_attribute("lang") == "da"
    assert chip.get_attribute("aria-describedby") == preview.get_attribute("id")
    assert len(page.requested) == requested  # type: ignore[attr-defined]


def test_a_preview_stays_while_it_is_hovered_and_goes_with_the_pointer(empty_page: Open) -> None:
    page = empty_page()
    ask(page, DOSE["da-DK"])
    preview = page.get_by_role("tooltip")
    page.locator("#log .statement .chip").first.hover()
    expect(preview).to_be_visible()
    preview.hover()
    page.wait_for_timeout(700)  # longer than it lingers
    expect(preview).to_be_visible()
    page.mouse.move(5, 5)
    expect(preview).to_be_hidden()


def test_a_preview_lies_within_the_window_and_escape_hides_it(open_page: Open) -> None:
    page = open_page()
    ask(page, DOSE["da-DK"])
    chip = page.locator("#log .statement .chip").first
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 860})
        chip.scroll_into_view_if_needed()
        chip.focus()
        expect(page.get_by_role("tooltip")).to_be_visible()
        box = page.get_by_role("tooltip").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 860
        page.keyboard.press("Escape")
        expect(page.get_by_role("tooltip")).to_be_hidden()
        expect(chip).to_be_focused()
        chip.blur()


@pytest.mark.parametrize(
    ("locale", "previous", "next_"),
    [
        ("da-DK", "Forrige kilde", "Næste kilde"),
        ("nl-NL", "Vorige bron", "Volgende bron"),
        ("en-GB", "Previous source", "Next source"),
    ],
)
def test_buttons_lead_from_source_to_source(empty_page: Open, locale: str, previous: str, next_: str) -> None:
    page = empty_page(locale)
    ask(page, STUDY)
    current = page.locator("#panel .source.is-current")
    back, on = page.get_by_role("button", name=previous), page.get_by_role("button", name=next_)
    on.click()
    expect(current).to_have_attribute("data-n", "1")
    on.press("Enter")
    expect(current).to_have_attribute("data-n", "2")
    expect(on).to_be_focused()  # to be pressed again
    assert "2" in (page.locator("#announcer").text_content() or "")
    expect(on).to_have_attribute("aria-disabled", "true")
    on.press("Enter")
    expect(current).to_have_attribute("data-n", "2")
    back.click()
    expect(current).to_have_attribute("data-n", "1")
    expect(page.locator("#panel-place")).to_have_text("1 / 2")


def test_n_and_p_go_from_source_to_source_and_escape_returns_to_its_chip(empty_page: Open) -> None:
    page = empty_page()
    ask(page, STUDY)
    page.locator("#log .chip[data-n='1']").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    expect(page.locator("#panel .source[data-n='2']")).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator("#panel .source[data-n='1']")).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    expect(page.locator("#log .chip[data-n='2']").first).to_be_focused()


def test_n_and_p_go_from_chip_to_chip_and_are_letters_in_the_question_box(empty_page: Open) -> None:
    page = empty_page()
    ask(page, STUDY)
    chips = page.locator("#log a[data-n]")
    chips.nth(0).focus()
    page.keyboard.press("n")
    expect(chips.nth(1)).to_be_focused()
    page.keyboard.press("p")
    expect(chips.nth(0)).to_be_focused()
    page.keyboard.press("p")
    expect(chips.nth(0)).to_be_focused()
    box = page.locator("#question textarea")
    box.focus()
    page.keyboard.type("np")
    expect(box).to_have_value("np")
    expect(page.locator("#panel .source.is-current")).to_have_count(0)
    box.fill("")


@pytest.mark.parametrize(
    ("locale", "how_often", "amount"),
    [
        ("da-DK", "Hvor ofte hver 4. uge", "Mængde 60 mg"),
        ("nl-NL", "Hoe vaak elke 4 weken", "Hoeveelheid 60 mg"),
        ("en-GB", "How often every 4 weeks", "Amount 60 mg"),
    ],
)
def test_key_figures_stand_below_the_answer_and_lead_to_their_source(
    empty_page: Open, locale: str, how_often: str, amount: str
) -> None:
    page = empty_page(locale)
    ask(page, DOSE[locale])
    shown = page.locator("#log .figures .figure")
    expect(shown).to_have_count(2)
    expect(page.locator("#panel-steps")).to_be_hidden()  # one source needs no buttons
    for figure, text in zip(shown.all(), (how_often, amount), strict=True):
        assert " ".join(figure.inner_text().split()).startswith(text)
        assert figure.locator(".figure__number").inner_text().split()[-1] == "1"
    shown.first.focus()
    expect(page.get_by_role("tooltip")).to_contain_text(SENTENCE)
    page.keyboard.press("Enter")
    expect(page.locator("#panel .source[data-n='1']")).to_be_focused()


def test_an_answer_partly_from_a_document_in_another_language_says_so_itself(empty_page: Open) -> None:
    page = empty_page()
    ask(page, STUDY)
    expect(page.locator("#log .badge--foreign")).to_have_text("Dels fra et dokument på hollandsk")
    expect(page.locator("#log .conflict__side")).to_have_count(2)
    expect(page.locator("#log .figures")).to_have_count(0)  # documents that disagree have no key figures
    ask(page, DOSE["da-DK"])
    expect(page.locator("#log article.turn").last.locator(".badge--foreign")).to_have_count(0)


BORDERS = """turn => {
    const style = getComputedStyle(turn.querySelector('.turn__answer'));
    const inner = getComputedStyle(turn.querySelector('.turn__answer'), '::before').content;
    return [style.borderLeftStyle, style.borderLeftWidth, style.borderRightWidth, inner].join(' ');
}"""


def test_states_differ_in_border_and_icon_and_not_in_colour_alone(empty_page: Open) -> None:
    page = empty_page()
    for question in (DOSE["da-DK"], "Hvad koster Bruxamin?", STUDY, DOSE["en-GB"]):
        ask(page, question)
    turns = page.locator("#log article.turn").all()
    borders = {turn.evaluate(BORDERS) for turn in turns}
    assert len(borders) == 4
    turns[0].evaluate("turn => turn.classList.replace('turn--quoted', 'turn--model')")
    assert turns[0].evaluate(BORDERS) not in borders
    icons = [turn.locator(".badge").last.locator("svg").inner_html() for turn in turns]
    badges = [turn.locator(".badge").last.inner_text() for turn in turns]
    assert len(set(icons[:2]) | {turns[2].locator(".badge svg").first.inner_html()}) == 3
    assert len(set(badges[:2]) | {turns[2].locator(".badge").first.inner_text()}) == 3
    assert page.locator("#log .badge svg:not([aria-hidden='true'])").count() == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", "Formuleret af en sprogmodel"),
        ("nl", "Verwoord door een taalmodel"),
        ("en", "Worded by a language model"),
    ],
)
def test_an_answer_in_a_models_words_is_marked_as_one(language: str, said: str) -> None:
    answer = Answer("Hvor ofte?", "Hver 4. uge.", False, language, (Statement("Hver 4. uge.", ()),), wording="model")
    drawn = render.answered("turn-1", "a1", answer, _nothing, _nothing, strings(language))
    assert "turn--model" in drawn
    assert "turn--quoted" not in drawn
    assert said in drawn


def _nothing(citation: Citation) -> Any:
    raise AssertionError(f"there is no citation {citation.n} to draw")


CONTRAST = """() => {
    const parts = colour => {
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parts(getComputedStyle(at).backgroundColor);
            if (colour[3] === 255) return colour;
        }
        return [255, 255, 255];
    };
    const texts = '.badge, .figure__kind, .figure__value, .figure__number, .statement, .chip, #preview p, .panel__place,'
        + ' #panel-steps button span, .source__foreign, .turn__note, .conflict__date, .sheet figcaption, .sheet a';
    return [...document.querySelectorAll(texts)].filter(one => one.checkVisibility()).map(one => {
        const pair = [light(parts(getComputedStyle(one).color)), light(behind(one))].sort((a, b) => b - a);
        return [one.className || one.tagName, (pair[0] + 0.05) / (pair[1] + 0.05)];
    });
}"""


def test_what_states_and_sources_say_can_be_read(open_page: Open) -> None:
    page = open_page("en-GB")
    for question in (DOSE["en-GB"], "Hvad koster Bruxamin?", STUDY):
        ask(page, question)
    page.locator("#log .statement .chip").last.focus()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
        measured = page.evaluate(CONTRAST)
        assert len(measured) > 15
        assert [(name, ratio) for name, ratio in measured if ratio < 4.5] == [], scheme


@pytest.mark.parametrize(
    ("locale", "state"),
    [("da-DK", "Citeret fra dokumenterne"), ("nl-NL", "Geciteerd uit de documenten")],
)
def test_a_question_sent_before_the_page_has_loaded_is_answered_in_the_browsers_language(
    browser: Browser, address: str, locale: str, state: str
) -> None:
    context = browser.new_context(locale=locale)
    page, held = context.new_page(), list[Route]()

    def hold_the_first(route: Route) -> None:
        """The first event is the page's own, which brings its language."""
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/gradio_api/queue/join*", hold_the_first)
    page.goto(address)
    page.locator("#question textarea").wait_for()
    page.wait_for_timeout(500)
    assert held
    ask(page, DOSE[locale])
    expect(page.locator("#language input:checked")).to_have_count(0)
    expect(page.locator("#log .badge--quoted")).to_have_text(state)
    held[0].continue_()
    expect(page.locator("#language input:checked")).to_have_count(1)
    context.close()
