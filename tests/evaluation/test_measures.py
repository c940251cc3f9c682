"""Measures agree with reference implementations, with hand-counted cases, and say nothing of nothing."""

import math
import random

import numpy as np
import pytest
from scripted import DOCUMENTS, LEAFLET, OTHER, answer, cite
from sklearn.calibration import calibration_curve
from sklearn.metrics import f1_score, ndcg_score, precision_score, recall_score

from assistant.answering.answer import Answer
from assistant.evaluation import measures, squad
from assistant.evaluation.calibration import bins
from assistant.evaluation.matching import compiled
from assistant.evaluation.metrics import judge
from assistant.evaluation.question_set import Question
from assistant.evaluation.quotes import places
from assistant.evaluation.ranking import Ranking, ndcg, recall
from assistant.evaluation.rows import Row, row_of
from assistant.evaluation.values import value

DOSE = "én tablet\nà 2,5 mg to gange dagligt."


def row(said: Answer, *, facts: tuple[str, ...] = ("2,5 mg",), ranking: Ranking | None = None, **more: object) -> Row:
    spans = {} if more.get("abstain") else {LEAFLET.id: places(DOSE, LEAFLET.text)}
    groups = () if more.get("abstain") else tuple((value(fact, "da"),) for fact in facts)
    question = Question("q", "da", "dose", "?", facts=groups, **more)  # type: ignore[arg-type]
    return row_of(judge(question, said, spans, lambda id_: DOCUMENTS[id_].text, ranking))


@pytest.mark.parametrize(
    ("said", "golds", "is_exact", "overlap"),
    [
        ("The Denver Broncos!", ["Denver Broncos"], True, 1.0),
        ("an  apple", ["the apple."], True, 1.0),
        ("Denver", ["Denver Broncos", "Broncos"], False, 2 / 3),
        ("golden gold gold", ["gold anniversary gold"], False, 2 / 3),
        ("", [], True, 1.0),
        ("something", [], False, 0.0),
        ("", ["Denver Broncos"], False, 0.0),
    ],
)
def test_short_answers_are_compared_by_the_rules_of_squad(
    said: str, golds: list[str], is_exact: bool, overlap: float
) -> None:
    assert squad.exact(said, golds) == is_exact
    assert squad.f1(said, golds) == pytest.approx(overlap)


def test_ndcg_is_the_one_of_scikit_learn() -> None:
    drawn = random.Random(2)
    for _ in range(20):
        relevant = [drawn.random() < 0.3 for _ in range(9)] + [True]
        at = drawn.randint(1, 10)
        ranking = Ranking(tuple(n for n, one in enumerate(relevant, 1) if one), sum(relevant))
        expected = ndcg_score([[float(one) for one in relevant]], [[10.0 - n for n in range(10)]], k=at)
        assert ndcg(ranking, at) == pytest.approx(expected)


def test_recall_and_ndcg_of_a_hand_counted_case() -> None:
    ranking = Ranking((2, 5), 3)  # the third was not found
    assert [recall(ranking, at) for at in (1, 3, 10)] == [0.0, 1 / 3, 2 / 3]
    best = 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg(ranking, 10) == pytest.approx((1 / math.log2(3) + 1 / math.log2(6)) / best)
    assert recall(Ranking((1,), 4), 1) == 1.0


def test_the_area_under_risk_and_coverage_of_a_hand_counted_case() -> None:
    said = [(0.9, True), (0.8, False), (0.7, True), (0.6, False)]
    rows = [_plain(confidence, right) for confidence, right in said]
    assert measures.risk_coverage_area(rows) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    tied = [_plain(0.5, right) for _, right in said]
    assert measures.risk_coverage_area(tied) == pytest.approx(0.5)
    silent = _plain(0.99, False).model_copy(update={"answered": False})
    assert measures.risk_coverage_area([*rows, silent]) == measures.risk_coverage_area(rows)


def test_bins_of_the_calibration_error_are_those_of_scikit_learn() -> None:
    drawn = random.Random(3)
    claims = [(drawn.random(), drawn.random() < 0.6) for _ in range(200)]
    shares, means = calibration_curve(
        [right for _, right in claims], [p for p, _ in claims], n_bins=10, strategy="quantile"
    )
    ours = bins(claims)
    assert [one.share for one in ours] == pytest.approx(list(shares))
    assert [one.mean for one in ours] == pytest.approx(list(means))


def test_abstention_is_counted_as_scikit_learn_does() -> None:
    drawn = random.Random(4)
    cases = [(drawn.random() < 0.4, drawn.random() < 0.5) for _ in range(30)]
    rows = [row(answer("2,5 mg.", abstained=silent), abstain=should) for should, silent in cases]
    should, silent = [one for one, _ in cases], [one for _, one in cases]
    assert measures.value("abstention precision", rows) == pytest.approx(precision_score(should, silent))
    assert measures.value("abstention recall", rows) == pytest.approx(recall_score(should, silent))


def test_values_are_compared_as_bags() -> None:
    said = answer("Giv 2,5 mg, højst 5 mg, i 2 uger.", cite(1, LEAFLET, DOSE))
    found = row(said, facts=("2,5 mg", "14 dage", "10 mg")).parts
    assert found["fact recall"] == (2, 3)
    assert found["value exact"] == (0, 1)
    expected = f1_score([1, 1, 1, 0], [1, 1, 0, 1])  # 2,5 mg; 14 days; 10 mg; 5 mg
    assert found["value F1"][0] == pytest.approx(expected)
    assert row(answer("Giv 0,0025 g.", cite(1, LEAFLET, DOSE))).parts["value exact"] == (1, 1)
    assert row(answer("Giv −2,5 mg.", cite(1, LEAFLET, DOSE))).parts["value exact"] == (0, 1)


def test_citations_are_counted_by_statement_by_citation_and_by_character() -> None:
    half = DOSE[: len(DOSE) // 2]
    found = row(answer("2,5 mg.", cite(1, LEAFLET, half), cite(2, OTHER, "5 mg"))).parts
    assert found["citation recall"] == (1, 1)
    assert found["citation precision"] == (1, 2)
    assert found["span recall"][0] == pytest.approx(len(half) / len(DOSE))
    assert found["span precision"][0] == pytest.approx(len(half) / (len(half) + 4))
    silent = row(answer("?", abstained=True)).parts
    assert "span precision" not in silent and silent["span recall"] == (0, 1)


def test_a_statement_that_its_citation_does_not_back_is_a_violation() -> None:
    assert row(answer("Giv 25 mg to gange dagligt.", cite(1, LEAFLET, DOSE))).parts["grounding violations"] == (1, 1)
    quoted = " ".join(DOSE.split())
    assert row(answer(quoted, cite(1, LEAFLET, DOSE))).parts["grounding violations"] == (0, 1)


def test_conflicts_have_a_precision_and_a_recall() -> None:
    shown = answer("2,5 mg.", cite(1, LEAFLET, DOSE), cite(2, OTHER, "5 mg"), conflict=True)
    rows = [row(shown, conflict=True), row(shown), row(answer("2,5 mg.", cite(1, LEAFLET, DOSE)), conflict=True)]
    assert measures.value("conflict precision", rows) == 0.5
    assert measures.value("conflict recall", rows) == 0.5


def test_nothing_is_measured_of_nothing_and_an_empty_answer_is_no_success() -> None:
    assert all(one.value is one.low is one.high is None and not one.questions for one in measures.measured([]))
    empty = {one.name: one.value for one in measures.measured([row(answer("", abstained=True))])}
    assert empty["fact recall"] == empty["right"] == empty["abstention precision"] == 0
    assert empty["citation precision"] is empty["grounding violations"] is empty["risk-coverage area"] is None


def test_intervals_are_the_same_each_time_and_hold_the_truth() -> None:
    drawn = random.Random(5)
    rows = [_plain(drawn.random(), drawn.random() < 0.7) for _ in range(80)]
    first, again = measures.measured(rows), measures.measured(rows)
    assert first == again
    right = next(one for one in first if one.name == "right")
    assert right.low is not None and right.high is not None and right.value is not None
    spread = 1.96 * math.sqrt(right.value * (1 - right.value) / 80)
    assert right.low == pytest.approx(right.value - spread, abs=0.02)
    assert right.high == pytest.approx(right.value + spread, abs=0.02)


def test_latency_is_the_percentile_of_numpy() -> None:
    rows = [_plain(0.5, True).model_copy(update={"seconds": float(n)}) for n in range(1, 101)]
    assert measures.value("seconds p95", rows) == pytest.approx(float(np.percentile(range(1, 101), 95)))


def _plain(confidence: float, right: bool) -> Row:
    return Row(
        id="q", language="da", kind="dose", documents=(), should_abstain=False, answered=True, right=right,
        confidence=confidence, seconds=0.1, parts={"right": (float(right), 1)},
    )  # fmt: skip


def test_a_plain_text_fact_that_is_one_figure_is_compared_as_a_value() -> None:
    pattern = compiled("2,5 mg")
    question = Question("q", "da", "dose", "?", facts=((pattern,),), written={pattern.pattern: "2,5 mg"})
    said = answer("0,0025 g og 2,5 mg.", cite(1, LEAFLET, DOSE))
    found = row_of(judge(question, said, {}, lambda id_: None)).parts
    assert found["value exact"] == (1, 1)
