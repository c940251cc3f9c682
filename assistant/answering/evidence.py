"""The sentences that answer, best first; or none.

Every sentence of the passages that retrieval brought is measured (`features.py`), and ranked by learnt weights
(`weights.py`). The likeliest are read by small transformers (`reader.py`) and ranked again: each sentence by itself
first, then the best of them together with the question.
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
UNREAD = -0.1  # the nearness of the others: none
_JUDGED = 6  # sentences that are read together with the question
_UNJUDGED = -8.0  # the logit of the others, and the least of any


class Reads(Protocol):
    """Reads a question and texts."""

    def nearness(self, question: Wording, texts: Sequence[Wording]) -> Any:
        """How near each text is to answering the question, -1 to 1."""

    def judged(self, question: Wording, texts: Sequence[Wording]) -> Any:
        """How surely each text answers, as a logit."""


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
    nearness: float = UNREAD  # as the reader finds it: -1 to 1
    judged: float = _UNJUDGED  # how surely it answers, read together with the question: a logit
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
    near: Any = [UNREAD] * len(measured)
    fits: Any = [_UNJUDGED] * len(measured)
    if reader is not None:
        near = nearness(question, measured, logits, reader)
        read = with_nearness(matrix, near)
        fits = judged(question, measured, learnt().read.logits(read), reader)
        logits = learnt().judged.logits(with_judged(read, fits))
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
            float(fit),
            row,
        )
        for one, logit, nearby, fit, row in zip(measured, logits, near, fits, matrix, strict=True)
    ]
    return sorted(found, key=lambda e: (-e.score, e.candidate.language != question.language, e.key))


def nearness(question: Question, measured: Sequence[Measured], logits: "Vector", reader: Reads) -> "Vector":
    """What the reader finds: (len(measured),); of all but the likeliest, by `logits`, UNREAD."""
    likeliest, texts = _likeliest(measured, logits, _READ)
    return _spread(reader.nearness(asked(question), texts), likeliest, len(measured), UNREAD)


def judged(question: Question, measured: Sequence[Measured], logits: "Vector", reader: Reads) -> "Vector":
    """How surely each answers, read with the question: (len(measured),); of all but the likeliest, _UNJUDGED."""
    likeliest, texts = _likeliest(measured, logits, _JUDGED)
    return _spread(reader.judged(asked(question), texts).clip(_UNJUDGED, None), likeliest, len(measured), _UNJUDGED)


def with_nearness(matrix: Any, near: "Vector") -> Any:
    """(sentences, FEATURES) to (sentences, FEATURES and READ)."""
    return _with(matrix, near)


def with_judged(matrix: Any, fits: "Vector") -> Any:
    """(sentences, FEATURES and READ) to (sentences, FEATURES, READ and JUDGED)."""
    return _with(matrix, fits)


def _likeliest(measured: Sequence[Measured], logits: "Vector", most: int) -> tuple[Any, list[Wording]]:
    """Their places, and what is to be read of them."""
    import numpy as np

    places = np.argsort(-logits, kind="stable")[:most]
    return places, [reading(measured[at].candidate, measured[at].index) for at in places]


def _spread(values: Any, places: Any, count: int, otherwise: float) -> "Vector":
    import numpy as np

    found = np.full(count, otherwise)
    found[places] = values
    return found


def _with(matrix: Any, values: "Vector") -> Any:
    """Three columns more: the values, how far each is behind the best, and whether it is the best."""
    import numpy as np

    best = values.max()
    return np.column_stack([matrix, values, values - best, (values == best).astype(float)])
