"""The gate: the real assistant over every question set here, and over the shared yardstick where it is at hand."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.evaluation.question_set import load
from assistant.evaluation.runner import run_set

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared"
QUESTIONS, ORIGINALS, YARDSTICK = SHARED / "questions-dev.jsonl", SHARED / "corpus-originals", SHARED / "score.py"
SETS = sorted(HERE.glob("*.yaml"))


@pytest.fixture(scope="session")
def assistant_over(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Assistant]:
    """An assistant with a fresh index of a corpus; each corpus is indexed once."""
    made: dict[Path, Assistant] = {}

    def over(corpus: Path) -> Assistant:
        if corpus not in made:
            made[corpus] = Assistant(Settings.load(corpus=corpus, index=tmp_path_factory.mktemp("index")))
            made[corpus].index()
        return made[corpus]

    return over


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_question_set_meets_its_thresholds(path: Path, assistant_over: Callable[[Path], Assistant]) -> None:
    question_set = load(path)
    assert question_set.thresholds, f"{path.name} states no thresholds, so it cannot fail"
    assert question_set.corpus
    report = run_set(assistant_over(question_set.corpus), question_set)
    failures = report.failures()
    assert not failures, "\n".join([*failures, report.table(show=True, terminal=False)])


@pytest.mark.skipif(
    not (QUESTIONS.exists() and ORIGINALS.is_dir() and YARDSTICK.exists()),
    reason="the originals and their yardstick are not beside this checkout",
)
def test_the_originals_are_answered_by_the_yardstick(
    assistant_over: Callable[[Path], Assistant], tmp_path: Path
) -> None:
    report = run_set(assistant_over(ORIGINALS), load(QUESTIONS))
    answers = tmp_path / "answers.jsonl"
    answers.write_text(report.answers_jsonl(), "utf-8")
    command = [sys.executable, str(YARDSTICK), str(QUESTIONS), str(answers), str(ORIGINALS)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = dict(re.findall(r"^(\S.*?) (\d\.\d+) \(", printed, re.M))
    assert figures["spans exact"] == "1.000", printed
    assert figures["statements cited"] == "1.000", printed
    assert float(figures["right (fact and evidence)"]) >= 0.55, printed
    assert not report.stale
