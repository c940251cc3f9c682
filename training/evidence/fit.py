"""Fits the weights: what ranks, what ranks again, and what tells how probably the answer is right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from assistant.answering.evidence import Evidence, confidence_row, with_nearness
from assistant.answering.features import FEATURES
from assistant.answering.weights import CONFIDENCE, READ, Regression
from training.evidence.rows import Rows

Matrix = npt.NDArray[np.float64]
FOLDS = 6
SMOOTH = {"measured": 0.3, "read": 0.1, "confidence": 0.1}  # sklearn's C: the less, the nearer to zero the weights


@dataclass(frozen=True, slots=True)
class Read:
    """A question's rows with what the reader finds."""

    rows: Rows
    near: npt.NDArray[np.float64]

    @property
    def matrix(self) -> Matrix:
        found: Matrix = with_nearness(self.rows.x, self.near)
        return found


def regression(
    names: tuple[str, ...], matrix: Matrix, right: npt.NDArray[np.bool_], smooth: float, weight: Matrix | None = None
) -> Regression:
    """A logistic regression over standardised columns."""
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0)
    scale[scale < 1e-9] = 1.0
    fitted = LogisticRegression(C=smooth, max_iter=5_000).fit((matrix - mean) / scale, right, sample_weight=weight)
    return Regression(names, mean, scale, fitted.coef_[0], float(fitted.intercept_[0]))


def measured(rows: Sequence[Rows]) -> Regression:
    """What is measured of a sentence, against whether it answers; every question weighs the same."""
    matrix, right = np.vstack([row.x for row in rows]), np.concatenate([row.y for row in rows])
    return regression(FEATURES, matrix, right, SMOOTH["measured"], _evenly([len(row.y) for row in rows]))


def read_again(read: Sequence[Read]) -> Regression:
    """The same with what the reader finds."""
    matrix, right = np.vstack([one.matrix for one in read]), np.concatenate([one.rows.y for one in read])
    sizes = [len(one.rows.y) for one in read]
    return regression((*FEATURES, *READ), matrix, right, SMOOTH["read"], _evenly(sizes))


def _evenly(sizes: Sequence[int]) -> Matrix:
    return np.concatenate([np.full(size, 40.0 / size) for size in sizes])


def cross_fitted(read: Sequence[Read]) -> list[Matrix]:
    """The logits of each question's sentences, by weights fitted without that question."""
    found: list[Matrix] = [np.zeros(0)] * len(read)
    for kept, out in KFold(FOLDS, shuffle=True, random_state=1).split(np.arange(len(read))):
        fitted = read_again([read[at] for at in kept])
        for at in out:
            found[at] = fitted.logits(read[at].matrix)
    return found


def confidence_rows(read: Sequence[Read], logits: Sequence[Matrix]) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """Of each question's best sentence: its row, and whether it answers."""
    rows, right = [], []
    for one, found in zip(read, logits, strict=True):
        ranked = as_evidence(one, found)
        rows.append(confidence_row(one.rows.question, ranked[0], ranked, one.rows.rarity)[0])
        right.append(bool(one.rows.y[int(np.argmax(found))]))
    return np.array(rows), np.array(right)


def as_evidence(one: Read, logits: Matrix) -> list[Evidence]:
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
            one.rows.x[at],
        )
        for at in order
    ]


def confidence(read: Sequence[Read], smooth: float = SMOOTH["confidence"]) -> Regression:
    """How probably the best sentence answers; questions without an answer count among the wrong ones."""
    rows, right = confidence_rows(read, cross_fitted(read))
    return regression(CONFIDENCE, rows, right, smooth)
