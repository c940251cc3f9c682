"""A second sentence beside the best, where the weights cannot tell well which of the two answers.

Two readers of the same page may each point at another line of it. Shown both, the asker decides; the second is
announced as what may be meant too, and never as the answer. How probably the second answers where the best does not is
learnt as the confidence is (`training/evidence`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.evidence import Evidence
from assistant.answering.weights import learnt

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

_SHOWN = 0.12  # how probably the second must answer in place of the best to stand beside one that is sure
_WORDS = 20  # up to so many it costs nothing to read; one of twice as many must be twice as probable
_SURER = 0.08  # how much surer than a single answer that one of two is right must be
_FAR = 5.0  # logits: further behind is not told apart


@dataclass(frozen=True, slots=True)
class Alternative:
    """The second sentence, and how probably the best or it answers."""

    evidence: Evidence
    best: float  # how probably the best answers: 0 to 1
    instead: float  # how probably this one does, and the best does not: 0 to 1

    @property
    def is_likely(self) -> bool:
        """Whether it is worth showing beside a best that may be said alone."""
        words = len(self.evidence.sentence.text.split())
        return self.instead >= _SHOWN * max(1.0, words / _WORDS)

    def makes_sure(self, least: float) -> bool:
        """Whether both may be said where the best may not be said alone, `least` being what an answer must reach."""
        return self.best + self.instead >= least + _SURER


def alternative(best: Evidence, others: Sequence[Evidence], sure: float) -> Alternative | None:
    """The likeliest of the others as an alternative; None where there is none.

    Args:
        others: what may be said besides, likeliest first; without what says the same as the best.
        sure: how probably the best answers, 0 to 1.
    """
    other = next((e for e in others if e.key != best.key and e.sentence.text != best.sentence.text), None)
    if other is None:
        return None
    third = next((e.logit for e in others if e.key not in (best.key, other.key)), -_FAR)
    value = float(learnt().instead.logits(row(best, other, third, sure))[0])
    return Alternative(other, sure, 1 / (1 + math.exp(-max(-30.0, min(30.0, value)))))


def row(best: Evidence, other: Evidence, third: float, sure: float) -> "Matrix":
    """The measures of a pair, as in INSTEAD: (1, len(INSTEAD)). `third`: the logit of what comes next."""
    import numpy as np

    sure = min(max(sure, 1e-6), 1 - 1e-6)
    return np.array(
        [
            [
                math.log(sure / (1 - sure)),
                best.logit,
                other.logit,
                _apart(best.logit, other.logit),
                _apart(other.logit, third),
                best.nearness - other.nearness,
                best.judged,
                other.judged,
                float(best.candidate.passage.document_id == other.candidate.passage.document_id),
            ]
        ]
    )


def _apart(one: float, other: float) -> float:
    return max(-_FAR, min(_FAR, one - other))
