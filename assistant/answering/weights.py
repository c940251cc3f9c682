"""The learnt weights: how much each measure of a sentence counts. `training/evidence` makes them.

Three logistic regressions, kept as plain numbers in `models/evidence.json`. One ranks all sentences by what is measured
of them. One ranks again with what the reader finds. One tells from the best sentence, and from how far the
next are behind, how probably the answer is right.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering.features import FEATURES
from assistant.errors import PackageBrokenError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]
    Vector = npt.NDArray[np.float64]

_FILE = Path(__file__).parents[1] / "models" / "evidence.json"


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression over named measures."""

    names: tuple[str, ...]
    mean: "Vector"
    scale: "Vector"
    weights: "Vector"
    bias: float

    def logits(self, matrix: "Matrix") -> "Vector":
        """(rows, names) to (rows,)."""
        found: Vector = (matrix - self.mean) / self.scale @ self.weights + self.bias
        return found

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the file."""
        columns = zip(self.mean, self.scale, self.weights, strict=True)
        return {
            "bias": round(self.bias, 5),
            "measures": {
                name: [round(float(value), 5) for value in column]
                for name, column in zip(self.names, columns, strict=True)
            },
        }


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learnt."""

    measured: Regression  # over FEATURES
    read: Regression  # over FEATURES and READ
    confidence: Regression  # over CONFIDENCE


READ = ("near", "near_behind", "nearest")
CONFIDENCE = (
    "logit", "behind_next", "behind_third", "behind_fifth", "mass", "same_document", "same_section", "near",
    "near_behind", "nearest", "near_spread", "coverage", "coverage_behind", "own", "own_things", "things", "names",
    "lacks_most", "lacks_name", "lacks_number", "lacks_anywhere", "lacks_most_anywhere", "soft", "soft_behind",
    "closeness", "closeness_behind", "retrieved", "other_name", "speaks_of_another", "lacks_figure", "lacks_date",
    "lacks_interval", "lacks_money", "terms", "unknown", "own_language", "asks_for_name", "wants_quantity",
    "wants_interval", "wants_date", "wants_list", "wants_yes_no", "wants_definition", "wants_reason",
    "wants_fact",
)  # fmt: skip


@cache
def learnt() -> Weights:
    """The packaged weights.

    Raises:
        PackageBrokenError: the file is missing, or was made for other measures than this code takes.
    """
    try:
        stated = json.loads(_FILE.read_text("utf-8"))
        return Weights(
            _regression(stated["measured"], FEATURES),
            _regression(stated["read"], (*FEATURES, *READ)),
            _regression(stated["confidence"], CONFIDENCE),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PackageBrokenError(_FILE.name) from error


def _regression(stated: dict[str, Any], names: tuple[str, ...]) -> Regression:
    import numpy as np

    if set(stated["measures"]) != set(names):
        raise ValueError(f"made for other measures: {sorted(set(stated['measures']) ^ set(names))}")
    columns = np.array([stated["measures"][name] for name in names], dtype=np.float64)
    return Regression(names, columns[:, 0], columns[:, 1], columns[:, 2], float(stated["bias"]))
