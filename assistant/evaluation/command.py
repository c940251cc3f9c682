"""`assistant eval`: question sets over an index of their own corpus, a table each, and whether thresholds hold."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.engine import Assistant
from assistant.errors import QuestionSetError
from assistant.evaluation.question_set import QuestionSet, load
from assistant.evaluation.report import Report
from assistant.evaluation.runner import run_set
from assistant.settings import Settings


def run(sets: Sequence[Path], *, corpus: Path | None, index: Path | None, show: bool = False) -> bool:
    """Run question sets and print a table of each; True where every threshold holds.

    Args:
        corpus: search these documents, whatever the sets name.
        index: keep the index there; None: in a temporary folder.

    Raises:
        QuestionSetError: there is no set, a set cannot be read, or it names no corpus.
    """
    if not sets:
        raise QuestionSetError("evals", "no set", "there is no question set; name a .yaml or .jsonl file")
    held = True
    for path in sets:
        report = _run_one(load(path), corpus, index)
        print(report.table(show=show))
        for failure in report.failures():
            held = False
            print(f"missed: {failure}")
    return held


def _run_one(question_set: QuestionSet, corpus: Path | None, index: Path | None) -> Report:
    documents = corpus or question_set.corpus
    if documents is None:
        raise QuestionSetError(question_set.path, "the whole set", "it names no corpus; add one with --corpus DIR")
    with tempfile.TemporaryDirectory(prefix="assistant-eval-") as aside:
        assistant = Assistant(Settings.load(corpus=documents, index=index or Path(aside)))
        assistant.index()
        try:
            return run_set(assistant, question_set)
        finally:
            assistant.close()
