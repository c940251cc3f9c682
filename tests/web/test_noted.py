"""What is answered on the page is written down, under the id by which feedback names it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import ask, served
from playwright.sync_api import Browser, expect

from assistant import Assistant, Settings
from assistant.records.recorder import Recorder
from assistant.records.replay import replay

pytestmark = pytest.mark.browser


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, days in (("a", 14), ("b", 28)):
        text = f"---\ntitle: Veltoral {name}\nlanguage: en\n---\n\n# Veltoral\n\nVeltoral is given every {days} days.\n"
        (corpus / f"{name}.en.md").write_text(text, "utf-8")
    made = Assistant(Settings(corpus=corpus, index=tmp_path / "index", records_folder=tmp_path / "records"))
    made.index()
    yield made
    made.close()


def test_an_answer_on_the_page_can_be_replayed(browser: Browser, assistant: Assistant) -> None:
    recorder = Recorder.open(assistant)
    with served(assistant, recorder) as at:
        page = browser.new_context(locale="en-GB").new_page()
        page.goto(at)
        page.locator("[data-page-language='en']").wait_for()
        page.locator("#narrow summary").click()
        page.locator("#narrow-form").get_by_label("Veltoral b").check()
        expect(page.locator("#narrowed")).to_contain_text("1 of 2")
        ask(page, "How often is Veltoral given?")
        expect(page.locator("#log article.turn").last).to_contain_text("every 28 days")
        id_ = page.locator("#log .verdict").last.get_attribute("data-answer") or ""
        page.context.close()
    entry = next(entry for entry in recorder.log.entries() if entry.kind == "ask")
    assert (entry.subject, entry.door) == (id_, "page")
    assert entry.body["question"] == "How often is Veltoral given?"
    assert replay(assistant, recorder.log, id_).is_same
    recorder.close()
