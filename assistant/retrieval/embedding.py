"""The embedding model: loaded once, sentences in, vectors out. Which model it is stands in models.py."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import AssistantError, DeviceMissingError, EmbeddingModelError, ModelNotHereError
from assistant.retrieval.models import Model, Prefixes, embedding_model, nli_model, reranker_model
from assistant.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

_embedders: dict[tuple[Model, str, str], "Embedder"] = {}
_lock = threading.Lock()


class Encoder(Protocol):
    """A model's weights, loaded."""

    prompts: Mapping[str, str]

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""

    def encode(self, texts: Sequence[str], prefix: str, *, are_questions: bool) -> "Vectors":
        """Texts as vectors, each behind the prefix: (len(texts), dimensions) float32, rows of unit length."""

    def pieces(self, text: str) -> list[str]:
        """What a text is spelt with."""


class Embedder:
    """Sentences as vectors of unit length. Cheap to make; the weights are read at the first encoding."""

    def __init__(self, source: str, name: str, model: Model | None = None, device: str = "cpu") -> None:
        self.source = source  # a folder, or a hub name
        self.name = name  # what an index records; the same name means the same vectors
        self.model = model or Model(source, "folder", Path(source))
        self.device = device
        self._weights: Encoder | None = None
        self._prefixes: Prefixes | None = None
        self._lock = threading.Lock()

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        return self._loaded().dimensions

    @property
    def prefixes(self) -> Prefixes:
        """What is put in front of questions and of passages."""
        weights = self._loaded()
        if self._prefixes is None:
            self._prefixes = self.model.prefixes(weights.prompts)  # which reads files: once, not for every text
        return self._prefixes

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """Questions as vectors: (len(texts), dimensions) float32, rows of unit length."""
        return self._encode(texts, True)

    def encode_texts(self, texts: Sequence[str]) -> "Vectors":
        """Passages or sentences as vectors: (len(texts), dimensions) float32, rows of unit length."""
        return self._encode(texts, False)

    def pieces(self, text: str) -> list[str]:
        """What a static model spells a text with, word beginnings unmarked."""
        return [piece.removeprefix("▁") for piece in self._loaded().pieces(text) if piece != "▁"]

    def _encode(self, texts: Sequence[str], are_questions: bool) -> "Vectors":
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        prefix = self.prefixes.query if are_questions else self.prefixes.passage
        return self._loaded().encode(texts, prefix, are_questions=are_questions)

    def _loaded(self) -> Encoder:
        with self._lock:
            if self._weights is None:
                self._weights = self._load()
            return self._weights

    def _load(self) -> Encoder:
        try:
            return self._table() or load_weights(self.model, self.device, self._by_the_library)
        except AssistantError:
            raise
        except Exception as error:  # the libraries raise many kinds for one broken folder
            raise EmbeddingModelError(self.source, first_line(error)) from error

    def _table(self) -> Encoder | None:
        """A table of vectors on this processor needs neither sentence-transformers nor torch; None: it is none."""
        from assistant.retrieval.static import StaticTable, is_static

        folder = self.model.folder
        return StaticTable.load(folder) if folder and self.device == "cpu" and is_static(folder) else None

    def _by_the_library(self, source: str, local: bool) -> Encoder:
        from assistant.retrieval.transformer import SentenceTransformers

        return SentenceTransformers(source, device=self.device, local=local)


def load_embedder(settings: Settings) -> Embedder:
    """The configured embedding model, one object per process, model, prefixes and device.

    Raises:
        EmbeddingModelError: there is no such folder, or no model in it. Broken weights show at the first encoding,
            as do a hub out of reach (ModelNotHereError) and a device that is missing (DeviceMissingError).
    """
    model = embedding_model(settings)
    stay_offline(settings)
    with _lock:
        key = (model, model.name, settings.device)
        if key not in _embedders:
            _embedders[key] = Embedder(model.source, model.name, model, settings.device)
        return _embedders[key]


def model_name(settings: Settings) -> str:
    """The name that an index built with these settings records; loads nothing."""
    return embedding_model(settings).name


def _configured(settings: Settings) -> tuple[Model | None, ...]:
    return embedding_model(settings), reranker_model(settings), nli_model(settings)


def stay_offline(settings: Settings) -> None:
    """Where no model comes from a hub, nothing may be looked up there, whatever the libraries would like to."""
    if not any(model and model.kind == "hub" for model in _configured(settings)):
        os.environ.setdefault("HF_HUB_OFFLINE", "1")


def load_weights(model: Model, device: str, make: Callable[[str, bool], Any]) -> Any:
    """Load a model with `make(folder or hub name, whether it is local)`; one downloaded before needs no hub again.

    Raises:
        DeviceMissingError: torch does not have this device.
        ModelNotHereError: the model was not downloaded before, and its hub cannot be reached.
        Exception: whatever `make` raises.
    """
    import torch
    from transformers.utils import logging as transformers_logging

    kind, _, number = device.partition(":")
    there = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
    if int(number or 0) >= there[kind]:
        raise DeviceMissingError(device)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if model.folder is not None:
        try:
            return make(str(model.folder), True)
        except Exception:
            if model.kind != "hub":  # a download that was broken off is completed below
                raise
    _reach_hub(model.source)
    return make(model.source, False)


def first_line(error: Exception) -> str:
    """What an error of a library says, short enough to be part of ours."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _reach_hub(hub_name: str) -> None:
    """One short try; the libraries would repeat theirs for more than a minute."""
    from huggingface_hub import constants, get_session

    if constants.HF_HUB_OFFLINE:
        raise ModelNotHereError(hub_name, "HF_HUB_OFFLINE is set")
    try:
        get_session().head(constants.ENDPOINT, timeout=10)
    except Exception as error:  # which kinds, changed from version to version
        raise ModelNotHereError(hub_name, f"{constants.ENDPOINT} cannot be reached") from error


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
