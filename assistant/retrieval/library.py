"""SQLite: documents, passages, sentences and their full text; the truth that everything else is rebuilt from."""

import json
import sqlite3
import threading
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.documents.model import Document, Mark, Metadata, Passage, Sentence
from assistant.documents.subjects import subjects, substances
from assistant.errors import DocumentError, IndexDamagedError
from assistant.retrieval.index.generations import index_of
from assistant.retrieval.lexical import stems

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
CREATE TABLE frequencies (
    language TEXT NOT NULL, stem TEXT NOT NULL, sentences INTEGER NOT NULL, PRIMARY KEY (language, stem)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE passages_fts USING fts5 (
    language, stems, section, tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE sentences_fts USING fts5 (
    language, stems, tokenize = 'unicode61 remove_diacritics 0'
);
"""
_SECTION_WEIGHT = 0.5  # of a word in the headings above a passage, against 1 in the passage
_MOST_STEMS = 200  # of one full-text query


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
    substances: Mapping[str, tuple[str, ...]]  # what it says a name contains
    indexed_at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its place in the index."""

    id: int
    passage: Passage
    language: str
    sentence_ids: tuple[int, ...]  # as `passage.sentences`


class Library:
    """One generation's texts. Readers may share it between threads: each thread has its own connection."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path, self.writable = path, writable
        self._threads = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> "Library":
        """A new, empty library, for writing."""
        library = cls(path, writable=True)
        library._connection().executescript(SCHEMA)
        return library

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> "Library":
        """A library that stands.

        Raises:
            IndexDamagedError: the file is missing or is no library of ours.
        """
        if not path.is_file():
            raise IndexDamagedError(index_of(path.parent), f"{path.name} is missing")
        library = cls(path, writable=writable)
        try:
            library._connection().execute("SELECT count(*) FROM record").fetchone()
        except sqlite3.Error as error:
            raise IndexDamagedError(index_of(path.parent), f"{path.name}: {error}") from error
        return library

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._threads = threading.local()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            mode = "rwc" if self.writable else "ro"
            try:
                connection = sqlite3.connect(
                    f"{self.path.absolute().as_uri()}?mode={mode}", uri=True, check_same_thread=False
                )
            except sqlite3.OperationalError:
                # Newer generations have replaced this one and its file is gone; what opened it first still holds it.
                with self._guard:
                    if self.writable or not self._connections:
                        raise
                    return self._connections[0]
            self._threads.connection = connection
            with self._guard:
                self._connections.append(connection)
        return connection

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._connection().execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise IndexDamagedError(index_of(self.path.parent), f"{self.path.name}: {error}") from error

    def copy_to(self, path: Path) -> None:
        """A consistent copy of the whole library, by SQLite itself."""
        with sqlite3.connect(path) as target:
            self._connection().backup(target)
        target.close()

    # Writing

    def add_document(self, document: Document, passages: Sequence[Passage]) -> list[StoredPassage]:
        """Store a document with its passages, whole or not at all. An earlier version must have been removed."""
        language = document.metadata.language
        about = substances(subjects(document, passages), passages, document.metadata.title)
        stored = []
        with self._connection() as connection:
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
                    json.dumps(about, ensure_ascii=False),
                    datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )
            counted: Counter[str] = Counter()
            for passage in passages:
                stored.append(self._add_passage(connection, passage, language, counted))
            self._count(connection, language, counted)
        return stored

    def _add_passage(
        self, connection: sqlite3.Connection, passage: Passage, language: str, counted: Counter[str]
    ) -> StoredPassage:
        """Store a passage, and count in how many of its sentences each stem stands."""
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
        section = " ".join(stems(" ".join(passage.section), language))
        words: list[str] = []
        sentence_ids = []
        for ordinal, sentence in enumerate(passage.sentences):
            row = connection.execute(
                "INSERT INTO sentences (passage_id, ordinal, start, end, text, kind, lead_in)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (passage_id, ordinal, sentence.start, sentence.end, sentence.text, sentence.kind, sentence.lead_in),
            )
            own = stems(sentence.text, language)
            words += own
            sentence_ids.append(int(row.lastrowid or 0))
            connection.execute(
                "INSERT INTO sentences_fts (rowid, language, stems) VALUES (?, ?, ?)",
                (row.lastrowid, _tag(language), " ".join(own)),
            )
            counted.update(set(own))
        connection.execute(
            "INSERT INTO passages_fts (rowid, language, stems, section) VALUES (?, ?, ?, ?)",
            (passage_id, _tag(language), " ".join(words), section),
        )
        return StoredPassage(passage_id, passage, language, tuple(sentence_ids))

    @staticmethod
    def _count(connection: sqlite3.Connection, language: str, counted: Mapping[str, int]) -> None:
        """Add to the numbers of sentences that have a stem; below 0 takes away."""
        connection.executemany(
            "INSERT INTO frequencies VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET sentences = sentences + excluded.sentences",
            [(language, stem, sentences) for stem, sentences in counted.items()],
        )

    def remove_document(self, document_id: str) -> None:
        """Take a document out, with its passages and their full text. One that is not there is no error."""
        with self._connection() as connection:
            for stored in self.passages_of(document_id):
                counted: Counter[str] = Counter()
                for sentence in stored.passage.sentences:
                    counted.subtract(set(stems(sentence.text, stored.language)))
                self._count(connection, stored.language, counted)
                marks = ",".join("?" * len(stored.sentence_ids))
                connection.execute(f"DELETE FROM sentences_fts WHERE rowid IN ({marks})", stored.sentence_ids)
                connection.execute("DELETE FROM sentences WHERE passage_id = ?", (stored.id,))
                connection.execute("DELETE FROM passages_fts WHERE rowid = ?", (stored.id,))
            connection.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
            connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))
            connection.execute("DELETE FROM frequencies WHERE sentences <= 0")

    def set_record(self, **values: str) -> None:
        """Write facts about this generation: its model, its number, when it was built."""
        with self._connection() as connection:
            connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?)", list(values.items()))

    # Reading

    def get_record(self, key: str) -> str:
        """A fact about this generation; empty where it was not recorded."""
        rows = self._rows("SELECT value FROM record WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def documents(self) -> list[DocumentRecord]:
        """All documents, by id."""
        rows = self._rows(
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
                {name: tuple(found) for name, found in json.loads(about).items()},
                at,
            )
            for id_, metadata, hashed, pages, about, at, passages, sentences in rows
        ]

    def document(self, document_id: str) -> Document:
        """One document, whole.

        Raises:
            DocumentError: no such document is indexed.
        """
        rows = self._rows(
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
        heads = self._rows(
            "SELECT p.rowid, p.document_id, p.ordinal, p.start, p.end, p.section, p.page, p.language"
            f" FROM passages p WHERE {condition}",
            (parameter,),
        )
        sentences: dict[int, list[tuple[int, Sentence]]] = {row[0]: [] for row in heads}
        for rowid, passage_id, *fields in self._rows(
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
            self._rows(
                "SELECT rowid, passage_id FROM sentences WHERE rowid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
        )

    def languages_of_sentences(self, ids: Sequence[int]) -> dict[int, str]:
        """The language of each sentence; unknown ones are left out."""
        return dict(
            self._rows(
                "SELECT s.rowid, p.language FROM sentences s JOIN passages p ON p.rowid = s.passage_id"
                " WHERE s.rowid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
        )

    def hashes(self) -> dict[str, str]:
        """The content hash of every document, by id."""
        return dict(self._rows("SELECT id, content_hash FROM documents"))

    def languages(self) -> list[str]:
        """The languages of the documents."""
        return [row[0] for row in self._rows("SELECT DISTINCT language FROM documents ORDER BY language")]

    def counts(self) -> tuple[int, int, int]:
        """Documents, passages, sentences."""
        counted = [
            self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("documents", "passages", "sentences")
        ]
        return counted[0], counted[1], counted[2]

    def ids(self) -> tuple[list[int], list[int]]:
        """The ids of all passages, and of all sentences."""
        return (
            [row[0] for row in self._rows("SELECT rowid FROM passages ORDER BY rowid")],
            [row[0] for row in self._rows("SELECT rowid FROM sentences ORDER BY rowid")],
        )

    def search_passages(
        self, words: Sequence[str], language: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """Passages of one language that have any of the stems, best first by BM25: (id, score), higher is better."""
        return self._search("passages", words, language, limit, document_ids)

    def search_sentences(
        self, words: Sequence[str], language: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """Sentences of one language that have any of the stems, best first by BM25: (id, score), higher is better."""
        return self._search("sentences", words, language, limit, document_ids)

    def _search(
        self, what: str, words: Sequence[str], language: str, limit: int, document_ids: Sequence[str] | None
    ) -> list[tuple[int, float]]:
        quoted = " OR ".join('"' + word.replace('"', '""') + '"' for word in words[:_MOST_STEMS] if word.strip())
        if not quoted or limit <= 0:
            return []
        weights = f"0, 1, {_SECTION_WEIGHT}" if what == "passages" else "0, 1"
        columns = "stems section" if what == "passages" else "stems"
        sql = f"SELECT f.rowid, -bm25({what}_fts, {weights}) AS score FROM {what}_fts f"
        parameters: list[Any] = [f'language : "{_tag(language)}" AND {{{columns}}} : ({quoted})']
        condition = f" WHERE {what}_fts MATCH ?"
        if document_ids is not None:
            home = "f.rowid" if what == "passages" else "(SELECT passage_id FROM sentences s WHERE s.rowid = f.rowid)"
            condition += (
                f" AND (SELECT document_id FROM passages p WHERE p.rowid = {home}) IN (SELECT value FROM json_each(?))"
            )
            parameters.append(json.dumps(list(document_ids)))
        return self._rows(f"{sql}{condition} ORDER BY score DESC, f.rowid LIMIT ?", [*parameters, limit])

    def document_frequency(self, stem: str, language: str) -> int:
        """How many sentences of one language have the stem."""
        rows = self._rows("SELECT sentences FROM frequencies WHERE language = ? AND stem = ?", (language, stem))
        return int(rows[0][0]) if rows else 0

    def phrase_frequency(self, stems: Sequence[str], language: str) -> int:
        """How many sentences of one language have the stems near together, with a word or so in between."""
        asked = self.near_together(stems, language)
        rows = self._rows("SELECT count(*) FROM sentences_fts WHERE sentences_fts MATCH ?", (asked,))
        return int(rows[0][0])

    @staticmethod
    def near_together(stems: Sequence[str], language: str) -> str:
        """A full-text query for sentences of one language with the stems near together."""
        quoted = " ".join('"' + stem.replace('"', '""') + '"' for stem in stems)
        return f'language : "{_tag(language)}" AND stems : NEAR({quoted}, {len(stems) - 1})'

    def sentence_count(self, language: str) -> int:
        """How many sentences there are in one language."""
        rows = self._rows(
            "SELECT count(*) FROM sentences s JOIN passages p ON p.rowid = s.passage_id WHERE p.language = ?",
            (language,),
        )
        return int(rows[0][0])

    def vocabulary(self, language: str) -> list[tuple[str, int]]:
        """Every stem of one language, with the number of sentences that have it."""
        return self._rows("SELECT stem, sentences FROM frequencies WHERE language = ?", (language,))


def _tag(language: str) -> str:
    """A language as one word of the full-text index, where an empty one could not be asked for."""
    return f"lang{language or 'none'}"


def _metadata(stored: str) -> Metadata:
    fields = json.loads(stored)
    return Metadata(**{**fields, "access": tuple(fields.get("access", ()))})
