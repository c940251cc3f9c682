"""A small packaged transformer that reads a question and a text together: a cross-encoder.

It sees which words of the one meet which of the other, which two vectors cannot tell (Nogueira and Cho, "Passage
re-ranking with BERT", 2019), and costs a reading for each pair: so it reads the few likeliest only.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answering.packaged import PackagedModel, cut

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]

QUESTION, TEXT = 40, 72  # pieces that are read of each


class CrossEncoder:
    """One model. Cheap to make; its weights are read with the first question. For any thread."""

    def __init__(self, folder: Path) -> None:
        self._model = PackagedModel(folder)
        self._lock = threading.Lock()

    def logits(self, question: str, texts: Sequence[str]) -> "Vector":
        """How surely each text answers: (len(texts),) float32; 0 where it is as likely that nothing does.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        import numpy as np

        with self._lock:
            asked, *said = self._model.pieces([question, *texts])
            found: Vector = np.array(self._model.outputs([paired(asked, one) for one in said]), dtype=np.float32)
        return found.reshape(len(texts))


def paired(asked: list[int], said: list[int]) -> list[int]:
    """The pieces of a question and a text as one: the question's start and end, the text, its end."""
    return [*cut(asked, QUESTION), *cut(said[1:], TEXT - 1)]
