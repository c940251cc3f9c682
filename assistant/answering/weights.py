"""The learnt weights: how much each measure of a sentence counts. `training/evidence` makes them.

Kept as plain numbers in `models/evidence.json`. A logistic regression ranks all sentences by what is measured of them;
another ranks again with what the reader finds of each by itself. A third ranks with what it finds of question and
sentence together, beside small boosted trees, which see what two measures say at once. A fourth tells from the best
sentence, and from how far the next are behind, how probably the answer is right; a fifth, how probably
the second sentence is, and the best is not.
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
    Places = npt.NDArray[np.int64]
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
class Trees:
    """Boosted regression trees over the columns of a matrix (Friedman, "Greedy function approximation", 2001).

    Node 0 of each tree is its root. A leaf leads back to itself, so that every row takes `depth` steps.
    """

    column: "Places"  # (trees, nodes): which column a node looks at
    threshold: "Matrix"  # (trees, nodes): up to this value a row goes to the left
    left: "Places"  # (trees, nodes): places in the same tree
    right: "Places"
    value: "Matrix"  # (trees, nodes): what a leaf adds
    depth: int
    bias: float

    def logits(self, matrix: "Matrix") -> "Vector":
        """(rows, columns) to (rows,)."""
        import numpy as np

        trees = np.arange(len(self.column))
        at = np.zeros((len(matrix), len(trees)), dtype=np.int64)
        for _ in range(self.depth):
            seen = np.take_along_axis(matrix, self.column[trees, at], axis=1)
            at = np.where(seen <= self.threshold[trees, at], self.left[trees, at], self.right[trees, at])
        found: Vector = self.value[trees, at].sum(axis=1) + self.bias
        return found


@dataclass(frozen=True, slots=True)
class Blend:
    """The mean of what a regression and trees say of the same columns."""

    regression: Regression
    trees: Trees

    def logits(self, matrix: "Matrix") -> "Vector":
        """(rows, columns) to (rows,)."""
        found: Vector = 0.5 * (self.regression.logits(matrix) + self.trees.logits(matrix))
        return found


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learnt."""

    measured: Regression  # over FEATURES
    read: Regression  # over FEATURES and READ
    judged: Blend  # over FEATURES, READ and JUDGED
    confidence: Regression  # over CONFIDENCE
    instead: Regression  # over INSTEAD: whether the second sentence answers in place of the best


READ = ("near", "near_behind", "nearest")
JUDGED = ("judged", "judged_behind", "surest")
CONFIDENCE = (
    "logit", "behind_next", "behind_third", "behind_fifth", "mass", "same_document", "same_section", "near",
    "near_behind", "nearest", "near_spread", "judged", "judged_behind", "surest", "judged_ahead", "coverage",
    "coverage_behind", "own", "own_things", "things", "names", "lacks_most", "lacks_name", "lacks_number",
    "lacks_anywhere", "lacks_most_anywhere", "soft", "soft_behind", "closeness", "closeness_behind", "retrieved",
    "sets_apart", "leaves_open", "other_name", "speaks_of_another", "lacks_figure", "lacks_date", "lacks_interval",
    "lacks_money", "terms", "unknown", "own_language", "asks_for_name", "wants_quantity", "wants_interval",
    "wants_date", "wants_list", "wants_yes_no", "wants_definition", "wants_reason", "wants_fact",
)  # fmt: skip
INSTEAD = (
    "sure", "best", "second", "second_behind", "third_behind", "near_ahead", "best_judged", "second_judged",
    "same_document",
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
            Blend(_regression(stated["judged"], (*FEATURES, *READ, *JUDGED)), trees(stated["trees"])),
            _regression(stated["confidence"], CONFIDENCE),
            _regression(stated["instead"], INSTEAD),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PackageBrokenError(_FILE.name) from error


def trees(stated: dict[str, Any]) -> Trees:
    """Trees as they stand in the file: of each a list of nodes [column, threshold, left, right, value].

    A leaf has itself on either side; trees of fewer nodes than the largest are filled up.
    """
    import numpy as np

    most = max(len(nodes) for nodes in stated["trees"])
    table = np.zeros((len(stated["trees"]), most, 5))
    for place, nodes in enumerate(stated["trees"]):
        table[place, : len(nodes)] = nodes
    whole = table[:, :, [0, 2, 3]].astype(np.int64)
    return Trees(
        whole[:, :, 0],
        table[:, :, 1],
        whole[:, :, 1],
        whole[:, :, 2],
        table[:, :, 4],
        int(stated["depth"]),
        float(stated["bias"]),
    )


def _regression(stated: dict[str, Any], names: tuple[str, ...]) -> Regression:
    import numpy as np

    if set(stated["measures"]) != set(names):
        raise ValueError(f"made for other measures: {sorted(set(stated['measures']) ^ set(names))}")
    columns = np.array([stated["measures"][name] for name in names], dtype=np.float64)
    return Regression(names, columns[:, 0], columns[:, 1], columns[:, 2], float(stated["bias"]))
