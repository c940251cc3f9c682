"""A small packaged transformer that reads texts, each by itself, and says how near two of them are.

It makes a vector of the whole text, the mean of its pieces; some make a shorter one of each piece as well, so that a
question can be met piece by piece: each of its pieces by the one of the text that is nearest (the late interaction of
Khattab and Zaharia, "ColBERT", 2020).
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assistant.answering.packaged import PackagedModel, cut

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]

KEPT = 20_000  # texts remembered, some four kilobytes each: the sentences of a few hundred documents
_STEPS = 127  # of a byte, from nought to one


class _Known(NamedTuple):
    """What is kept of a text."""

    whole: "Vector"  # (dimensions,), of unit length
    pieces: "npt.NDArray[np.int8] | None"  # (pieces, dimensions of each) in steps of 1/127; None: not told apart


class Encoder:
    """One model. Cheap to make; its weights are read with the first text. For any thread."""

    def __init__(self, folder: Path, longest: int) -> None:
        """`longest`: how many pieces of a text are read."""
        self._model, self._longest = PackagedModel(folder), longest
        self._lock = threading.Lock()
        self._texts: OrderedDict[str, _Known] = OrderedDict()

    def nearness(self, question: str, texts: Sequence[str]) -> "Vector":
        """How near each text is to the question: (len(texts),) float32, -1 to 1.

        The cosine of both as a whole; of a model that tells pieces apart the mean of that and of how near, on average,
        the pieces of the question are met. What was read before is remembered.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        import numpy as np

        if not texts:
            return np.zeros(0, dtype=np.float32)
        asked, *said = self._read([question, *texts])
        cosines: Vector = np.stack([one.whole for one in said]) @ asked.whole
        if asked.pieces is None or not len(asked.pieces):
            return cosines
        met: Vector = np.array([_met(asked.pieces, one.pieces) for one in said], dtype=np.float32)
        return (cosines + met) / np.float32(2)

    def remember(self, texts: Sequence[str]) -> None:
        """Read texts before they are asked about.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        self._read(texts)

    def _read(self, texts: Sequence[str]) -> list[_Known]:
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._texts]
            if missing:
                self._texts.update(zip(missing, self._encoded(missing), strict=True))
            for text in texts:
                self._texts.move_to_end(text)
            found = [self._texts[text] for text in texts]
            while len(self._texts) > KEPT:
                self._texts.popitem(last=False)
        return found

    def _encoded(self, texts: Sequence[str]) -> list[_Known]:
        import numpy as np

        pieces = [cut(ids, self._longest) for ids in self._model.pieces(texts)]
        found = []
        for ids, (whole, *apart) in zip(pieces, self._model.outputs(pieces), strict=True):
            # Without the marks of start and end. Copied, so that no batch stays for the sake of one of its texts.
            inner = [np.round(each[1 : len(ids) - 1] * _STEPS).astype(np.int8) for each in apart]
            found.append(_Known(whole.copy(), inner[0] if inner else None))
        return found


def _met(asked: "npt.NDArray[np.int8]", said: "npt.NDArray[np.int8] | None") -> float:
    """How near the nearest piece is to each piece of the question, on average: -1 to 1."""
    import numpy as np

    if said is None or not len(said):
        return 0.0
    return float((asked.astype(np.float32) @ said.astype(np.float32).T).max(axis=1).mean() / _STEPS**2)
