"""An embedding model by sentence-transformers: any transformer that it can load. Importing it takes seconds."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from sentence_transformers import SentenceTransformer

if TYPE_CHECKING:
    import numpy.typing as npt

_BATCH, _STATIC_BATCH = 64, 4_096  # texts encoded at once: by a transformer, by a table of vectors


class SentenceTransformers:
    """A model's weights in the library's hands."""

    def __init__(self, source: str, *, device: str, local: bool) -> None:
        self._model = SentenceTransformer(source, device=device, local_files_only=local)
        self.prompts: Mapping[str, str] = self._model.prompts

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str], prefix: str, *, are_questions: bool) -> "npt.NDArray[np.float32]":
        """Texts as vectors, each behind the prefix: (len(texts), dimensions) float32, rows of unit length."""
        static = type(self._model[0]).__name__ == "StaticEmbedding"
        encode = self._model.encode_query if are_questions else self._model.encode_document
        vectors = encode(
            list(texts),
            prompt=prefix,
            batch_size=_STATIC_BATCH if static else _BATCH,  # a transformer's memory grows with them
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def pieces(self, text: str) -> list[str]:
        """What a text is spelt with, by a static model."""
        return list(self._model[0].tokenizer.encode(text, add_special_tokens=False).tokens)
