"""The page, opened by somebody from whom a document is kept: no tab, route or error tells that it is there."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from driving import ask, served
from playwright.sync_api import Browser, expect

from assistant import Assistant, Settings
from assistant.access import Caller
from assistant.web import signing_in as door

pytestmark = pytest.mark.browser
SECRET = "kwarbutemperatuur"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A page whose every caller is a reader of no group."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "open.nl.md").write_text(
        "---\ntitle: Veltoral\nlanguage: nl\n---\n\n# Veltoral\n\nDe dosering van Veltoral is 60 mg per dag.\n", "utf-8"
    )
    (corpus / "closed.nl.md").write_text(
        "---\ntitle: Ombrevan\nlanguage: nl\naccess: [pharmacy]\n---\n\n# Ombrevan\n\n"
        f"De dosering van Ombrevan is 12 mg per dag. Ombrevan wordt bewaard bij {SECRET}.\n",
        "utf-8",
    )
    assistant = Assistant(Settings(corpus=corpus, index=tmp_path / "index", eval_runs=tmp_path / "runs"))
    assistant.index()
    monkeypatch.setattr(door, "LOCAL", Caller("anna"))
    with served(assistant) as at:
        yield at
    assistant.close()


def test_the_page_tells_nothing_of_a_document_that_is_kept_from_its_reader(browser: Browser, address: str) -> None:
    page = browser.new_context(locale="nl-NL").new_page()
    told: list[str] = []
    page.on(
        "response",
        lambda reply: told.append(reply.text()) if "json" in (reply.header_value("content-type") or "") else None,
    )
    page.goto(address)
    page.locator("[data-page-language='nl']").wait_for()
    expect(page.locator("#welcome")).to_contain_text("uit één document")
    ask(page, "Hoe wordt Ombrevan bewaard?")
    expect(page.locator("#log article.turn").last).to_have_attribute("data-state", "abstained")
    ask(page, "Wat is de dosering van Veltoral?")
    expect(page.locator("#log article.turn").last).to_contain_text("60 mg")
    page.locator("#rooms [role=tab]").nth(1).click()
    expect(page.locator("#library-list")).to_contain_text("Veltoral")
    expect(page.locator("#library-drop")).to_have_count(0)
    page.locator("#rooms [role=tab]").nth(2).click()
    expect(page.locator("#quality")).to_contain_text("geen toegang")
    for text in (page.content(), *told):
        assert SECRET not in text
        assert "12 mg" not in text
        assert "closed.nl.md" not in text
    page.context.close()


def test_a_route_says_the_same_of_a_hidden_document_as_of_none(address: str) -> None:
    for path in ("/library/document?id={}", "/page-image/{}/1.png"):
        hidden, missing = (httpx.get(address + path.format(name)) for name in ("closed.nl.md", "absent.nl.md"))
        assert hidden.status_code == missing.status_code
        assert hidden.text.replace("closed", "absent") == missing.text
    listed = httpx.get(f"{address}/library/documents?language=nl").text
    assert "Veltoral" in listed and "Ombrevan" not in listed


def test_a_reader_may_not_change_anything(address: str) -> None:
    own = {"sec-fetch-site": "same-origin"}
    for path in ("remove?id=open.nl.md", "indexing", "restore?token=x", "files?name=new.md"):
        assert httpx.post(f"{address}/library/{path}", headers=own).status_code == 403
