"""A real server over a small corpus of our own, and a real browser; skipped, with the reason, where there is none."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from driving import served
from libraries import FILES, Library, over
from pages import Pages
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.engine import Assistant
from assistant.evaluation.kept import KeptScore, Run
from assistant.evaluation.question_set import load
from assistant.evaluation.runner import run_set
from assistant.evaluation.runs import keep, ready, run_of
from assistant.settings import Settings

expect.set_options(timeout=20_000)  # tests run side by side, each with a browser and a server of its own
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OVERVIEW = """---
title: <Gids> & bijlagen om Veltoral
language: da
publisher: Styrelsen
date: 2025-03-01
url: https://example.org/veltoral
---
# Veltoral

## Dosis

Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge. Tabletten synkes hel. <b>Se [indlægssedlen](javascript:x).</b>

## Studie

I et studie blandt 412 kvinder med gigt blev Veltoral sammenlignet med placebo.
"""
DUTCH = """---
title: Veltoral, overzicht
language: nl
publisher: Uitgeverij
date: 2025-04-01
---
# Veltoral

In een studie onder 389 vrouwen met jicht werd Veltoral vergeleken met placebo.
"""

QUESTIONS = """
corpus: corpus
thresholds: {right: 0.9}
questions:
  - {id: dose, language: da, kind: dose, question: "Hvor ofte gives Veltoral?", facts: [["hver 4. uge"]],
     evidence: [{document: veltoral.da.md, quote: "60 mg én gang hver 4. uge"}]}
  - {id: wrong, language: da, kind: whole, question: "Synkes Veltoral <b>hel</b>?", facts: [["halveres <i>først</i>"]],
     evidence: [{document: veltoral.da.md, quote: "Tabletten synkes hel."}]}
  - {id: price, language: nl, kind: blank, question: "Wat kost Bruxamin?", abstain: true}
  - {id: told, language: nl, kind: told, question: "Hoeveel vrouwen deden mee aan de studie van Veltoral?", abstain: true}
"""


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the documents above; no run of a question set is kept yet."""
    folder: Path = tmp_path_factory.mktemp("web")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "veltoral.da.md").write_text(OVERVIEW, "utf-8")
    (folder / "corpus" / "veltoral.nl.md").write_text(DUTCH, "utf-8")
    made = Assistant(
        Settings(
            corpus=folder / "corpus",
            index=folder / "index",
            eval_runs=folder / "runs",
            records_folder=folder / "records",
        )
    )
    made.index()
    yield made
    made.close()


@pytest.fixture(scope="session")
def address(assistant: Assistant) -> Iterator[str]:
    """Where the page is served."""
    with served(assistant) as at:
        yield at


@pytest.fixture(scope="session")
def measured(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of a small question set by that assistant: one right, one wrong, one rightly and one not abstained from."""
    folder = tmp_path_factory.mktemp("sets")
    (folder / "corpus").mkdir()  # the set must name one; the assistant searches its own
    (folder / "veltoral.yaml").write_text(QUESTIONS, "utf-8")
    report = run_set(assistant, load(folder / "veltoral.yaml"))
    return run_of(
        report,
        corpus=folder / "corpus",
        documents=2,
        generation="000001",
        settings=assistant.settings,
        when=datetime(2026, 2, 3, 9, 30, tzinfo=UTC),
    )


@pytest.fixture
def kept_runs(assistant: Assistant, measured: Run) -> Iterator[Path]:
    """The folder in which that run is kept, and an earlier and worse one; emptied afterwards."""
    folder = assistant.settings.eval_runs
    ready(folder)
    worse = measured.scores | {"right": KeptScore(part=0, whole=2)}
    keep(folder, measured.model_copy(update={"scores": worse, "when": measured.when.replace(day=1)}))
    keep(folder, measured)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as Debian installs it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium is installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def pages(browser: Browser) -> Iterator[Pages]:
    """The pages that stay open."""
    held = Pages(browser)
    yield held
    held.leave()


@pytest.fixture
def open_page(address: str, pages: Pages) -> Callable[..., Page]:
    """Opens the page, loaded anew; every request is noted in `page.requested`."""

    def opened(locale: str = "da-DK", width: int = 1280, height: int = 860, **media: object) -> Page:
        return pages.reloaded(address, locale, width, height, **media)

    return opened


@pytest.fixture
def empty_page(address: str, pages: Pages, request: pytest.FixtureRequest) -> Callable[..., Page]:
    """Opens the page with an empty conversation, as fast as can be; for tests that do no more than ask and read."""
    pages.failed(request.session.testsfailed)
    return lambda locale="da-DK": pages.cleared(address, locale)


@pytest.fixture
def library_over(pages: Pages, tmp_path: Path) -> Iterator[Callable[..., Library]]:
    """Serves a library over files given as name -> text."""
    with ExitStack() as ends:
        yield lambda files, **settings: over(tmp_path, pages, files, ends, **settings)


@pytest.fixture(scope="session")
def shelf(pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library over the files above, for tests that only look at it."""
    with ExitStack() as ends:
        yield over(tmp_path_factory.mktemp("library"), pages, FILES, ends)


@pytest.fixture
def library(shelf: Library) -> Iterator[Library]:
    """The same, for tests that change it; put back afterwards."""
    yield shelf
    shelf.restore()
