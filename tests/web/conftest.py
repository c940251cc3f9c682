"""A real server over a small corpus of our own, and a real browser; skipped, with the reason, where there is none."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from driving import served
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


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page in a fresh context; every request is noted in `page.requested`."""
    contexts = []

    def opened(locale: str = "da-DK", width: int = 1280, height: int = 860, **more: object) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height}, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.requested = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.requested.append(request.url))  # type: ignore[attr-defined]
        page.goto(address)
        page.locator("#question textarea").wait_for()
        page.locator("#examples button").first.wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
