"""An optional cross-encoder: it reads a question and a text together and says how well they fit."""

import threading
from collections.abc import Sequence
from typing import Any

from assistant.errors import AssistantError, RerankerModelError
from assistant.retrieval.embedding import first_line, load_weights, stay_offline
from assistant.retrieval.models import Model, reranker_model
from assistant.settings import Settings

_BATCH = 32
_rerankers: dict[tuple[Model, str], "Reranker"] = {}
_lock = threading.Lock()


class Reranker:
    """Scores texts against a question. Cheap to make; the weights are read at the first scoring."""

    def __init__(self, model: Model, device: str = "cpu") -> None:
        self.model, self.device = model, device
        self._weights: Any = None
        self._lock = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text fits the question: 0 to 1, higher is better, in the order of `texts`.

        Raises:
            RerankerModelError: it cannot be loaded, or is no model that gives one score.
            ModelNotHereError, DeviceMissingError: its hub or the device is out of reach.
        """
        if not texts:
            return []
        with self._lock:  # one at a time: a tokenizer must not be set up by two threads at once
            model = self._loaded()
            from torch.nn import Sigmoid

            pairs = [(question, text) for text in texts]
            scores = model.predict(pairs, batch_size=_BATCH, activation_fn=Sigmoid(), show_progress_bar=False)
        return [float(score) for score in scores]

    def _loaded(self) -> Any:
        if self._weights is None:
            self._weights = self._load()
        return self._weights

    def _load(self) -> Any:
        def make(source: str, local: bool) -> Any:
            from sentence_transformers import CrossEncoder

            return CrossEncoder(source, device=self.device, local_files_only=local)

        try:
            model = load_weights(self.model, self.device, make)
        except AssistantError:
            raise
        except Exception as error:  # the libraries raise many kinds for one broken folder
            raise RerankerModelError(self.model.source, first_line(error)) from error
        reason = _why_not(model)
        if reason:
            raise RerankerModelError(self.model.source, reason)
        return model


def load_reranker(settings: Settings) -> Reranker | None:
    """The configured reranker, one object per process, model and device; None where none is configured.

    Raises:
        RerankerModelError: there is no such folder, or no model in it. Broken weights show at the first scoring.
    """
    model = reranker_model(settings)
    if model is None:
        return None
    stay_offline(settings)
    with _lock:
        key = (model, settings.device)
        if key not in _rerankers:
            _rerankers[key] = Reranker(model, settings.device)
        return _rerankers[key]


def _why_not(model: Any) -> str:
    """Why a loaded model is no reranker; empty: it is one."""
    if model.num_labels != 1:
        return f"it gives {model.num_labels} scores for a pair, and a reranker gives one"
    made_as = getattr(model.config, "architectures", None) or []
    if len(model) == 1 and made_as and not any("SequenceClassification" in name for name in made_as):
        return "it has no trained part that scores a pair"  # the library would make one up at random
    return ""
