"""Question words against a text's words, in the embedding space: every word meets its nearest.

Late interaction after Khattab and Zaharia, "ColBERT", SIGIR 2020, over the static word vectors of the packaged model
in place of a transformer's: the score of a text is the mean, over the question's words, of how surely the text has
each, every word weighted by its rarity; and the likeness of the sentence as a whole is added.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents.model import Passage
from assistant.retrieval.terms import Term, Words, words_of
from assistant.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.retrieval.embedding import Embedder

    Matrix = npt.NDArray[np.float32]
    Vector = npt.NDArray[np.float32]

_KEPT = 50_000  # texts and words remembered; some 1.5 kilobytes each
_APART, _AKIN = 0.25, 0.65  # cosine up to which words have nothing to do with each other, and from which much
_OTHER, _SAME = 0.45, 0.75  # cosine up to which they mean different things, and from which the same
_MOST = 0.8  # what a word of the same meaning counts, against 1 for the word itself
_PIECE = 3.0  # characters a piece, on average, from which a word's vector means something
_HEADING = 0.7  # what a word in the heading counts, against 1 in the sentence
_WHOLE = 0.3  # what the likeness of the whole sentence counts beside that of its words


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage, reordered."""

    score: float  # of its best sentence
    closeness: tuple[float, ...]  # of each sentence, in its context, to the question: cosine, -1 to 1


class WordSpace:
    """Words and sentences as vectors, remembered. Safe for several threads."""

    def __init__(self, embedder: "Embedder") -> None:
        self._embedder = embedder
        self._known: dict[str, Vector] = {}
        self._stacked: dict[tuple[str, ...], Matrix] = {}
        self._spelt: dict[str, bool] = {}
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str]) -> "Matrix":
        """One row of unit length a text: (len(texts), dimensions) float32."""
        import numpy as np

        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._known]
            if len(self._known) + len(missing) > _KEPT:
                self._known.clear()
                missing = list(dict.fromkeys(texts))
            if missing:
                self._known.update(zip(missing, self._embedder.encode_texts(missing), strict=True))
            if not texts:
                return np.zeros((0, self._embedder.dimensions), dtype=np.float32)
            return np.stack([self._known[text] for text in texts])

    def question(self, text: str) -> "Vector":
        """A question as a vector: (dimensions,) float32 of unit length."""
        vector: Vector = self._embedder.encode_questions([text])[0]
        return vector

    def words(self, words: Sequence[str]) -> "Matrix":
        """As `vectors`; of a word that is spelt in scraps, as names are that the model does not know, all zero.

        Scraps mean nothing: "xgeva" and "conexxence" share an x.
        """
        vectors = self.vectors(words)
        for row, word in enumerate(words):
            if not self._is_known(word):
                vectors[row] = 0
        return vectors

    def _is_known(self, word: str) -> bool:
        if word not in self._spelt:
            pieces = self._embedder.pieces(word)
            self._spelt[word] = sum(map(len, pieces)) >= _PIECE * len(pieces)
            if len(self._spelt) > 4 * _KEPT:
                self._spelt.clear()
                return self._is_known(word)
        return self._spelt[word]

    def nearest(self, terms: Sequence[Term], texts: Sequence[Words]) -> "Matrix":
        """The cosine of each term to its nearest word in each text: (len(texts), len(terms)) float32, 0 to 1.

        A text's words are met singly and by twos that stand together: "brittle bones" is one thing.
        """
        import numpy as np

        found = np.zeros((len(texts), len(terms)), dtype=np.float32)
        of_texts = [self._pieces(text) for text in texts]
        if not terms or not any(len(rows) for rows in of_texts):
            return found
        near = np.concatenate(of_texts) @ self.words([term.word for term in terms]).T
        lengths = np.array([len(rows) for rows in of_texts])
        starts = np.cumsum(lengths) - lengths
        found[lengths > 0] = np.maximum.reduceat(near, starts[lengths > 0], axis=0)
        return np.clip(found, 0, 1)

    def _pieces(self, text: Words) -> "Matrix":
        known = self._stacked.get(text.pieces)
        if known is None:
            known = self.words(text.pieces)
            with self._lock:
                if len(self._stacked) >= _KEPT // 5:
                    self._stacked.clear()
                self._stacked[text.pieces] = known
        return known


def related(nearest: "Matrix") -> "Matrix":
    """How much words have to do with each other, 0 to 1, from their cosine: enough to rank by."""
    import numpy as np

    share: Matrix = np.clip((nearest - _APART) / (_AKIN - _APART), 0, 1)
    return share


def same(nearest: "Matrix") -> "Matrix":
    """How surely words mean the same, 0 to 0.8, from their cosine: enough to say that a text speaks of something."""
    import numpy as np

    share: Matrix = np.clip((nearest - _OTHER) / (_SAME - _OTHER), 0, 1)
    return share * _MOST


def word_space(settings: Settings) -> WordSpace:
    """The space of the packaged model, whichever model the vectors in Chroma come from."""
    from assistant.retrieval.embedding import load_embedder

    packaged = {"embedding_model": "default", "embedding_query_prefix": None, "embedding_passage_prefix": None}
    return WordSpace(load_embedder(settings.model_copy(update=packaged)))


def reorder(
    question: str,
    wanted: Sequence[Term],
    passages: Sequence[tuple[Passage, str]],
    rarity: Callable[[Term], float],
    space: WordSpace,
) -> list[Scored]:
    """Score passages for a question by late interaction.

    Args:
        question: its words, for the likeness of whole sentences.
        wanted: its terms.
        passages: passages with their language.
        rarity: the weight of a term, above 0.

    Returns:
        One a passage, in order.
    """
    import numpy as np

    texts = [passage.in_context(i) for passage, _ in passages for i in range(len(passage.sentences))]
    if not texts:
        return [Scored(0.0, ()) for _ in passages]
    close = space.vectors(texts) @ space.question(question)
    words = [words_of(sentence.text, language) for passage, language in passages for sentence in passage.sentences]
    headings = [words_of(" ".join(passage.section), language) for passage, language in passages]
    weights = np.array([rarity(term) * term.share for term in wanted], dtype=np.float32)
    own, above = related(space.nearest(wanted, words)), _HEADING * related(space.nearest(wanted, headings))
    scored = []
    start = 0
    for (passage, _), heading in zip(passages, above, strict=True):
        end = start + len(passage.sentences)
        closeness = close[start:end]
        late = np.maximum(own[start:end], heading) @ weights / max(float(weights.sum()), 1e-9)
        best = float((late + _WHOLE * closeness).max()) if end > start else 0.0
        scored.append(Scored(best, tuple(float(value) for value in closeness)))
        start = end
    return scored
