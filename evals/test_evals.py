"""The shared yardstick where it is at hand. The sets here are run by `make test`, as `pytest --assistant-evals`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.evaluation.question_set import load
from assistant.evaluation.runner import run_set

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared"
QUESTIONS, ORIGINALS, YARDSTICK = SHARED / "questions-dev.jsonl", SHARED / "corpus-originals", SHARED / "score.py"
SETS = sorted(HERE.glob("*.yaml"))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_question_set_states_thresholds_so_that_it_can_fail(path: Path) -> None:
    assert load(path).thresholds


@pytest.mark.skipif(
    not (QUESTIONS.exists() and ORIGINALS.is_dir() and YARDSTICK.exists()),
    reason="the originals and their yardstick are not beside this checkout",
)
def test_the_originals_are_answered_by_the_yardstick(tmp_path: Path) -> None:
    assistant = Assistant(Settings.load(corpus=ORIGINALS, index=tmp_path / "index"))
    assistant.index()
    report = run_set(assistant, load(QUESTIONS), workers=2)
    assistant.close()
    answers = tmp_path / "answers.jsonl"
    answers.write_text(report.answers_jsonl(), "utf-8")
    command = [sys.executable, str(YARDSTICK), str(QUESTIONS), str(answers), str(ORIGINALS)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = dict(re.findall(r"^(\S.*?) (\d\.\d+) \(", printed, re.M))
    assert figures["spans exact"] == "1.000", printed
    assert figures["statements cited"] == "1.000", printed
    assert float(figures["right (fact and evidence)"]) >= 0.55, printed
    assert not report.stale
