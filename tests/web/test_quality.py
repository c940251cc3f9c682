"""What the assistant gets right, as the page shows it: the runs that were kept, in pictures with their tables."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.evaluation.kept import Run
from assistant.evaluation.runs import keep

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def quality(page: Page) -> None:
    """Open the tab."""
    page.locator("#room-quality-button").click()
    expect(page.locator("#quality .quality")).to_be_visible(timeout=10_000)


@pytest.mark.parametrize(("locale", "title"), [("da-DK", "Kvalitet"), ("nl-NL", "Kwaliteit"), ("en-GB", "Quality")])
def test_without_a_run_the_tab_says_how_to_make_one(open_page: Open, locale: str, title: str) -> None:
    page = open_page(locale)
    expect(page.locator("#room-quality-button")).to_have_text(title)
    quality(page)
    expect(page.locator(".quality__empty code")).to_have_text("assistant eval")
    assert page.locator("#quality .set").count() == 0


def test_the_last_run_stands_in_figures_bars_and_tables(open_page: Open, kept_runs: Path) -> None:
    page = open_page("en-GB")
    quality(page)
    tiles = page.locator(".set .tile")
    assert [text.split("\n")[:2] for text in tiles.all_inner_texts()] == [
        ["Answered right", "50%"],
        ["Right source cited", "100%"],
        ["Rightly not answered", "50%"],
    ]
    expect(page.locator(".set__facts")).to_contain_text("4 questions over 2 documents")
    expect(page.locator(".set__missed")).to_contain_text("Answered right: 0.500, must be at least 0.900")
    kinds = page.locator(".bars").first
    assert kinds.get_attribute("role") == "img"
    assert "By kind of question" in (kinds.get_attribute("aria-label") or "")
    picture = page.locator(".picture", has_text="By kind of question")
    picture.locator("summary").click()
    row = picture.locator("tbody tr", has_text="blank")
    assert row.locator("td").all_inner_texts() == ["1", "–", "–", "100% 1/1"]
    dutch = page.locator(".picture", has_text="By language").locator("tbody tr", has_text="Dutch")
    assert "50% 1/2" in " ".join((dutch.text_content() or "").split())

    bar = page.locator(".tile--right svg")  # as long as its share
    whole, part = bar.locator(".track").bounding_box(), bar.locator(".bar").bounding_box()
    assert whole
    assert part
    assert part["width"] == pytest.approx(whole["width"] / 2, abs=2)

    trend = page.locator("svg.trend")  # a dot for each run, and lines with names
    expect(trend.locator(".dot--right")).to_have_count(2)
    assert trend.locator(".trend__name").all_text_contents() == ["Source 100%", "Right 50%", "Not answered 50%"]
    first, last = trend.locator(".dot--right").nth(0).bounding_box(), trend.locator(".dot--right").nth(1).bounding_box()
    assert first
    assert last
    assert first["x"] < last["x"]
    assert first["y"] > last["y"], "it got better, so the line must rise"


def test_what_failed_opens_with_its_answer_and_what_was_expected(open_page: Open, kept_runs: Path) -> None:
    page = open_page("en-GB")
    quality(page)
    page.get_by_text("2 questions were not answered as they should be").click()
    failures = page.locator(".failure")
    expect(failures).to_have_count(2)
    failures.nth(0).locator("summary").click()
    text = failures.nth(0).inner_text()
    for part in (
        "Synkes Veltoral <b>hel</b>?",
        "not right",
        "Tabletten synkes hel.",
        "halveres <i>først</i>",
        "✗ not said",
    ):
        assert part in text
    assert failures.locator("b, i").count() == 0, "what a set says is never markup"
    failures.nth(1).locator("summary").click()
    expect(failures.nth(1)).to_contain_text("No answer: the documents do not say.")
    expect(failures.nth(1)).to_contain_text("389 vrouwen")


def test_the_confidence_is_drawn_against_what_came_true(open_page: Open, kept_runs: Path) -> None:
    page = open_page("nl-NL")
    quality(page)
    plot = page.locator(".reliability svg").first
    assert "gezegd" in (plot.get_attribute("aria-label") or "")
    assert plot.locator(".dot").count() >= 1


def test_a_damaged_file_is_named_and_the_rest_is_shown(open_page: Open, kept_runs: Path, measured: Run) -> None:
    (kept_runs / "broken <b>.json").write_text('{"format": "assist', "utf-8")
    keep(kept_runs, measured.model_copy(update={"set": "other.yaml"}))
    page = open_page("da-DK")
    quality(page)
    expect(page.locator(".quality__unread")).to_contain_text("broken <b>.json")
    expect(page.locator("#quality .set")).to_have_count(2)
    expect(page.locator(".quality__sets a")).to_have_count(2)
    page.locator(".quality__sets a", has_text="veltoral").click()
    expect(page.locator(".set__title", has_text="veltoral")).to_be_in_viewport()


def test_the_tab_changes_its_language_with_the_page(open_page: Open, kept_runs: Path) -> None:
    page = open_page("da-DK")
    quality(page)
    expect(page.locator(".quality__title")).to_have_text("Hvad assistenten svarer rigtigt på")
    page.locator("#quality .fold--failed > summary").click()
    page.locator("#quality .failure summary").first.press("Enter")
    page.locator("#language label").filter(has_text="Nederlands").click()
    expect(page.locator(".quality__title")).to_have_text("Wat de assistent goed beantwoordt", timeout=10_000)
    expect(page.locator(".tile").first).to_contain_text("50%")
    expect(page.locator("#quality .failure dl").first).to_be_visible()  # what was unfolded stays so
    expect(page.locator("#quality .failure dl").first).to_contain_text("Verwacht")


def test_on_paper_the_tab_is_dark_on_light(open_page: Open, kept_runs: Path) -> None:
    page = open_page("en-GB", color_scheme="dark")
    quality(page)
    page.emulate_media(media="print", color_scheme="dark")
    pale = page.locator("#quality .quality *").evaluate_all(
        """all => all.filter(e => e.checkVisibility() && e.textContent.trim() && !e.closest("svg")
          && Math.min(...getComputedStyle(e).color.match(/[0-9]+/g).slice(0, 3)) > 140).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert pale == []
    expect(page.locator("#rooms > .tab-wrapper")).to_be_hidden()
