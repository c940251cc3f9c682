"""Every measure over the rows of a run, each with its interval. What each means stands in docs/evals.md."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.calibration import Calibration
from assistant.evaluation.rows import Row

SEED = 20261
RESAMPLES = 1000
CURVE_RESAMPLES = 200  # of measures that have no part and whole, and take longer
RATIOS = (
    *("right", "fact recall", "fact precision", "value exact", "value F1", "SQuAD exact", "SQuAD F1"),
    *("citation recall", "citation precision", "span recall", "span precision", "grounding violations"),
    *("abstention precision", "abstention recall", "conflict precision", "conflict recall"),
    *("recall@1", "recall@3", "recall@10", "nDCG@10", "words per answer"),
)
LESS_IS_BETTER = frozenset(
    (
        "grounding violations",
        "words per answer",
        "risk-coverage area",
        "calibration error",
        "seconds p50",
        "seconds p95",
    )
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of a measure, and where it lies with 95 % confidence; over nothing, all three are None."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    questions: int  # that it applies to

    @property
    def less_is_better(self) -> bool:
        return self.name in LESS_IS_BETTER


def measured(rows: Sequence[Row]) -> list[Measured]:
    """Every measure, in order; by percentile bootstrap over questions, the same each time.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    return [*(_ratio(name, rows) for name in RATIOS), *(_curve(name, rows) for name in CURVES)]


def value(name: str, rows: Sequence[Row]) -> float | None:
    """One measure, without its interval."""
    if name in CURVES:
        return CURVES[name](rows)
    counted = [row.parts[name] for row in rows if name in row.parts]
    whole = math.fsum(whole for _, whole in counted)
    return math.fsum(part for part, _ in counted) / whole if whole else None


def risk_coverage_area(rows: Sequence[Row]) -> float | None:
    """The mean share of wrong answers, over answering only the k most confident, for each k: 0 is best.

    Over the answers given; equal confidences come and go together, as the mean over their orders.

    Source: Geifman, Uziel and El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", ICLR 2019.
    """
    given = sorted((row for row in rows if row.answered), key=lambda row: -row.confidence)
    if not given:
        return None
    area, wrong, start = 0.0, 0.0, 0
    while start < len(given):
        end = start
        while end < len(given) and given[end].confidence == given[start].confidence:
            end += 1
        share = sum(not row.right for row in given[start:end]) / (end - start)
        for k in range(start + 1, end + 1):
            area += (wrong + share * (k - start)) / k
        wrong += share * (end - start)
        start = end
    return area / len(given)


def _calibration_error(rows: Sequence[Row]) -> float | None:
    return Calibration(tuple((row.confidence, row.right) for row in rows if row.answered)).error


def _percentile(share: float) -> Callable[[Sequence[Row]], float | None]:
    def of(rows: Sequence[Row]) -> float | None:
        import numpy as np

        return float(np.percentile([row.seconds for row in rows], share)) if rows else None

    return of


CURVES: dict[str, Callable[[Sequence[Row]], float | None]] = {
    "risk-coverage area": risk_coverage_area,
    "calibration error": _calibration_error,
    "seconds p50": _percentile(50),
    "seconds p95": _percentile(95),
}


def _ratio(name: str, rows: Sequence[Row]) -> Measured:
    import numpy as np

    counted = [row.parts[name] for row in rows if name in row.parts]
    found = value(name, rows)
    if found is None:
        return Measured(name, None, None, None, 0)
    parts = np.array(counted, dtype=float)
    draws = np.random.default_rng(SEED).integers(0, len(counted), (RESAMPLES, len(counted)))
    sums = parts[draws].sum(axis=1)
    shares = sums[:, 0] / sums[:, 1]
    return Measured(name, found, *_interval(shares), len(counted))


def _curve(name: str, rows: Sequence[Row]) -> Measured:
    import numpy as np

    found = value(name, rows)
    if found is None:
        return Measured(name, None, None, None, 0)
    draws = np.random.default_rng(SEED).integers(0, len(rows), (CURVE_RESAMPLES, len(rows)))
    again = [value(name, [rows[n] for n in draw]) for draw in draws.tolist()]
    applies = len(rows) if name.startswith("seconds") else sum(row.answered for row in rows)
    return Measured(name, found, *_interval([one for one in again if one is not None]), applies)


def _interval(values: Any) -> tuple[float, float]:
    import numpy as np

    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)
