"""A small packaged transformer that makes a vector of a text: the mean of its pieces, of unit length."""

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import PackageBrokenError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

_BATCH = 16
KEPT = 20_000  # vectors remembered, 1.5 kilobytes each: the sentences of a few hundred documents


class Encoder:
    """One model. Cheap to make; its weights are read with the first text. For any thread."""

    def __init__(self, folder: Path, longest: int) -> None:
        """`longest`: how many pieces of a text are read."""
        self._folder, self._longest = folder, longest
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def vectors(self, texts: Sequence[str]) -> "Vectors":
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
            stacked: Vectors = np.stack([self._known[text] for text in texts])
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return stacked

    def _encoded(self, texts: Sequence[str]) -> Any:
        import numpy as np

        if self._loaded is None:
            self._loaded = _load(self._folder, self._longest)
        tokenizer, session = self._loaded
        encoded = tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda at: len(encoded[at].ids))
        found: list[Any] = [None] * len(texts)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            longest = max(len(encoded[at].ids) for at in batch)
            ids, present = np.zeros((2, len(batch), longest), dtype=np.int64)
            for row, at in enumerate(batch):
                length = len(encoded[at].ids)
                ids[row, :length], present[row, :length] = encoded[at].ids, 1
            inputs = {"input_ids": ids, "attention_mask": present}
            for at, vector in zip(batch, session.run(None, inputs)[0], strict=True):
                found[at] = vector
        return found


def _load(folder: Path, longest: int) -> tuple[Any, Any]:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    files = folder / "tokenizer.json", folder / "model.onnx"
    for file in files:
        if not file.is_file():
            raise PackageBrokenError(file.name)
    tokenizer = Tokenizer.from_file(str(files[0]))
    tokenizer.enable_truncation(longest)
    tokenizer.no_padding()
    options = SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = _threads()
    # The weights are spread out from eight bits to floats once, on loading, and not at each question.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    return tokenizer, InferenceSession(str(files[1]), options, providers=["CPUExecutionProvider"])


def _threads() -> int:
    """As many as OMP_NUM_THREADS allows, which the runtime itself does not heed; 0: it decides."""
    allowed = os.environ.get("OMP_NUM_THREADS", "")
    return int(allowed) if allowed.isascii() and allowed.isdigit() else 0
