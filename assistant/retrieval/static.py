"""A table of vectors for words and pieces of words, by numpy alone: a text is the mean of those it is spelt with.

What sentence-transformers saves as `StaticEmbedding`, model2vec's tables included, gives the same vectors here without
it: importing torch takes seconds and hundreds of megabytes, and a table needs neither.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from tokenizers import Tokenizer

    Matrix = npt.NDArray[np.float32]

# Kinds of numbers in a safetensors file, as numpy writes them. Others are left to the library.
_DTYPES = {"I8": "<i1", "I32": "<i4", "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8"}
_STATIC, _NORMALIZE = "StaticEmbedding", "Normalize"
_AT_ONCE = 4_096  # texts spelt together


class StaticTable:
    """The vectors of a folder's static model."""

    def __init__(
        self, tokenizer: "Tokenizer", rows: "npt.NDArray[Any]", scales: "Matrix | None", prompts: Mapping[str, str]
    ) -> None:
        self.prompts = prompts  # the model's own, by name
        self._tokenizer = tokenizer
        self._rows = rows  # (pieces, dimensions), as stored: a byte a number, mostly
        self._scales = scales  # (pieces, 1), or None: the rows are vectors as they are

    @classmethod
    def load(cls, folder: Path) -> "StaticTable":
        """Read a folder of which `is_static` is true.

        Raises:
            Exception: the library's, or numpy's, for files that are broken.
        """
        from tokenizers import Tokenizer

        place = _place(folder)
        tensors = _tensors(place / "model.safetensors")
        rows, scales = tensors.get("embedding.weight"), None
        if rows is None:
            rows, scales = tensors["embeddings"], tensors.get("weights")
            if "mapping" in tensors:  # several pieces may share a row
                rows = rows[tensors["mapping"]]
        known = _json(folder / "config_sentence_transformers.json")
        rows = rows[:, : known.get("truncate_dim")]
        tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
        tokenizer.no_padding()
        scales = None if scales is None else scales.astype(np.float32)[:, None]
        return cls(tokenizer, rows, scales, known.get("prompts") or {})

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        return int(self._rows.shape[1])

    def encode(self, texts: Sequence[str], prefix: str = "", *, are_questions: bool = False) -> "Matrix":
        """Texts as vectors, each behind the prefix: (len(texts), dimensions) float32, rows of unit length.

        A text without a piece is all zero. Questions are like any text.
        """
        texts = [prefix + text for text in texts] if prefix else texts
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            for row, spelt in enumerate(self._spelt(texts[start : start + _AT_ONCE]), start):
                if spelt.ids:
                    found[row] = np.add.reduce(self._vectors(spelt.ids), axis=0) / np.float32(len(spelt.ids))
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        found /= np.maximum(lengths, np.float32(1e-12))
        return found

    def pieces(self, text: str) -> list[str]:
        """What a text is spelt with."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).tokens)

    def _spelt(self, texts: Sequence[str]) -> list[Any]:
        return list(self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False))

    def _vectors(self, ids: Sequence[int]) -> "Matrix":
        vectors: Matrix = self._rows[ids].astype(np.float32)
        if self._scales is not None:
            vectors *= self._scales[ids]
        return vectors


def is_static(folder: Path) -> bool:
    """Whether a folder holds nothing but a table of vectors that can be read here, with its tokenizer."""
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in _modules(folder)]
    if not kinds or kinds[0] != _STATIC or any(kind != _NORMALIZE for kind in kinds[1:]):
        return False
    place = _place(folder)
    try:
        _, header = _header(place / "model.safetensors")
    except (OSError, ValueError):
        return False
    return (place / "tokenizer.json").is_file() and all(one["dtype"] in _DTYPES for one in header.values())


def _modules(folder: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads((folder / "modules.json").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) and all(isinstance(module, dict) for module in found) else []


def _place(folder: Path) -> Path:
    return folder / str(_modules(folder)[0].get("path", ""))


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _tensors(file: Path) -> dict[str, Any]:
    """The arrays of a safetensors file."""
    begin, header = _header(file)
    content = file.read_bytes()
    found = {}
    for name, one in header.items():
        start, end = one["data_offsets"]
        dtype = np.dtype(_DTYPES[one["dtype"]])
        numbers = np.frombuffer(content, dtype, (end - start) // dtype.itemsize, begin + start)
        found[name] = numbers.reshape(one["shape"])
    return found


def _header(file: Path) -> tuple[int, dict[str, Any]]:
    """Where the numbers of a safetensors file begin, and what is said of them. Its first eight bytes say how much."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        header = json.loads(opened.read(min(length, file.stat().st_size)))
    if not isinstance(header, dict):
        raise ValueError(f"{file.name} has no header")
    header.pop("__metadata__", None)
    return 8 + length, header
