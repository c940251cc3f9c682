"""A conversation on paper, read back from the PDF that the browser makes of it."""

import io
from collections.abc import Callable

import pypdfium2
import pytest
from driving import ask
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

DOSE = "Hvor ofte gives Veltoral?"
STUDY = "Hvor mange kvinder deltog i studiet af Veltoral?"
SENTENCE = "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."
PLACEBO = "In een studie onder 389 vrouwen met jicht werd Veltoral vergeleken met placebo."
BUTTONS = {
    "da-DK": "Udskriv / PDF",
    "nl-NL": "Afdrukken / pdf",
    "en-GB": "Print / PDF",
}


def printed(page: Page, **more: object) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", **more)))  # type: ignore[arg-type]


def text_of(document: pypdfium2.PdfDocument) -> str:
    return " ".join(" ".join(sheet.get_textpage().get_text_range() for sheet in document).split())


def test_questions_answers_and_every_source_stand_on_paper(empty_page: Open) -> None:
    page = empty_page()
    ask(page, DOSE)
    ask(page, STUDY)
    facts = (DOSE, STUDY, PLACEBO, "<Gids> & bijlagen om Veltoral", "Styrelsen", "1. marts 2025", "1. april 2025")
    for landscape in (False, True):
        text = text_of(printed(page, landscape=landscape)).replace("\ufffe", "-")
        for part in facts:
            assert part in text, part
        assert text.count(SENTENCE) == 2  # the answer, and the source's words
        assert "Dosis" in text
        assert "Tabletten synkes hel." in text  # the passage around the quote
        assert "https://example.org/veltoral" in text
        assert "412 kvinder" in text
        assert text.index(DOSE) < text.index("1. marts 2025") < text.index(STUDY)


@pytest.mark.parametrize("locale", BUTTONS)
def test_buttons_and_panel_do_not(empty_page: Open, locale: str) -> None:
    page = empty_page(locale)
    ask(page, DOSE)
    shown = page.locator("button:visible, [role=tab]:visible, #panel a:visible").all_inner_texts()
    words = {one.strip() for one in shown if len(one.strip()) > 1}
    assert BUTTONS[locale] in words
    text = text_of(printed(page)).replace(page.locator("#page-title").inner_text(), "")
    assert SENTENCE in text
    assert [word for word in words if word in text] == []


def test_the_button_prints_and_leaves_the_page_as_it_was(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("#print-chat")).to_be_hidden()
    ask(page, DOSE)
    before = page.locator("#log").inner_html()
    page.evaluate("window.print = () => { window.hasPrinted = true; }")
    page.get_by_role("button", name=BUTTONS["da-DK"]).click()
    assert page.evaluate("window.hasPrinted") is True
    printed(page)
    assert page.locator("#log").inner_html() == before


def test_paper_is_light_also_where_the_page_is_dark(open_page: Open) -> None:
    page = open_page(color_scheme="dark")
    ask(page, DOSE)
    sheet = printed(page, print_background=True)[0].render().to_pil().convert("L")
    darkness = sheet.histogram()
    assert sheet.getpixel((5, 5)) == 255
    assert sum(darkness[:128]) < 0.2 * sum(darkness)
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    pale = page.evaluate(
        """() => [...document.querySelectorAll("#log *")].filter(one => {
          const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
          const light = getComputedStyle(one).color.match(/[0-9.]+/g).slice(0, 3).every(part => part > 150);
          return own && one.checkVisibility() && light;
        }).map(one => one.className)"""
    )
    assert pale == []


def test_a_source_is_not_torn_apart(empty_page: Open) -> None:
    page = empty_page()
    for _ in range(5):
        ask(page, STUDY)
    for sheet in printed(page):
        text = " ".join(sheet.get_textpage().get_text_range().split())
        for start, end in (
            ("1. marts 2025 Sprog", "Fil veltoral.da.md"),
            ("1. april 2025 Sprog", "Fil veltoral.nl.md"),
        ):
            assert text.count(start) == text.count(end)
        assert text.count(f"{PLACEBO} Citatet") == text.count("Fil veltoral.nl.md")
