"""A question becomes ranked passages: full text and embeddings, per language, fused by rank, reordered word by word.

Each language has its own places among the candidates, so that many documents in one language do not push out the few
in another.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from assistant.documents.model import Passage
from assistant.retrieval.late_interaction import WordSpace, reorder
from assistant.retrieval.nearest import nearest_in_each
from assistant.retrieval.rarity import Rarity
from assistant.retrieval.terms import Term, terms
from assistant.retrieval.vectors import Near

if TYPE_CHECKING:
    from assistant.retrieval.embedding import Embedder
    from assistant.retrieval.index.opening import OpenIndex
    from assistant.retrieval.rerank import Reranker

QUOTA = 24  # passages per language that go on to be read sentence by sentence
_DEPTH = 60  # how far down each ranking counts
_DENSE_DEPTH = 40
_REORDERED = 60  # passages per language that late interaction looks at
_REMEMBERED = 16  # searches: a question is asked again for its passages, or when a part of it stands alone
_READ_CLOSELY = 12  # passages per language whose sentences a cross-encoder reads, where one is configured


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval brought."""

    id: int
    passage: Passage
    language: str
    score: float  # fused; higher is better
    closeness: dict[int, float] = field(default_factory=dict)  # sentence index -> cosine similarity


def fuse(rankings: Sequence[Sequence[int]], damping: float = 60.0) -> list[tuple[int, float]]:
    """Fuse rankings by reciprocal rank: score(p) is the sum of 1 / (damping + rank of p).

    Args:
        rankings: one per retriever, of any length: passage ids, best first, each at most once.
        damping: in ranks, above 0; the larger, the more a low rank still counts.

    Returns:
        (passage id, score), best first, ties by id; 0 < score <= len(rankings) / (damping + 1).

    Raises:
        ValueError: `damping` is not above 0.

    Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
    Methods", SIGIR 2009.
    """
    if damping <= 0:
        raise ValueError("damping must be above 0")
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, passage_id in enumerate(ranking, 1):
            scores[passage_id] += 1 / (damping + rank)
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a search was for."""

    question: str
    wanted: tuple[Term, ...]
    quota: int
    document_ids: frozenset[str] | None


class Searcher:
    """Searches one open index, and remembers its last searches. Safe to use from several threads."""

    def __init__(
        self,
        index: "OpenIndex",
        embedder: "Embedder",
        space: WordSpace,
        rarity: Rarity,
        reranker: "Reranker | None" = None,
    ) -> None:
        self.index, self.embedder, self.space, self.rarity = index, embedder, space, rarity
        self.reranker = reranker
        self._known: deque[tuple[_Asked, tuple[Hit, ...]]] = deque(maxlen=_REMEMBERED)
        self._guard = threading.Lock()

    def search(
        self,
        question: str,
        wanted: Sequence[Term],
        *,
        quota: int = QUOTA,
        document_ids: Collection[str] | None = None,
    ) -> list[Hit]:
        """Passages for a question, best first within each language, at most `quota` a language.

        Args:
            question: its words, for the embedding.
            wanted: its terms, for full text.
            document_ids: search these documents only; None: all.
        """
        asked = _Asked(question, tuple(wanted), quota, None if document_ids is None else frozenset(document_ids))
        with self._guard:
            known = next((hits for one, hits in self._known if one == asked), None)
        if known is None:
            known = tuple(self._searched(question, wanted, quota, document_ids))
            with self._guard:
                self._known.append((asked, known))
        return list(known)

    def _searched(
        self, question: str, wanted: Sequence[Term], quota: int, document_ids: Collection[str] | None
    ) -> list[Hit]:
        vector = self.embedder.encode_questions([question])[0]
        ids = sorted(document_ids) if document_ids is not None else None
        near = nearest_in_each(self.index, vector, self.index.library.languages(), _DENSE_DEPTH, ids)
        hits: list[Hit] = []
        for language, nearest in near.items():
            hits += self._in_language(question, nearest, wanted, language, quota, ids)
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))

    def _in_language(
        self,
        question: str,
        near: Sequence[Near],
        wanted: Sequence[Term],
        language: str,
        quota: int,
        document_ids: Sequence[str] | None,
    ) -> list[Hit]:
        fused = fuse(self._rankings(near, wanted, language, document_ids))[:_REORDERED]
        found = self.index.library.passages([passage_id for passage_id, _ in fused])
        scored = reorder(
            question, wanted, [(stored.passage, stored.language) for stored in found], self.rarity, self.space
        )
        late = sorted(zip(found, scored, strict=True), key=lambda pair: (-pair[1].score, pair[0].id))
        scores = dict(fuse([[passage_id for passage_id, _ in fused], [stored.id for stored, _ in late]]))
        hits = [
            Hit(stored.id, stored.passage, stored.language, scores[stored.id], dict(enumerate(one.closeness)))
            for stored, one in late
        ]
        hits = sorted(hits, key=lambda hit: (-hit.score, hit.id))[:quota]
        return self._reranked(question, hits) if self.reranker else hits

    def _reranked(self, question: str, hits: list[Hit]) -> list[Hit]:
        """The first hits in the order of a cross-encoder's reading, by their best sentence; the others behind them."""
        assert self.reranker is not None
        read, rest = hits[:_READ_CLOSELY], hits[_READ_CLOSELY:]
        spots = [(place, i) for place, hit in enumerate(read) for i in range(len(hit.passage.sentences))]
        texts = [read[place].passage.in_context(i) for place, i in spots]
        closeness: list[dict[int, float]] = [{} for _ in read]
        for (place, i), score in zip(spots, self.reranker.scores(question, texts), strict=True):
            closeness[place][i] = score
        order = sorted(range(len(read)), key=lambda place: -max(closeness[place].values(), default=0.0))
        ranks = sorted((hit.score for hit in read), reverse=True)
        return [
            replace(read[place], score=score, closeness=closeness[place])
            for place, score in zip(order, ranks, strict=True)
        ] + [replace(hit, closeness={}) for hit in rest]

    def _rankings(
        self,
        near: Sequence[Near],
        wanted: Sequence[Term],
        language: str,
        document_ids: Sequence[str] | None,
    ) -> list[list[int]]:
        """Passages by full text, by the best sentence's full text, and by the nearest sentence."""
        library = self.index.library
        stems = sorted({stem for term in wanted for stem in term.best_forms(language)})
        passages = [row for row, _ in library.search_passages(stems, language, _DEPTH, document_ids)]
        sentences = [row for row, _ in library.search_sentences(stems, language, _DEPTH, document_ids)]
        home = library.passages_of_sentences([*sentences, *(hit.id for hit in near)])
        return [
            passages,
            _first_each(home[row] for row in sentences if row in home),
            _first_each(home[hit.id] for hit in near if hit.id in home),
        ]


def _first_each(ids: Any) -> list[int]:
    return list(dict.fromkeys(ids))


def hybrid_retriever(searcher: Searcher, language_of: Callable[[str], str], *, limit: int = 10) -> Any:
    """Our retrieval as a LlamaIndex `BaseRetriever`: `retrieve("…")` gives passages as scored text nodes.

    Args:
        language_of: gives the language of a question.
        limit: passages returned.
    """
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    class HybridRetriever(BaseRetriever):  # type: ignore[misc]  # llama-index is untyped here
        """Dense and full text, per language, fused by reciprocal rank."""

        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            question = query_bundle.query_str
            hits = searcher.search(question, terms(question, language_of(question)))[:limit]
            return [NodeWithScore(node=_node(hit, TextNode), score=hit.score) for hit in hits]

    return HybridRetriever()


def _node(hit: Hit, node_type: Any) -> Any:
    passage = hit.passage
    return node_type(
        id_=f"p{hit.id}",
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "path": passage.document_id,
            "section": " > ".join(passage.section),
            "page": passage.page,
            "language": hit.language,
        },
    )
