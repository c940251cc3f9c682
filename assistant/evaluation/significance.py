"""Is one run really worse than another over the same questions? Paired tests, exact or by seed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.measures import CURVES, LESS_IS_BETTER, RATIOS, SEED, value
from assistant.evaluation.rows import Row

RESAMPLES = 1000
ALPHA = 0.05
_NOISE = 1e-6


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one measure, over the questions that both runs asked and to which it applies in both."""

    name: str
    before: float | None
    after: float | None
    worse: tuple[str, ...]  # ids of the questions that fell
    better: tuple[str, ...]
    p: float | None  # how often chance alone makes a change like this for the worse; None: nothing to compare

    @property
    def is_drop(self) -> bool:
        """Whether it became significantly worse."""
        return self.p is not None and self.p < ALPHA

    @property
    def is_gain(self) -> bool:
        return self.p is not None and self.p > 1 - ALPHA and bool(self.better)


def changes(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """Each measure before and after, where there is something to compare; seconds are left out: machines differ."""
    old = {row.id: row for row in before}
    pairs = [(old[row.id], row) for row in after if row.id in old]
    names = [name for name in (*RATIOS, *CURVES) if not name.startswith("seconds")]
    return [change for name in names if (change := _change(name, pairs)).before is not None or change.after is not None]


def mcnemar(worse: int, better: int) -> float:
    """The probability that at least `worse` of the questions that changed did so for the worse, were it a coin's toss.

    Source: McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika 12,
    1947; exact and one-sided.
    """
    changed = worse + better
    return float(sum(math.comb(changed, k) for k in range(worse, changed + 1)) / 2**changed)


def _change(name: str, pairs: Sequence[tuple[Row, Row]]) -> Change:
    sign = -1 if name in LESS_IS_BETTER else 1
    if name in CURVES:
        return _curve_change(name, pairs)
    both = [(a, b) for a, b in pairs if name in a.parts and name in b.parts]
    shares = [(a.id, _beyond_noise(sign * (_share(b, name) - _share(a, name)))) for a, b in both]
    worse = tuple(id_ for id_, by in shares if by < 0)
    better = tuple(id_ for id_, by in shares if by > 0)
    before, after = value(name, [a for a, _ in both]), value(name, [b for _, b in both])
    if not both:
        p = None
    elif all(_share(one, name) in (0, 1) for pair in both for one in pair):
        p = mcnemar(len(worse), len(better))
    else:
        p = _bootstrap([by for _, by in shares])
    return Change(name, before, after, worse, better, p)


def _curve_change(name: str, pairs: Sequence[tuple[Row, Row]]) -> Change:
    """Over all questions at once: which of them made the change cannot be said."""
    return Change(name, value(name, [a for a, _ in pairs]), value(name, [b for _, b in pairs]), (), (), None)


def _beyond_noise(difference: float) -> float:
    """A difference; none where two processors may differ so much in the last digits of the same sum."""
    return difference if abs(difference) > _NOISE else 0.0


def _share(row: Row, name: str) -> float:
    part, whole = row.parts[name]
    return part / whole if whole else 0.0


def _bootstrap(differences: Sequence[float]) -> float:
    """How often a resample of the differences, by question, is no drop on average.

    Source: Koehn, "Statistical Significance Tests for Machine Translation Evaluation", EMNLP 2004.
    """
    import numpy as np

    given = np.array(differences)
    if not given.any():
        return 0.5
    draws = np.random.default_rng(SEED).integers(0, len(given), (RESAMPLES, len(given)))
    means = given[draws].mean(axis=1)
    return float((np.sum(means >= 0) + 1) / (RESAMPLES + 1))
