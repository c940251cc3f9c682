"""A small packaged transformer that reads a question and a text together: a cross-encoder.

It sees which words of the one meet which of the other, which two vectors cannot tell (Nogueira and Cho, "Passage
re-ranking with BERT", 2019), and costs a reading for each pair: so it reads the few likeliest only.
"""

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

QUESTION, TEXT = 40, 110  # pieces that are read of each: sentences of official texts are long
_KEPT = 10_000  # pairs remembered: a question is often asked again, as an example is


class CrossEncoder:
    """One model. Cheap to make; its weights are read with the first question. For any thread."""

    def __init__(self, folder: Path) -> None:
        self._model = PackagedModel(folder)
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], float] = OrderedDict()

    def logits(self, question: str, texts: Sequence[str]) -> "Vector":
        """How surely each text answers: (len(texts),) float32; 0 where it is as likely that nothing does. Remembered.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        import numpy as np

        pairs = [(question, text) for text in texts]
        with self._lock:
            missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
            if missing:
                asked, *said = self._model.pieces([question, *(text for _, text in missing)])
                read = self._model.outputs([paired(asked, one) for one in said])
                self._known.update(zip(missing, (float(logit) for (logit,) in read), strict=True))
            for pair in pairs:
                self._known.move_to_end(pair)
            found = np.array([self._known[pair] for pair in pairs], dtype=np.float32)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found


def paired(asked: list[int], said: list[int]) -> list[int]:
    """The pieces of a question and a text as one: the question's start and end, the text, its end."""
    return [*cut(asked, QUESTION), *cut(said[1:], TEXT - 1)]
