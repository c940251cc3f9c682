"""A small packaged transformer that makes a vector of a text: the mean of its pieces, of unit length."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answering.packaged import PackagedModel, cut

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]

KEPT = 20_000  # vectors remembered, 1.5 kilobytes each: the sentences of a few hundred documents


class Encoder:
    """One model. Cheap to make; its weights are read with the first text. For any thread."""

    def __init__(self, folder: Path, longest: int) -> None:
        """`longest`: how many pieces of a text are read."""
        self._model, self._longest = PackagedModel(folder), longest
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Vector] = OrderedDict()

    def vectors(self, texts: Sequence[str]) -> "Vector":
        """One row of unit length a text: (len(texts), dimensions) float32. What was read before is remembered.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        import numpy as np

        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._known]
            if missing:
                self._known.update(zip(missing, self._encoded(missing), strict=True))
            for text in texts:
                self._known.move_to_end(text)
            stacked: Vector = np.stack([self._known[text] for text in texts])
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return stacked

    def _encoded(self, texts: Sequence[str]) -> "list[Vector]":
        return self._model.outputs([cut(pieces, self._longest) for pieces in self._model.pieces(texts)])
