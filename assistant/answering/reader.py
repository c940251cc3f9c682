"""A small transformer that reads questions and sentences, and says how near a sentence is to answering a question.

Each is read by itself and becomes a vector; nearness is their cosine (Reimers and Gurevych, "Sentence-BERT", 2019).
The packaged model reads English; Danish and Dutch reach it word for word in English (`retrieval/gloss.py`).
`training/reader` makes it.
"""

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering.features import Candidate
from assistant.answering.question import Question
from assistant.errors import PackageBrokenError
from assistant.retrieval.gloss import gloss

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]

_FOLDER = Path(__file__).parents[1] / "models" / "reader-en"
_CALLED = 8  # words of a title
_NAMED = 2  # names that a document is about, where its title has them not
_LONGEST = 72  # pieces of a text
_BATCH = 16
_POLITE = re.compile(  # says nothing of what is asked
    r"\b(?:(?:på forhånd )?tak(?: for hjælpen)?|(?:alvast |bij voorbaat )?(?:bedankt|dank (?:je|u)(?: wel)?|dank)"
    r"|thank you|thanks|in advance|please|venligst|alsjeblieft|alstublieft|s\.?v\.?p|hej|hi|hello|hallo"
    r"|goedemorgen|goddag|dag"
    r"|(?:kan|kunne|vil) du (?:ikke )?(?:lige )?(?:sige|fortælle|oplyse|hjælpe) (?:mig|os)(?: med)?|jeg vil gerne vide"
    r"|(?:kan|kunt|kun) (?:u|je|jij) (?:mij|me|ons) (?:misschien )?(?:zeggen|vertellen|helpen)"
    r"|weet (?:u|je|jij)(?: misschien)?"
    r"|ik (?:zou graag|wil graag|wil) weten|ved du(?: måske)?|(?:could|can|would) you (?:please )?tell (?:me|us)"
    r"|do you (?:happen to )?know|i would like to know|i'd like to know)\b[,.!]?(?=\s|$)",
    re.IGNORECASE,
)
_KEPT = 20_000  # vectors remembered, 1.5 kilobytes each: the sentences of a few hundred documents


def asked(question: Question) -> str:
    """A question as the model reads it: in English words, a follow-up behind the question it leans on."""
    return gloss(_POLITE.sub(" ", f"{question.leans_on} {question.text}").strip(), question.language)


def reading(candidate: Candidate, index: int) -> str:
    """A sentence as the model reads it: in English words, behind what it stands under."""
    passage, language = candidate.passage, candidate.language
    sentence = passage.sentences[index]
    title = candidate.metadata.title.split()[:_CALLED]
    named = [subject for subject in candidate.subjects[:_NAMED] if subject.lower() not in " ".join(title).lower()]
    called = " ".join([*named, *title])
    parts = [f"{called}:" if called else "", f"{passage.section[-1]}:" if passage.section else ""]
    if sentence.lead_in >= 0:
        parts.append(passage.sentences[sentence.lead_in].text)
    return " ".join(gloss(part, language) for part in (*parts, sentence.text) if part)


class Reader:
    """The packaged model. Cheap to make; its weights are read at the first question. For any thread."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None
        self._known: OrderedDict[str, Vector] = OrderedDict()

    def nearness(self, question: str, texts: Sequence[str]) -> "Vector":
        """How near each text is to answering the question: (len(texts),) float32, cosines from -1 to 1.

        Raises:
            PackageBrokenError: the packaged model cannot be read.
        """
        vectors = self._vectors([question, *texts])
        found: Vector = vectors[1:] @ vectors[0]
        return found

    def _vectors(self, texts: Sequence[str]) -> Any:
        """One row of unit length a text; what was read before is remembered."""
        import numpy as np

        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._known]
            if missing:
                self._known.update(zip(missing, self._encoded(missing), strict=True))
            for text in texts:
                self._known.move_to_end(text)
            stacked = np.stack([self._known[text] for text in texts])
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return stacked

    def _encoded(self, texts: Sequence[str]) -> Any:
        import numpy as np

        if self._loaded is None:
            self._loaded = _load(self._folder)
        tokenizer, session = self._loaded
        encoded = tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda at: len(encoded[at].ids))
        found: list[Any] = [None] * len(texts)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            longest = max(len(encoded[at].ids) for at in batch)
            ids = np.zeros((len(batch), longest), dtype=np.int64)
            for row, at in enumerate(batch):
                ids[row, : len(encoded[at].ids)] = encoded[at].ids
            inputs = {"input_ids": ids, "attention_mask": (ids > 0).astype(np.int64)}
            for at, vector in zip(batch, session.run(None, inputs)[0], strict=True):
                found[at] = vector
        return found


def _load(folder: Path) -> tuple[Any, Any]:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    files = folder / "tokenizer.json", folder / "model.onnx"
    for file in files:
        if not file.is_file():
            raise PackageBrokenError(file.name)
    tokenizer = Tokenizer.from_file(str(files[0]))
    tokenizer.enable_truncation(_LONGEST)
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


@cache
def packaged_reader() -> Reader:
    """The one reader of this process."""
    return Reader()
