"""`assistant eval`: question sets over an index of their own corpus, a table each, and whether thresholds hold.

Each run is kept as a file, which the page draws.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from assistant.engine import Assistant
from assistant.errors import QuestionSetError, ReportNotWrittenError
from assistant.evaluation import runs
from assistant.evaluation.question_set import QuestionSet, load
from assistant.evaluation.report import Report
from assistant.evaluation.runner import run_set
from assistant.settings import Settings


def run(
    sets: Sequence[Path], *, corpus: Path | None, index: Path | None, show: bool = False, html: Path | None = None
) -> bool:
    """Run question sets, print a table of each and keep each run; True where every threshold holds.

    Args:
        corpus: search these documents, whatever the sets name.
        index: keep the index there; None: in a temporary folder.
        html: write the reports there too, as one page.

    Raises:
        QuestionSetError: there is no set, a set cannot be read, or it names no corpus.
        ReportNotWrittenError, RunNotKeptError: what was found cannot be written; said before anything is asked.
    """
    if html is not None:
        _write(html, "", mode="a")  # an earlier report stays until there is a new one
    if not sets:
        raise QuestionSetError("evals", "no set", "there is no question set; name a .yaml or .jsonl file")
    kept = Settings.load().eval_runs
    runs.ready(kept)
    held = True
    reports = []
    for path in sets:
        report = _run_one(load(path), corpus, index, kept)
        reports.append(report)
        print(report.table(show=show))
        for failure in report.failures():
            held = False
            print(f"missed: {failure}")
    if html is not None:
        from assistant.evaluation.html import page

        _write(html, page(reports))
    return held


def _write(path: Path, text: str, *, mode: Literal["w", "a"] = "w") -> None:
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ReportNotWrittenError(path, error.strerror or str(error)) from error


def measure(assistant: Assistant, question_set: QuestionSet, kept: Path) -> Report:
    """Run a question set with an assistant, and keep the run in the folder `kept`.

    Raises:
        RunNotKeptError: the folder cannot be written.
    """
    runs.ready(kept)
    report = run_set(assistant, question_set)
    found = assistant.status()
    run = runs.run_of(
        report,
        corpus=assistant.settings.corpus,
        documents=len(found.documents),
        generation=found.generation,
        settings=assistant.settings,
    )
    runs.keep(kept, run)
    return report


def _run_one(question_set: QuestionSet, corpus: Path | None, index: Path | None, kept: Path) -> Report:
    documents = corpus or question_set.corpus
    if documents is None:
        raise QuestionSetError(question_set.path, "the whole set", "it names no corpus; add one with --corpus DIR")
    with tempfile.TemporaryDirectory(prefix="assistant-eval-") as aside:
        assistant = Assistant(Settings.load(corpus=documents, index=index or Path(aside)))
        assistant.index()
        try:
            return measure(assistant, question_set, kept)
        finally:
            assistant.close()
