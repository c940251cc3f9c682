"""An index as one reader sees it: as if the documents that they may not read were not there.

Everything that answers, counts or lists reads through `Library` and `Vectors`; what stands here takes their place, so
that no door has to remember to leave anything out. Frequencies of words are those of the visible documents too: else
how sure an answer is would tell what the others say. Only the order in which full text lists its candidates (the
inverse document frequency inside SQLite's `bm25`) still knows the whole.
"""

import json
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.access import Caller
from assistant.documents.model import Document
from assistant.errors import DocumentError
from assistant.retrieval.library import DocumentRecord, Library, StoredPassage
from assistant.retrieval.vectors import Near, Vectors

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.retrieval.index.opening import OpenIndex
    from assistant.retrieval.index.status import IndexStatus

_HOME = "JOIN sentences s ON s.rowid = {row} JOIN passages p ON p.rowid = s.passage_id"


class VisibleLibrary(Library):
    """A library's visible documents, for reading. Shares the connections of the whole, and never closes them."""

    def __init__(self, whole: Library, ids: frozenset[str]) -> None:
        super().__init__(whole.path, writable=False)
        self._whole, self._ids = whole, ids
        self._listed = json.dumps(sorted(ids))
        self._connection = whole._connection  # type: ignore[method-assign]

    def close(self) -> None:
        """Nothing: the connections are the whole library's."""

    def documents(self) -> list[DocumentRecord]:
        """The visible documents, by id."""
        return [record for record in self._whole.documents() if record.id in self._ids]

    def document(self, document_id: str) -> Document:
        """One visible document.

        Raises:
            DocumentError: no such document is indexed, or none that is visible: the same message for both.
        """
        if document_id not in self._ids:
            raise DocumentError(document_id, "no such document is indexed", "See what is: assistant status")
        return self._whole.document(document_id)

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        """Visible passages by id, in the order of `ids`; unknown ones are left out."""
        return [stored for stored in self._whole.passages(ids) if stored.passage.document_id in self._ids]

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        """A visible document's passages, in reading order."""
        return self._whole.passages_of(document_id) if document_id in self._ids else []

    def passages_of_sentences(self, ids: Sequence[int]) -> dict[int, int]:
        """The visible passage that each sentence belongs to."""
        return dict(
            self._rows(
                "SELECT s.rowid, s.passage_id FROM sentences s JOIN passages p ON p.rowid = s.passage_id"
                " WHERE s.rowid IN (SELECT value FROM json_each(?))"
                " AND p.document_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)), self._listed),
            )
        )

    def hashes(self) -> dict[str, str]:
        """The content hash of every visible document, by id."""
        return {id_: hashed for id_, hashed in self._whole.hashes().items() if id_ in self._ids}

    def languages(self) -> list[str]:
        """The languages of the visible documents."""
        return sorted({record.metadata.language for record in self.documents()})

    def counts(self) -> tuple[int, int, int]:
        """Visible documents, their passages, their sentences."""
        records = self.documents()
        return len(records), sum(one.passages for one in records), sum(one.sentences for one in records)

    def ids(self) -> tuple[list[int], list[int]]:
        """The ids of all visible passages, and of all visible sentences."""
        visible = "(SELECT value FROM json_each(?))"
        passages = f"SELECT p.rowid FROM passages p WHERE p.document_id IN {visible} ORDER BY p.rowid"
        sentences = (
            "SELECT s.rowid FROM sentences s JOIN passages p ON p.rowid = s.passage_id"
            f" WHERE p.document_id IN {visible} ORDER BY s.rowid"
        )
        return (
            [row[0] for row in self._rows(passages, (self._listed,))],
            [row[0] for row in self._rows(sentences, (self._listed,))],
        )

    def _search(
        self, what: str, words: Sequence[str], language: str, limit: int, document_ids: Sequence[str] | None
    ) -> list[tuple[int, float]]:
        asked = self._ids if document_ids is None else self._ids & set(document_ids)
        return self._whole._search(what, words, language, limit, sorted(asked))

    def document_frequency(self, stem: str, language: str) -> int:
        """How many visible sentences of one language have the stem."""
        return self._frequencies[language, stem]

    def phrase_frequency(self, stems: Sequence[str], language: str) -> int:
        """How many visible sentences of one language have the stems near together, with a word or so in between."""
        rows = self._rows(
            "SELECT count(*) FROM sentences_fts f "
            + _HOME.format(row="f.rowid")
            + " WHERE sentences_fts MATCH ? AND p.document_id IN (SELECT value FROM json_each(?))",
            (self.near_together(stems, language), self._listed),
        )
        return int(rows[0][0])

    def sentence_count(self, language: str) -> int:
        """How many visible sentences there are in one language."""
        return sum(one.sentences for one in self.documents() if one.metadata.language == language)

    def vocabulary(self, language: str) -> list[tuple[str, int]]:
        """Every stem of one language in visible sentences, with the number of those that have it."""
        return [(stem, count) for (spoken, stem), count in self._frequencies.items() if spoken == language]

    @cached_property
    def _frequencies(self) -> Counter[tuple[str, str]]:
        """(language, stem) -> visible sentences that have it; counted over whichever side is smaller."""
        everything = self._whole.hashes()
        hidden = everything.keys() - self._ids
        if len(self._ids) <= len(hidden):
            return self._counted(self._ids)
        counts = Counter(
            {
                (language, stem): count
                for language in self._whole.languages()
                for stem, count in self._whole.vocabulary(language)
            }
        )
        counts.subtract(self._counted(hidden))
        return +counts

    def _counted(self, ids: Set[str]) -> Counter[tuple[str, str]]:
        counts: Counter[tuple[str, str]] = Counter()
        sql = f"SELECT p.language, f.stems FROM sentences_fts f {_HOME.format(row='f.rowid')} WHERE p.document_id = ?"
        for id_ in ids:
            for language, stems in self._rows(sql, (id_,)):
                counts.update((language, stem) for stem in set(stems.split(" ")) if stem)
        return counts


class VisibleVectors(Vectors):
    """The vectors of the visible documents, for reading."""

    def __init__(self, whole: Vectors, ids: frozenset[str], sentences: int) -> None:
        self._whole, self._ids, self._sentences = whole, ids, sentences

    def close(self) -> None:
        """Nothing: the client is the whole collection's."""

    def nearest(
        self,
        vector: "npt.NDArray[np.float32]",
        limit: int,
        *,
        language: str | None = None,
        document_ids: Sequence[str] | None = None,
    ) -> list[Near]:
        """The nearest visible sentences, nearest first; as `Vectors.nearest`."""
        asked = self._ids if document_ids is None else self._ids & set(document_ids)
        return self._whole.nearest(vector, limit, language=language, document_ids=sorted(asked))

    def count(self) -> int:
        """How many there are."""
        return self._sentences


def visible(index: "OpenIndex", ids: frozenset[str]) -> "OpenIndex":
    """The open index as if it held these documents only."""
    library = VisibleLibrary(index.library, ids)
    return replace(index, library=library, vectors=VisibleVectors(index.vectors, ids, library.counts()[2]))


def seen_status(status: "IndexStatus", caller: Caller) -> "IndexStatus":
    """What of an index's status a caller may know. Files that are not indexed yet are named to curators alone."""
    documents = tuple(record for record in status.documents if caller.may_read(record.metadata))
    seen = {record.id for record in documents}
    manages = caller.may("curator")
    return replace(
        status,
        documents=documents,
        passages=sum(record.passages for record in documents),
        sentences=sum(record.sentences for record in documents),
        added=status.added if manages else (),
        changed=tuple(path for path in status.changed if path in seen),
        removed=tuple(path for path in status.removed if path in seen),
        unread=tuple(file for file in status.unread if file.path in seen or (manages and file.path in status.added)),
    )
