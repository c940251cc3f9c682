"""What the weights achieve on questions left out of the fit, as tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import cross_val_predict

from training.evidence.fit import FOLDS, SMOOTH, Matrix, Read, Regression, confidence_rows

_AMONG = (1, 3, 5)
_THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)


def found_first(read: Sequence[Read], logits: Sequence[Matrix], measured: Regression) -> str:
    """For how many questions a right sentence stands first, among three and among five, by set and by what ranks."""
    lines = ["| set | questions | measured | reader alone | both |", "|---|---|---|---|---|"]
    for name in [*dict.fromkeys(one.rows.folder for one in read), ""]:
        chosen = [at for at, one in enumerate(read) if one.rows.case.gold and name in ("", one.rows.folder)]
        ranked: list[list[Any]] = [
            [measured.logits(read[at].rows.x) for at in chosen],
            [read[at].near for at in chosen],
            [logits[at] for at in chosen],
        ]
        cells = [_shares([_place(read[at], scores) for at, scores in zip(chosen, by, strict=True)]) for by in ranked]
        lines.append(f"| {name or 'all'} | {len(chosen)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _place(read: Read, scores: Matrix) -> int:
    right = read.rows.y
    return 1 + int((scores > scores[right].max()).sum()) if right.any() else 10**6


def _shares(places: Sequence[int]) -> str:
    return " / ".join(f"{np.mean([place <= among for place in places]):.2f}" for among in _AMONG)


def calibration(read: Sequence[Read], logits: Sequence[Matrix]) -> str:
    """What each threshold of the probability lets through: cross-validated."""
    rows, right = confidence_rows(read, logits)
    spread = rows.std(axis=0)
    scaled = (rows - rows.mean(axis=0)) / np.where(spread < 1e-9, 1.0, spread)
    model = LogisticRegression(C=SMOOTH["confidence"], max_iter=5_000)
    chance = cross_val_predict(model, scaled, right, cv=FOLDS, method="predict_proba")[:, 1]
    answerable = np.array([bool(one.rows.case.gold) for one in read])
    lines = [
        f"area under the curve {roc_auc_score(right, chance):.3f}, Brier score {brier_score_loss(right, chance):.3f}",
        "| abstain below | right, of the answerable | wrong, of the answerable | abstained, of the unanswerable |",
        "|---|---|---|---|",
    ]
    for threshold in _THRESHOLDS:
        said = chance >= threshold
        shares = (said & right)[answerable], (said & ~right)[answerable], ~said[~answerable]
        lines.append(f"| {threshold} | {' | '.join(f'{share.mean():.2f}' for share in shares)} |")
    return "\n".join(lines)
