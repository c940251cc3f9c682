"""The current generation of the index, opened once, with what is derived from it; whole, or as one reader sees it."""

import re
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from assistant.answering.jurisdiction import countries
from assistant.answering.reader import packaged_reader
from assistant.answering.sayings import Aligner
from assistant.answering.scope import medicines
from assistant.documents.model import Metadata, Passage
from assistant.documents.validity import Succession
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.hybrid import Searcher
from assistant.retrieval.index.copies import Following
from assistant.retrieval.index.opening import OpenIndex, open_index
from assistant.retrieval.late_interaction import WordSpace
from assistant.retrieval.library import DocumentRecord
from assistant.retrieval.rarity import Rarity
from assistant.retrieval.rerank import load_reranker
from assistant.retrieval.visible import visible
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answering.audit import Disputed

_VIEWS = 32  # of one generation, kept
_NEIGHBOURS = 12  # sentences near a passage of a document that is about nothing by name

Sees = Callable[[str, Metadata], bool]  # a document's id and metadata -> whether it is seen


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Opened:
    """One generation, and what is derived from it. Its files are closed when nobody reads it any more."""

    index: OpenIndex
    searcher: Searcher
    rarity: Rarity
    records: dict[str, DocumentRecord]
    succession: Succession
    aligner: Aligner
    medicines: frozenset[str]  # the names that documents are about
    substances: dict[str, tuple[str, ...]]  # a name, casefolded -> the substances in it
    medicines_and_substances: frozenset[str]  # the same with what is in them, casefolded
    publishers: frozenset[str]  # their short forms, casefolded: "dsam"
    audited: dict[date, list["Disputed"]] = field(default_factory=dict)  # what was found, by the day it was asked for
    offered: dict[str, list[str]] = field(default_factory=dict)  # questions to start with, by their language
    whole: "Opened | None" = None  # what this is a view of, and so keeps open

    def aliases(self, document_id: str) -> tuple[str, ...]:
        """What else the names are called that a document is about: the substances that any document gives for them."""
        return tuple(
            word for name in self.records[document_id].subjects for word in self.substances.get(name.casefold(), ())
        )

    def is_name(self, word: str, language: str) -> bool:
        """Whether a word names what documents are about, who publishes them, or a country."""
        low = word.casefold()
        return low in self.medicines_and_substances or low in self.publishers or bool(countries(word, language))

    def documents_near(self, document_id: str) -> list[str]:
        """The documents that have a sentence near one of a document's passages, by their vectors."""
        library, vectors = self.index.library, self.index.vectors
        texts = [stored.passage.text for stored in library.passages_of(document_id)]
        near: set[int] = set()
        for vector in self.searcher.embedder.encode_texts(texts) if texts else ():
            near |= {hit.id for hit in vectors.nearest(vector, _NEIGHBOURS)}
        home = library.passages_of_sentences(sorted(near))
        return sorted({stored.passage.document_id for stored in library.passages(sorted(set(home.values())))})


class Opening:
    """Keeps the current generation open; a newer one replaces it. Used from any thread."""

    def __init__(self, settings: Settings, embedder: Callable[[], Embedder], words: WordSpace) -> None:
        self._settings, self._embedder, self._words = settings, embedder, words
        self._following = Following(settings)
        self._lock = threading.Lock()
        self._whole: Opened | None = None
        self._views: OrderedDict[frozenset[str], Opened] = OrderedDict()

    def current(self, sees: Sees | None = None) -> Opened:
        """The current generation; with `sees`, as if it held only the documents that are seen.

        Raises:
            IndexMissingError, IndexDamagedError, ModelMismatchError: there is no index to search.
        """
        with self._lock:
            whole = self._up_to_date()
            if sees is None:
                return whole
            ids = frozenset(id_ for id_, record in whole.records.items() if sees(id_, record.metadata))
            if len(ids) == len(whole.records):
                return whole
            if ids not in self._views:
                self._views[ids] = self._derived(visible(whole.index, ids), whole)
            self._views.move_to_end(ids)
            while len(self._views) > _VIEWS:
                self._views.popitem(last=False)
            return self._views[ids]

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            self._views.clear()
            if self._whole is not None:
                self._whole.index.close()
            self._whole = None

    def _up_to_date(self) -> Opened:
        whole, name = self._whole, self._following.current()
        if whole is None or name != whole.index.generation:
            index = open_index(self._settings, newest=whole is None or name is None)
            self._whole = whole = self._derived(index)
            weakref.finalize(whole, index.close)  # a question may read a generation that has been replaced meanwhile
            self._views.clear()
        return whole

    def _derived(self, index: OpenIndex, whole: Opened | None = None) -> Opened:
        rarity = Rarity(index.library)
        records = {record.id: record for record in index.library.documents()}
        return Opened(
            index,
            Searcher(index, self._embedder(), self._words, rarity, load_reranker(self._settings)),
            rarity,
            records,
            Succession({id_: record.metadata for id_, record in records.items()}),
            self._aligner(index, records.values(), rarity),
            (named := medicines(record.subjects for record in records.values())),
            (in_them := _substances(records.values())),
            named | {word.casefold() for words in in_them.values() for word in words},
            _short_names(records.values()),
            whole=whole,
        )

    def _aligner(self, index: OpenIndex, records: Iterable[DocumentRecord], rarity: Rarity) -> Aligner:
        def passages_of(document_id: str) -> list[tuple[Passage, str]]:
            return [(stored.passage, stored.language) for stored in index.library.passages_of(document_id)]

        return Aligner(passages_of, {one.id: one.subjects for one in records}, self._words, rarity, packaged_reader())


def _short_names(records: Iterable[DocumentRecord]) -> frozenset[str]:
    """The short forms of publishers, casefolded: words in capitals."""
    called = " ".join(f"{record.metadata.publisher} {record.metadata.title}" for record in records)
    return frozenset(word.casefold() for word in re.findall(r"\b[A-ZÆØÅ]{2,}\b", called))


def _substances(records: Iterable[DocumentRecord]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for record in records:
        for name, words in record.substances.items():
            found.setdefault(name.casefold(), {}).update(dict.fromkeys(words))
    return {name: tuple(words) for name, words in found.items()}
