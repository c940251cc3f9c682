"""The packaged weights can be read, and trees say what each of their leaves says."""

import numpy as np
import pytest

from assistant.answering.features import FEATURES
from assistant.answering.weights import JUDGED, READ, learnt, trees

STATED = {
    "bias": -1.0,
    "depth": 2,
    "trees": [
        # column 0 up to 0.5: +1; above it, column 1 up to 3.0: +2, else +4
        [[0, 0.5, 1, 2, 0.0], [0, 0.0, 1, 1, 1.0], [1, 3.0, 3, 4, 0.0], [0, 0.0, 3, 3, 2.0], [0, 0.0, 4, 4, 4.0]],
        [[0, 0.0, 0, 0, 0.25]],  # a single leaf
    ],
}


@pytest.mark.parametrize(("row", "said"), [((0.5, 9.0), 1.0), ((0.6, 3.0), 2.0), ((0.6, 3.1), 4.0)])
def test_a_row_gets_what_its_leaves_say(row: tuple[float, float], said: float) -> None:
    assert trees(STATED).logits(np.array([row, row])).tolist() == [said + 0.25 - 1.0] * 2


def test_the_packaged_trees_look_only_at_columns_that_there_are() -> None:
    kept, columns = learnt().judged.trees, len((*FEATURES, *READ, *JUDGED))
    assert kept.column.min() >= 0 and kept.column.max() < columns
    assert np.isfinite(kept.logits(np.zeros((3, columns)))).all()
