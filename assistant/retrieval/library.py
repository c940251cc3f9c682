"""SQLite: documents, passages, sentences and their full text; the truth that everything else is rebuilt from."""

import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.documents.model import Document, Mark, Metadata, Passage, Sentence
from assistant.documents.subjects import subjects
from assistant.errors import DocumentError, IndexDamagedError
from assistant.retrieval import fulltext
from assistant.retrieval.database import Database

SCHEMA = """
CREATE TABLE record (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, metadata TEXT NOT NULL, language TEXT NOT NULL, content_hash TEXT NOT NULL,
    body INTEGER NOT NULL, pages TEXT NOT NULL, marks TEXT NOT NULL, boxes BLOB NOT NULL,
    subjects TEXT NOT NULL, indexed_at TEXT NOT NULL
);
CREATE TABLE passages (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL REFERENCES documents (id),
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL, page INTEGER,
    language TEXT NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_id, ordinal);
CREATE TABLE sentences (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT, passage_id INTEGER NOT NULL REFERENCES passages (rowid),
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL,
    lead_in INTEGER NOT NULL
);
CREATE INDEX sentences_by_passage ON sentences (passage_id, ordinal);
"""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as lists show it: everything but its text."""

    id: str
    metadata: Metadata
    content_hash: str
    pages: int
    passages: int
    sentences: int
    subjects: tuple[str, ...]  # the names it is about
    indexed_at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its place in the index."""

    id: int
    passage: Passage
    language: str
    sentence_ids: tuple[int, ...]  # as `passage.sentences`


class Library:
    """One generation's texts. Any thread may use it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def create(cls, path: Path) -> "Library":
        """A new, empty library, for writing."""
        database = Database(path, writable=True)
        with database.transaction() as connection:
            connection.executescript(SCHEMA + fulltext.SCHEMA)
        return cls(database)

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> "Library":
        """A library that stands.

        Raises:
            IndexDamagedError: the file is missing or is no library of ours.
        """
        if not path.is_file():
            raise IndexDamagedError(path.parent, f"{path.name} is missing")
        database = Database(path, writable=writable)
        try:
            database.rows("SELECT count(*) FROM record")
        except IndexDamagedError:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def copy_to(self, path: Path) -> None:
        """A consistent copy of the whole library."""
        self._database.copy_to(path)

    # Writing

    def add_document(self, document: Document, passages: Sequence[Passage]) -> list[StoredPassage]:
        """Store a document with its passages, whole or not at all. An earlier version must have been removed."""
        language = document.metadata.language
        stored = []
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    document.id,
                    document.text,
                    json.dumps(asdict(document.metadata), ensure_ascii=False),
                    language,
                    document.content_hash,
                    document.body,
                    json.dumps(document.pages),
                    json.dumps([(m.start, m.end, m.kind, m.level) for m in document.marks]),
                    zlib.compress(document.boxes) if document.boxes else b"",
                    json.dumps(subjects(document, passages), ensure_ascii=False),
                    datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )
            for passage in passages:
                stored.append(self._add_passage(connection, passage, language))
        return stored

    def _add_passage(self, connection: sqlite3.Connection, passage: Passage, language: str) -> StoredPassage:
        cursor = connection.execute(
            "INSERT INTO passages (document_id, ordinal, start, end, section, page, language)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                passage.document_id,
                passage.ordinal,
                passage.start,
                passage.end,
                json.dumps(passage.section, ensure_ascii=False),
                passage.page,
                language,
            ),
        )
        passage_id = int(cursor.lastrowid or 0)
        sentence_ids = []
        for ordinal, sentence in enumerate(passage.sentences):
            row = connection.execute(
                "INSERT INTO sentences (passage_id, ordinal, start, end, text, kind, lead_in)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (passage_id, ordinal, sentence.start, sentence.end, sentence.text, sentence.kind, sentence.lead_in),
            )
            sentence_ids.append(int(row.lastrowid or 0))
        fulltext.add_passage(connection, passage_id, sentence_ids, passage, language)
        return StoredPassage(passage_id, passage, language, tuple(sentence_ids))

    def remove_document(self, document_id: str) -> None:
        """Take a document out, with its passages and their full text. One that is not there is no error."""
        passages = self.passages_of(document_id)
        with self._database.transaction() as connection:
            for stored in passages:
                fulltext.remove_passage(connection, stored.id, stored.sentence_ids, stored.language)
                connection.execute("DELETE FROM sentences WHERE passage_id = ?", (stored.id,))
            connection.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
            connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def set_record(self, **values: str) -> None:
        """Write facts about this generation: its model, its number, when it was built."""
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?)", list(values.items()))

    # Reading

    def get_record(self, key: str) -> str:
        """A fact about this generation; empty where it was not recorded."""
        rows = self._database.rows("SELECT value FROM record WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def documents(self) -> list[DocumentRecord]:
        """All documents, by id."""
        rows = self._database.rows(
            "SELECT d.id, d.metadata, d.content_hash, d.pages, d.subjects, d.indexed_at, count(DISTINCT p.rowid),"
            " count(s.rowid) FROM documents d LEFT JOIN passages p ON p.document_id = d.id"
            " LEFT JOIN sentences s ON s.passage_id = p.rowid"
            " GROUP BY d.id ORDER BY d.id"
        )
        return [
            DocumentRecord(
                id_,
                _metadata(metadata),
                hashed,
                len(json.loads(pages)),
                passages,
                sentences,
                tuple(json.loads(about)),
                at,
            )
            for id_, metadata, hashed, pages, about, at, passages, sentences in rows
        ]

    def document(self, document_id: str) -> Document:
        """One document, whole.

        Raises:
            DocumentError: no such document is indexed.
        """
        rows = self._database.rows(
            "SELECT text, metadata, content_hash, body, pages, marks, boxes FROM documents WHERE id = ?", (document_id,)
        )
        if not rows:
            raise DocumentError(document_id, "no such document is indexed", "See what is: assistant status")
        text, metadata, hashed, body, pages, marks, boxes = rows[0]
        return Document(
            document_id,
            text,
            _metadata(metadata),
            hashed,
            body,
            tuple(json.loads(pages)),
            tuple(Mark(*mark) for mark in json.loads(marks)),
            zlib.decompress(boxes) if boxes else b"",
        )

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        """Passages by id, in the order of `ids`; unknown ones are left out."""
        found = {
            stored.id: stored
            for stored in self._stored("p.rowid IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))
        }
        return [found[passage_id] for passage_id in ids if passage_id in found]

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        """A document's passages, in reading order."""
        return sorted(self._stored("p.document_id = ?", document_id), key=lambda stored: stored.passage.ordinal)

    def _stored(self, condition: str, parameter: str) -> list[StoredPassage]:
        heads = self._database.rows(
            "SELECT p.rowid, p.document_id, p.ordinal, p.start, p.end, p.section, p.page, p.language"
            f" FROM passages p WHERE {condition}",
            (parameter,),
        )
        sentences: dict[int, list[tuple[int, Sentence]]] = {row[0]: [] for row in heads}
        for rowid, passage_id, *fields in self._database.rows(
            "SELECT s.rowid, s.passage_id, s.start, s.end, s.text, s.kind, s.lead_in FROM sentences s"
            f" JOIN passages p ON p.rowid = s.passage_id WHERE {condition} ORDER BY s.passage_id, s.ordinal",
            (parameter,),
        ):
            sentences[passage_id].append((rowid, Sentence(*fields)))
        return [
            StoredPassage(
                rowid,
                Passage(
                    document_id,
                    ordinal,
                    start,
                    end,
                    tuple(json.loads(section)),
                    page,
                    tuple(s for _, s in sentences[rowid]),
                ),
                language,
                tuple(sentence_id for sentence_id, _ in sentences[rowid]),
            )
            for rowid, document_id, ordinal, start, end, section, page, language in heads
        ]

    def passages_of_sentences(self, ids: Sequence[int]) -> dict[int, int]:
        """The passage that each sentence belongs to."""
        return dict(
            self._database.rows(
                "SELECT rowid, passage_id FROM sentences WHERE rowid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
        )

    def hashes(self) -> dict[str, str]:
        """The content hash of every document, by id."""
        return dict(self._database.rows("SELECT id, content_hash FROM documents"))

    def languages(self) -> list[str]:
        """The languages of the documents."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT language FROM documents ORDER BY language")]

    def counts(self) -> tuple[int, int, int]:
        """Documents, passages, sentences."""
        counted = [
            self._database.rows(f"SELECT count(*) FROM {table}")[0][0]
            for table in ("documents", "passages", "sentences")
        ]
        return counted[0], counted[1], counted[2]

    def ids(self) -> tuple[list[int], list[int]]:
        """The ids of all passages, and of all sentences."""
        return (
            [row[0] for row in self._database.rows("SELECT rowid FROM passages ORDER BY rowid")],
            [row[0] for row in self._database.rows("SELECT rowid FROM sentences ORDER BY rowid")],
        )

    def search_passages(
        self, words: Sequence[str], language: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """Passages of one language that have any of the stems, best first by BM25: (id, score), higher is better."""
        return fulltext.search(self._database, "passages", words, language, limit, document_ids)

    def search_sentences(
        self, words: Sequence[str], language: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """Sentences of one language that have any of the stems, best first by BM25: (id, score), higher is better."""
        return fulltext.search(self._database, "sentences", words, language, limit, document_ids)

    def document_frequency(self, stem: str, language: str) -> int:
        """How many sentences of one language have the stem."""
        rows = self._database.rows(
            "SELECT sentences FROM frequencies WHERE language = ? AND stem = ?", (language, stem)
        )
        return int(rows[0][0]) if rows else 0

    def sentence_count(self, language: str) -> int:
        """How many sentences there are in one language."""
        rows = self._database.rows(
            "SELECT count(*) FROM sentences s JOIN passages p ON p.rowid = s.passage_id WHERE p.language = ?",
            (language,),
        )
        return int(rows[0][0])

    def vocabulary(self, language: str) -> list[tuple[str, int]]:
        """Every stem of one language, with the number of sentences that have it."""
        return self._database.rows("SELECT stem, sentences FROM frequencies WHERE language = ?", (language,))


def _metadata(stored: str) -> Metadata:
    fields = json.loads(stored)
    return Metadata(**{**fields, "access": tuple(fields.get("access", ()))})
