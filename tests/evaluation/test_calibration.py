"""Calibration figures agree with scikit-learn's, and the page that shows them is safe to open."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import LEAFLET, Scripted, answer, cite
from sklearn.metrics import brier_score_loss

from assistant.evaluation.calibration import Calibration, wilson
from assistant.evaluation.html import page
from assistant.evaluation.question_set import load
from assistant.evaluation.runner import run_set

CLAIMS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200)


@given(CLAIMS)
def test_the_brier_score_is_the_one_of_scikit_learn(claims: list[tuple[float, bool]]) -> None:
    expected = brier_score_loss([true for _, true in claims], [p for p, _ in claims], pos_label=True, labels=[0, 1])
    assert Calibration(tuple(claims)).brier == pytest.approx(expected, abs=1e-9)


@given(CLAIMS)
def test_bins_hold_every_claim_once_and_the_error_lies_between_nothing_and_all(
    claims: list[tuple[float, bool]],
) -> None:
    calibration = Calibration(tuple(claims))
    assert sum(one.count for one in calibration.bins) == len(claims)
    assert calibration.error is not None and 0 <= calibration.error <= 1


def test_the_calibration_error_of_a_hand_counted_case() -> None:
    claims = [(0.2, False)] * 8 + [(0.2, True)] * 2 + [(0.9, True)] * 5 + [(0.9, False)] * 5
    assert Calibration(tuple(claims)).error == pytest.approx((0.0 * 10 + 0.4 * 10) / 20)


def test_an_interval_holds_its_share() -> None:
    low, high = wilson(8, 10)
    assert low == pytest.approx(0.4902, abs=1e-3) and high == pytest.approx(0.9433, abs=1e-3)


def test_what_stands_in_a_question_or_an_answer_is_shown_and_never_run(tmp_path: Path) -> None:
    hostile = "<script>alert('x')</script> & <img src=https://example.org/x onerror=y>"
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / LEAFLET.id).write_text(LEAFLET.text, "utf-8")
    path = tmp_path / "set.yaml"
    path.write_text(
        "corpus: corpus\nquestions:\n  - id: a\n    language: da\n    kind: dose\n"
        f'    question: "{hostile}"\n    facts: [["9 mg"]]\n'
        f'    evidence: [{{document: {LEAFLET.id}, quote: "2,5 mg to gange dagligt."}}]\n',
        "utf-8",
    )
    said = answer(hostile, cite(1, LEAFLET, "2,5 mg"))
    report = run_set(Scripted({hostile: said}), load(path))  # type: ignore[arg-type]
    shown = page([report])
    assert "<script" not in shown
    assert "<img" not in shown and "&lt;script&gt;alert" in shown
    assert "http://" not in shown.replace("http://www.w3.org", "") and 'src="' not in shown
