"""A small cross-encoder that reads a question and a sentence together and says how surely the one answers the other.

Cross-encoding after Nogueira and Cho, "Passage Re-ranking with BERT" (2019). The packaged model reads English; Danish
and Dutch reach it word for word in English (`retrieval/gloss.py`). `training/judge` makes it.
"""

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answering.features import Candidate
from assistant.answering.question import Question
from assistant.errors import PackageBrokenError
from assistant.retrieval.gloss import gloss

_FOLDER = Path(__file__).parents[1] / "models" / "judge-en"
_CALLED = 8  # words of a title
_NAMED = 2  # names that a document is about, where its title has them not
_LONGEST = 88  # pieces of a question and a sentence together
_BATCH = 16


def asked(question: Question) -> str:
    """A question as the judge reads it: in English words, a follow-up behind the question it leans on."""
    return gloss(f"{question.leans_on} {question.text}".strip(), question.language)


def reading(candidate: Candidate, index: int) -> str:
    """A sentence as the judge reads it: in English words, behind what it stands under."""
    passage, language = candidate.passage, candidate.language
    sentence = passage.sentences[index]
    title = candidate.metadata.title.split()[:_CALLED]
    named = [subject for subject in candidate.subjects[:_NAMED] if subject.lower() not in " ".join(title).lower()]
    called = " ".join([*named, *title])
    parts = [f"{called}:" if called else "", f"{passage.section[-1]}:" if passage.section else ""]
    if sentence.lead_in >= 0:
        parts.append(passage.sentences[sentence.lead_in].text)
    return " ".join(gloss(part, language) for part in (*parts, sentence.text) if part)


class Judge:
    """The packaged cross-encoder. Cheap to make; its weights are read at the first question. For any thread."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How surely each text answers the question, as a logit: above 0 rather yes, in the order of `texts`.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        import numpy as np

        tokenizer, session = self._model()
        found = np.zeros(len(texts))
        encoded = tokenizer.encode_batch([(question, text) for text in texts])
        order = sorted(range(len(texts)), key=lambda at: sum(encoded[at].attention_mask))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            longest = max(sum(encoded[at].attention_mask) for at in batch)
            inputs = {
                "input_ids": np.array([encoded[at].ids[:longest] for at in batch]),
                "attention_mask": np.array([encoded[at].attention_mask[:longest] for at in batch]),
                "token_type_ids": np.array([encoded[at].type_ids[:longest] for at in batch]),
            }
            found[batch] = session.run(None, inputs)[0][:, 0]
        return [float(value) for value in found]

    def _model(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder)
            return self._loaded


def _load(folder: Path) -> tuple[Any, Any]:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    files = folder / "tokenizer.json", folder / "model.onnx"
    for file in files:
        if not file.is_file():
            raise PackageBrokenError(file.name)
    tokenizer = Tokenizer.from_file(str(files[0]))
    tokenizer.enable_truncation(_LONGEST)
    tokenizer.enable_padding()
    options = SessionOptions()
    options.log_severity_level = 3
    return tokenizer, InferenceSession(str(files[1]), options, providers=["CPUExecutionProvider"])


@cache
def packaged_judge() -> Judge:
    """The one judge of this process."""
    return Judge()
