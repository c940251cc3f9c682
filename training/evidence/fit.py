"""Fits the weights: what ranks, what ranks again, and what tells how probably the answer is right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold

from assistant.answering.alternative import row as pair_row
from assistant.answering.confidence import row as confidence_row
from assistant.answering.evidence import Evidence, with_judged, with_nearness
from assistant.answering.features import FEATURES
from assistant.answering.weights import CONFIDENCE, INSTEAD, JUDGED, READ, Blend, Regression, trees
from training.evidence.rows import Rows

Matrix = npt.NDArray[np.float64]
FOLDS = 6
THIN = 8  # of the sentences that were not read, one in so many is fitted on
WRONG_WEIGHS = 0.2  # of a wrong answer to a question that has a right one
# Of the probability: more of these can only speak against an answer, or only for it, whatever few questions suggest.
AGAINST = (
    "lacks_most", "lacks_name", "lacks_number", "lacks_anywhere", "lacks_most_anywhere", "unknown", "lacks_figure",
    "lacks_date", "lacks_interval", "lacks_money", "other_name", "speaks_of_another", "sets_apart",
    "leaves_open",
)  # fmt: skip
FOR = ("logit", "near", "judged", "surest", "coverage", "own", "own_things", "things", "names", "soft", "closeness")
BOOSTING: dict[str, Any] = {
    "max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 40, "l2_regularization": 5.0,
}  # fmt: skip
# sklearn's C: the less, the nearer to zero the weights.
SMOOTH = {
    "measured": 0.3,
    "read": 0.1,
    "judged": 0.1,
    "confidence": 0.1,
    "instead": 1.0,
}


@dataclass(frozen=True, slots=True)
class Read:
    """A question's rows with what the reader finds of each sentence by itself."""

    rows: Rows
    near: npt.NDArray[np.float64]

    @property
    def matrix(self) -> Matrix:
        found: Matrix = with_nearness(self.rows.x, self.near)
        return found


@dataclass(frozen=True, slots=True)
class Judged(Read):
    """The same with what it finds of question and sentence together."""

    fits: npt.NDArray[np.float64]

    @property
    def matrix(self) -> Matrix:
        found: Matrix = with_judged(with_nearness(self.rows.x, self.near), self.fits)
        return found


def regression(
    names: tuple[str, ...], matrix: Matrix, right: npt.NDArray[np.bool_], smooth: float, weight: Matrix | None = None
) -> Regression:
    """A logistic regression over standardised columns."""
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0)
    scale[scale < 1e-9] = 1.0
    fitted = LogisticRegression(C=smooth, max_iter=5_000).fit((matrix - mean) / scale, right, sample_weight=weight)
    return Regression(names, mean, scale, fitted.coef_[0], float(fitted.intercept_[0]))


def bounded(matrix: Matrix, right: npt.NDArray[np.bool_], smooth: float, weight: Matrix) -> Regression:
    """The same over CONFIDENCE, each weight on the side of nought where it belongs."""
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0)
    scale[scale < 1e-9] = 1.0
    x, y = (matrix - mean) / scale, np.where(right, 1.0, -1.0)

    def cost(parameters: Matrix) -> tuple[float, Matrix]:
        values = y * (x @ parameters[:-1] + parameters[-1])
        slope = -weight * y / (1 + np.exp(np.clip(values, -30, 30)))
        worth = smooth * (weight * np.logaddexp(0, -values)).sum() + 0.5 * (parameters[:-1] ** 2).sum()
        return float(worth), np.append(smooth * (slope @ x) + parameters[:-1], smooth * slope.sum())

    sides = [(None, 0.0) if name in AGAINST else (0.0, None) if name in FOR else (None, None) for name in CONFIDENCE]
    found = minimize(cost, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=[*sides, (None, None)])
    return Regression(CONFIDENCE, mean, scale, found.x[:-1], float(found.x[-1]))


def measured(rows: Sequence[Rows]) -> Regression:
    """What is measured of a sentence, against whether it answers; every question weighs the same."""
    matrix, right = np.vstack([row.x for row in rows]), np.concatenate([row.y for row in rows])
    return regression(FEATURES, matrix, right, SMOOTH["measured"], _evenly([len(row.y) for row in rows]))


def read_again(read: Sequence[Read]) -> Regression:
    """The same with what the reader finds of each sentence by itself: it chooses those that are judged."""
    return _again((*FEATURES, *READ), read, SMOOTH["read"])


def judged_again(judged: Sequence[Judged]) -> Regression:
    """The same with what it finds of question and sentence together."""
    return _again((*FEATURES, *READ, *JUDGED), judged, SMOOTH["judged"])


def _again(names: tuple[str, ...], read: Sequence[Read], smooth: float) -> Regression:
    matrix, right, weight = _thinned(read)
    return regression(names, matrix, right, smooth, weight)


def boosted(read: Sequence[Judged]) -> dict[str, Any]:
    """Small boosted trees over the same, as they stand in the file; which column a node looks at is by its place."""
    matrix, right, weight = _thinned(read)
    model = HistGradientBoostingClassifier(random_state=1, **BOOSTING).fit(matrix, right, sample_weight=weight)
    made, depth = [], 0
    for (predictor,) in model._predictors:
        nodes = []
        for place, node in enumerate(predictor.nodes):
            leaf = bool(node["is_leaf"])
            sides = (place, place) if leaf else (int(node["left"]), int(node["right"]))
            # A threshold is kept to six decimals, upwards: a value on it still goes to the left.
            cut = 0.0 if leaf else float(np.ceil(node["num_threshold"] * 1e6) / 1e6)
            nodes.append([0 if leaf else int(node["feature_idx"]), cut, *sides, round(float(node["value"]), 5)])
            depth = max(depth, int(node["depth"]))
        made.append(nodes)
    return {"bias": round(float(model._baseline_prediction[0, 0]), 5), "depth": depth, "trees": made}


def blended(read: Sequence[Judged]) -> Blend:
    """Both at once."""
    return Blend(judged_again(read), trees(boosted(read)))


def _thinned(read: Sequence[Read]) -> tuple[Matrix, npt.NDArray[np.bool_], Matrix]:
    """Rows, which of them answer, and their weights: of the hundreds that nobody would read one in THIN is enough."""
    kept = []
    for one in read:
        is_kept = one.rows.y | (one.near > one.near.min())
        is_kept[::THIN] = True
        kept.append(is_kept)
    matrix = np.vstack([one.matrix[is_kept] for one, is_kept in zip(read, kept, strict=True)])
    right = np.concatenate([one.rows.y[is_kept] for one, is_kept in zip(read, kept, strict=True)])
    return matrix, right, _evenly([int(is_kept.sum()) for is_kept in kept])


def _evenly(sizes: Sequence[int]) -> Matrix:
    return np.concatenate([np.full(size, 40.0 / size) for size in sizes])


def cross_fitted(read: Sequence[Judged]) -> list[Matrix]:
    """The logits of each question's sentences, by weights fitted without that question."""
    found: list[Matrix] = [np.zeros(0)] * len(read)
    for kept, out in KFold(FOLDS, shuffle=True, random_state=1).split(np.arange(len(read))):
        fitted = blended([read[at] for at in kept])
        for at in out:
            found[at] = fitted.logits(read[at].matrix)
    return found


def confidence_rows(read: Sequence[Judged], logits: Sequence[Matrix]) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """Of each question's best sentence: its row, and whether it answers."""
    rows, right = [], []
    for one, found in zip(read, logits, strict=True):
        ranked = as_evidence(one, found)
        rows.append(confidence_row(one.rows.question, ranked[0], ranked, one.rows.rarity)[0])
        right.append(bool(one.rows.y[int(np.argmax(found))]))
    return np.array(rows), np.array(right)


def as_evidence(one: Judged, logits: Matrix) -> list[Evidence]:
    """As the assistant ranks them."""
    order = np.argsort(-logits, kind="stable")
    return [
        Evidence(
            one.rows.measured[at].candidate,
            one.rows.measured[at].index,
            float(1 / (1 + np.exp(-np.clip(logits[at], -30, 30)))),
            one.rows.measured[at].coverage,
            one.rows.measured[at].matches,
            one.rows.measured[at].own,
            one.rows.measured[at].is_blank,
            float(one.near[at]),
            float(one.fits[at]),
            one.rows.x[at],
        )
        for at in order
    ]


def confidence(read: Sequence[Judged], logits: Sequence[Matrix]) -> Regression:
    """How probably the best sentence answers; `logits` are those of `cross_fitted`.

    What matters most is to tell right answers from questions that nothing answers, so wrong answers to other questions
    weigh little in it; then it is calibrated on all, so that it is a probability.
    """
    rows, right = confidence_rows(read, logits)
    weight = np.where(right | unanswerable(read), 1.0, WRONG_WEIGHS)
    told = bounded(rows, right, SMOOTH["confidence"], weight)
    slope, offset = calibrated(out_of_fold(rows, right, weight), right)
    return replace(told, weights=told.weights * slope, bias=told.bias * slope + offset)


def unanswerable(read: Sequence[Judged]) -> npt.NDArray[np.bool_]:
    """Of each question, whether nothing answers it."""
    return np.array([not one.rows.case.gold for one in read])


def out_of_fold(rows: Matrix, right: npt.NDArray[np.bool_], weight: Matrix) -> Matrix:
    """The value of each row by weights fitted without it."""
    found = np.zeros(len(right))
    for kept, out in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(rows, right):
        fitted = bounded(rows[kept], right[kept], SMOOTH["confidence"], weight[kept])
        found[out] = fitted.logits(rows[out])
    return found


def calibrated(values: Matrix, right: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that make a probability's logit of a value."""
    fitted = LogisticRegression(C=1e3).fit(values[:, None], right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Of each question that has two sentences: the measures of the best two, and which of them answers."""

    rows: Matrix  # (questions, INSTEAD)
    first: npt.NDArray[np.bool_]
    second: npt.NDArray[np.bool_]


def pairs(read: Sequence[Judged], logits: Sequence[Matrix]) -> Pairs:
    """`logits` are those of `cross_fitted`; how sure the best is counts as told by weights fitted without it."""
    rows, right = confidence_rows(read, logits)
    values = out_of_fold(rows, right, np.where(right | unanswerable(read), 1.0, WRONG_WEIGHS))
    slope, offset = calibrated(values, right)
    found, first, second = [], [], []
    for one, by, value in zip(read, logits, slope * values + offset, strict=True):
        places = np.argsort(-by, kind="stable")
        ranked = as_evidence(one, by)
        others = [at for at, e in enumerate(ranked) if e.sentence.text != ranked[0].sentence.text][:2]
        if len(others) == 2:
            found.append(pair_row(ranked[0], ranked[others[0]], ranked[others[1]].logit, 1 / (1 + np.exp(-value)))[0])
            first.append(bool(one.rows.y[places[0]]))
            second.append(bool(one.rows.y[places[others[0]]]))
    return Pairs(np.array(found), np.array(first), np.array(second))


def instead(told: Pairs) -> Regression:
    """How probably the second sentence answers, and the best does not."""
    return regression(INSTEAD, told.rows, told.second & ~told.first, SMOOTH["instead"])
