"""What the weights achieve on questions left out of the fit, as tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import brier_score_loss, roc_auc_score

from training.evidence.fit import (
    WRONG_WEIGHS,
    Judged,
    Matrix,
    Regression,
    calibrated,
    confidence_rows,
    out_of_fold,
    unanswerable,
)

_AMONG = (1, 3, 5)
_THRESHOLDS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)


def found_first(read: Sequence[Judged], logits: Sequence[Matrix], measured: Regression) -> str:
    """For how many questions a right sentence stands first, among three and among five, by set and by what ranks."""
    lines = ["| set | questions | measured | by itself | together | all |", "|---|---|---|---|---|---|"]
    for name in [*dict.fromkeys(one.rows.folder for one in read), ""]:
        chosen = [at for at, one in enumerate(read) if one.rows.case.gold and name in ("", one.rows.folder)]
        ranked: list[list[Any]] = [
            [measured.logits(read[at].rows.x) for at in chosen],
            [read[at].near for at in chosen],
            [read[at].fits for at in chosen],
            [logits[at] for at in chosen],
        ]
        cells = [_shares([_place(read[at], scores) for at, scores in zip(chosen, by, strict=True)]) for by in ranked]
        lines.append(f"| {name or 'all'} | {len(chosen)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _place(read: Judged, scores: Matrix) -> int:
    right = read.rows.y
    return 1 + int((scores > scores[right].max()).sum()) if right.any() else 10**6


def _shares(places: Sequence[int]) -> str:
    return " / ".join(f"{np.mean([place <= among for place in places]):.2f}" for among in _AMONG)


def calibration(read: Sequence[Judged], logits: Sequence[Matrix]) -> str:
    """What each threshold of the probability lets through: cross-validated."""
    rows, right = confidence_rows(read, logits)
    answerable = ~unanswerable(read)
    values = out_of_fold(rows, right, np.where(right | ~answerable, 1.0, WRONG_WEIGHS))
    slope, offset = calibrated(values, right)
    chance = 1 / (1 + np.exp(-(slope * values + offset)))
    told = right | ~answerable
    lines = [
        f"area under the curve {roc_auc_score(right, chance):.3f} of all questions, "
        f"{roc_auc_score(right[told], chance[told]):.3f} of right answers against questions that nothing answers; "
        f"Brier score {brier_score_loss(right, chance):.3f}",
        "| abstain below | right, of the answerable | wrong, of the answerable | abstained, of the unanswerable |",
        "|---|---|---|---|",
    ]
    for threshold in _THRESHOLDS:
        said = chance >= threshold
        shares = (said & right)[answerable], (said & ~right)[answerable], ~said[~answerable]
        lines.append(f"| {threshold} | {' | '.join(f'{share.mean():.2f}' for share in shares)} |")
    return "\n".join(lines)
