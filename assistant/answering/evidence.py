"""The sentences that answer, best first; or none.

Every sentence of the passages that retrieval brought is measured (`features.py`), and ranked by learnt weights
(`weights.py`). The likeliest are read by a small transformer (`reader.py`) and ranked again.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from assistant.answering.features import Candidate, Measured, Rarity, Space, measure
from assistant.answering.question import Question
from assistant.answering.reader import Wording, asked, reading
from assistant.answering.weights import learnt
from assistant.documents.model import Sentence
from assistant.documents.quantities import Quantity, quantities

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float64]

_READ = 12  # sentences that are read
_UNREAD = -0.1  # the nearness of the others: none


class Reads(Protocol):
    """Reads a question and texts."""

    def nearness(self, question: Wording, texts: Sequence[Wording]) -> Any:
        """How near each text is to answering the question, -1 to 1."""


@dataclass(frozen=True)
class Evidence:
    """One sentence in its passage, and how well it answers."""

    candidate: Candidate
    index: int  # of the sentence in its passage
    score: float  # how probably this sentence answers, as far as the weights tell: 0 to 1
    coverage: float  # how much of the question it has, with its surroundings: 0 to 1
    matches: tuple[float, ...]  # per term of the question: how surely this sentence, with its surroundings, has it
    own: tuple[float, ...]  # the same, counting the sentence itself only
    is_blank: bool = False  # the figure asked for is left blank here
    nearness: float = _UNREAD  # as the reader finds it: -1 to 1
    measures: "Vector | None" = field(default=None, repr=False, compare=False)  # (len(FEATURES),)

    @property
    def sentence(self) -> Sentence:
        return self.candidate.passage.sentences[self.index]

    @cached_property
    def figures(self) -> tuple[Quantity, ...]:
        return tuple(quantities(self.sentence.text, self.candidate.language))

    @property
    def key(self) -> tuple[str, int, int]:
        return self.candidate.passage.document_id, self.sentence.start, self.sentence.end

    @property
    def logit(self) -> float:
        return math.log(self.score / (1 - self.score))


def rank(
    question: Question,
    candidates: Sequence[Candidate],
    rarity: Rarity,
    space: Space | None = None,
    reader: Reads | None = None,
) -> list[Evidence]:
    """Every sentence of the candidates, best first; headings and bare links too, which come last.

    Args:
        question: understood.
        candidates: passages, each once.
        rarity: how rare a term is in the documents, above 0; the rarer, the more it counts.
        space: finds words that mean the same; None: words count by their form and the vocabulary only.
        reader: reads the likeliest sentences; None: what is measured decides alone.
    """
    measured, matrix = measure(question, candidates, rarity, space)
    if not measured:
        return []
    logits = learnt().measured.logits(matrix)
    near: Any = [_UNREAD] * len(measured)
    if reader is not None:
        near = nearness(question, measured, logits, reader)
        logits = learnt().read.logits(with_nearness(matrix, near))
    found = [
        Evidence(
            one.candidate,
            one.index,
            1 / (1 + math.exp(-max(-30.0, min(30.0, float(logit))))),
            one.coverage,
            one.matches,
            one.own,
            one.is_blank,
            float(nearby),
            row,
        )
        for one, logit, nearby, row in zip(measured, logits, near, matrix, strict=True)
    ]
    return sorted(found, key=lambda e: (-e.score, e.candidate.language != question.language, e.key))


def nearness(question: Question, measured: Sequence[Measured], logits: "Vector", reader: Reads) -> "Vector":
    """What the reader finds: (len(measured),); of all but the likeliest, by `logits`, _UNREAD."""
    import numpy as np

    likeliest = np.argsort(-logits, kind="stable")[:_READ]
    texts = [reading(measured[at].candidate, measured[at].index) for at in likeliest]
    found = np.full(len(measured), _UNREAD)
    found[likeliest] = reader.nearness(asked(question), texts)
    return found


def with_nearness(matrix: Any, near: "Vector") -> Any:
    """(sentences, FEATURES) to (sentences, FEATURES and READ)."""
    import numpy as np

    best = near.max()
    return np.column_stack([matrix, near, near - best, (near == best).astype(float)])
