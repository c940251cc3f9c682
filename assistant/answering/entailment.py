"""An optional second judge of grounding: a cross-encoder trained on natural language inference.

It reads a source and a statement together and says whether the one entails, contradicts or leaves open the other. It
can only refuse: what the rules of grounding refuse stays refused.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from assistant.errors import AssistantError, NliModelError
from assistant.retrieval.embedding import first_line, load_weights, stay_offline
from assistant.retrieval.models import Model, nli_model
from assistant.settings import Settings

Entailment = Literal["entails", "contradicts", "open"]
_judges: dict[tuple[Model, str], "Judge"] = {}
_lock = threading.Lock()


class Judge:
    """Says how a source bears on a statement. Cheap to make; the weights are read at the first question."""

    def __init__(self, model: Model, device: str = "cpu") -> None:
        self.model, self.device = model, device
        self._weights: Any = None
        self._labels: Mapping[int, Entailment] = {}
        self._lock = threading.Lock()

    def reads(self, sources: Sequence[str], statement: str) -> list[Entailment]:
        """How each source bears on the statement, in the order of `sources`.

        Raises:
            NliModelError: it cannot be loaded, or does not name entailment among its labels.
            ModelNotHereError, DeviceMissingError: its hub or the device is out of reach.
        """
        if not sources:
            return []
        with self._lock:
            if self._weights is None:
                self._weights = self._load()
            pairs = [(source, statement) for source in sources]
            scores = self._weights.predict(pairs, show_progress_bar=False)
        return [self._labels[int(row.argmax())] for row in scores]

    def _load(self) -> Any:
        def make(source: str, local: bool) -> Any:
            from sentence_transformers import CrossEncoder

            return CrossEncoder(source, device=self.device, local_files_only=local)

        try:
            model = load_weights(self.model, self.device, make)
        except AssistantError:
            raise
        except Exception as error:  # the libraries raise many kinds for one broken folder
            raise NliModelError(self.model.source, first_line(error)) from error
        named = {int(number): str(name) for number, name in (model.config.id2label or {}).items()}
        self._labels = {number: _meaning(name) for number, name in named.items()}
        if model.num_labels < 2 or "entails" not in self._labels.values():
            raise NliModelError(self.model.source, f"none of its labels ({', '.join(named.values())}) is entailment")
        return model


def _meaning(label: str) -> Entailment:
    plain = label.casefold().replace("-", "_")
    if plain.startswith("not") or "neutral" in plain:
        return "open"
    return "entails" if "entail" in plain else "contradicts" if "contra" in plain else "open"


def load_judge(settings: Settings) -> Judge | None:
    """The configured judge, one object per process, model and device; None where none is configured.

    Raises:
        NliModelError: there is no such folder, or no model in it. Broken weights show at the first question.
    """
    model = nli_model(settings)
    if model is None:
        return None
    stay_offline(settings)
    with _lock:
        key = (model, settings.device)
        if key not in _judges:
            _judges[key] = Judge(model, settings.device)
        return _judges[key]
