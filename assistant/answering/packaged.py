"""Packaged transformers: a tokenizer and an ONNX graph in a folder, and texts through them in batches."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import PackageBrokenError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = list[tuple[npt.NDArray[np.float32], ...]]

_BATCH = 16
_PADDED = 1.25  # times its length: padding costs as much to read as text does


class PackagedModel:
    """One model. Cheap to make; its weights are read with the first text. Not for two threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's pieces, with the marks of its start and end.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        tokenizer, _ = self._both()
        return [encoded.ids for encoded in tokenizer.encode_batch(list(texts))]

    def outputs(self, pieces: Sequence[Sequence[int]]) -> "Rows":
        """What the model says of each list of ids, in their order: one array per output of its graph.

        Those of like length go through it together: what it says of each piece is followed by what it says of padding.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        import numpy as np

        _, session = self._both()
        found: list[Any] = [None] * len(pieces)
        for batch in _batches([len(one) for one in pieces]):
            ids, present = np.zeros((2, len(batch), len(pieces[batch[-1]])), dtype=np.int64)
            for row, at in enumerate(batch):
                ids[row, : len(pieces[at])], present[row, : len(pieces[at])] = pieces[at], 1
            said = session.run(None, {"input_ids": ids, "attention_mask": present})
            for at, one in zip(batch, zip(*said, strict=True), strict=True):
                found[at] = one
        return found

    def _both(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._folder)
            return self._loaded


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places by length, in batches of at most _BATCH in which none is padded to more than _PADDED of its length."""
    batches: list[list[int]] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        last = batches[-1] if batches else []
        if last and len(last) < _BATCH and lengths[at] <= _PADDED * lengths[last[0]]:
            last.append(at)
        else:
            batches.append([at])
    return batches


def _load(folder: Path) -> tuple[Any, Any]:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    files = folder / "tokenizer.json", folder / "model.onnx"
    for file in files:
        if not file.is_file():
            raise PackageBrokenError(file.name)
    tokenizer = Tokenizer.from_file(str(files[0]))
    tokenizer.no_truncation()
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


def cut(pieces: list[int], longest: int) -> list[int]:
    """At most `longest` ids, the mark of the end kept."""
    return pieces if len(pieces) <= longest else [*pieces[: longest - 1], pieces[-1]]
