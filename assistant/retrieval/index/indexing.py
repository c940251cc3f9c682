"""A corpus becomes a generation of the index; what did not change is taken over from the one before."""

import errno
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.model import Document
from assistant.errors import (
    CorpusMissingError,
    DocumentError,
    EmbeddingModelError,
    IndexDamagedError,
    IndexMissingError,
    ModelMismatchError,
)
from assistant.retrieval.embedding import Embedder, load_embedder
from assistant.retrieval.index import generations
from assistant.retrieval.index.changes import Changes, Pipeline, compare
from assistant.retrieval.index.generations import Unread
from assistant.retrieval.index.opening import collection_name, must_be_whole
from assistant.retrieval.index.spreading import workforce
from assistant.retrieval.index.writing import writes
from assistant.retrieval.library import Library, StoredPassage
from assistant.retrieval.vectors import Item, Vectors
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.retrieval.vectors import Matrix

SCHEMA_VERSION = "1"
_BATCH = 512  # texts encoded at once
_OF_MODELS = (
    "embedding_model",
    "embedding_query_prefix",
    "embedding_passage_prefix",
    "reranker_model",
    "nli_model",
    "device",
)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run of indexing did."""

    generation: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    kept: tuple[str, ...]  # could not be read now; their earlier version stays
    failures: tuple[tuple[str, str], ...]  # (path, message)
    documents: int
    passages: int
    sentences: int
    seconds: float
    model: str
    nothing_to_do: bool


def build_index(
    settings: Settings,
    pipeline: Pipeline,
    embedder: Embedder,
    *,
    progress: Progress | None = None,
    rebuild: bool = False,
) -> IndexReport:
    """Bring the index up to date with the corpus, or with `rebuild` make it anew.

    Raises:
        CorpusMissingError: the corpus folder is missing, or nothing in it can be read and nothing is indexed.
        IndexLockedError: another process is indexing.
        ModelMismatchError: the index was built with another model, and `rebuild` is not set.
        IndexDamagedError: the generation to build on is damaged, and `rebuild` is not set.
        IndexNotWrittenError: the disk is full, or the index may not be written to; the old generation stands.
    """
    started = time.perf_counter()
    if not settings.corpus.is_dir():
        raise CorpusMissingError(settings.corpus)
    with writes(settings.index), generations.writer(settings.index):
        return _Build(settings, pipeline, embedder, progress or _silent, rebuild).run(started)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads a file, given its path below the corpus and where it is."""

    read: Callable[[Path, Path], Document]
    corpus: Path

    def __call__(self, one: tuple[str, Path]) -> Document | Unread:
        path, file = one
        try:
            return self.read(file, self.corpus)
        except (DocumentError, OSError) as error:
            return _unread(path, error)


@dataclass(frozen=True, slots=True)
class _Encoding:
    """Encodes texts on a machine that has to load the model first."""

    settings: Settings
    name: str  # of the model that this machine would use

    def __call__(self, texts: Sequence[str]) -> "Matrix":
        embedder = load_embedder(self.settings)
        if embedder.name != self.name:
            raise EmbeddingModelError(embedder.name, f"another node of the cluster has {self.name}")
        return embedder.encode_texts(texts)


class _Build:
    """One run of indexing, by the one writer."""

    def __init__(
        self, settings: Settings, pipeline: Pipeline, embedder: Embedder, progress: Progress, rebuild: bool
    ) -> None:
        self.settings, self.pipeline, self.embedder, self.progress = settings, pipeline, embedder, progress
        self.folder = settings.index
        self.standing = None if rebuild else generations.current(self.folder)
        self.failures: list[Unread] = []
        self.workforce = workforce(settings)

    def run(self, started: float) -> IndexReport:
        hashes: dict[str, str] = {}
        if self.standing:
            hashes = self._hashes_of(self.standing)
        files = {path.relative_to(self.settings.corpus).as_posix(): path for path in self._files()}
        changes = compare(self._hash_all(files), hashes)
        if self.standing and changes.none and not self.failures:
            generations.note_unread(self.folder, [])
            return self._report(self.standing, changes, started, nothing_to_do=True)
        documents = self._read([*changes.added, *changes.changed], files)
        generations.note_unread(self.folder, self.failures)
        if not documents and not (set(hashes) - set(changes.removed)):
            raise CorpusMissingError(self.settings.corpus)
        unread = {file.path for file in self.failures}
        kept = tuple(sorted(unread & set(hashes)))
        changes = Changes(
            tuple(path for path in changes.added if path not in unread),
            tuple(path for path in changes.changed if path not in unread),
            tuple(path for path in changes.removed if path not in unread),
            changes.unchanged + len(kept),
        )
        if self.standing and changes.none:
            return self._report(self.standing, changes, started, kept=kept, nothing_to_do=not self.failures)
        name = self._write(documents, changes)
        return self._report(name, changes, started, kept=kept)

    def _files(self) -> list[Path]:
        return self.pipeline.files(self.settings.corpus)

    def _hashes_of(self, name: str) -> dict[str, str]:
        must_be_whole(self.folder, name)  # or the next generation would take the damage over as its own
        library = Library.open(generations.path_of(self.folder, name) / generations.LIBRARY)
        try:
            built_with = library.get_record("model")
            if built_with != self.embedder.name:
                raise ModelMismatchError(self.folder, built_with, self.embedder.name)
            hashes = library.hashes()
            stale = library.get_record("version") != self.pipeline.version
            return {path: "" if stale else hashed for path, hashed in hashes.items()}
        finally:
            library.close()

    def _hash_all(self, files: dict[str, Path]) -> dict[str, str]:
        hashes = {}
        for path, file in files.items():
            try:
                hashes[path] = self.pipeline.content_hash(file)
            except (DocumentError, OSError) as error:
                self.failures.append(_unread(path, error))
        return hashes

    def _read(self, paths: Sequence[str], files: dict[str, Path]) -> list[Document]:
        documents = []
        if paths:
            self.progress(0, len(paths), "reading")
        work = _Reading(self.pipeline.read, self.settings.corpus)
        for done, came in enumerate(self.workforce.map(work, [(path, files[path]) for path in paths]), 1):
            if isinstance(came, Unread):
                self.failures.append(came)
            else:
                documents.append(came)
            self.progress(done, len(paths), "reading")
        return documents

    def _write(self, documents: Sequence[Document], changes: Changes) -> str:
        """Build the next generation and switch to it; on any error the old one stands."""
        name = generations.next_name(self.folder)
        building = generations.begin(self.folder, empty=self.standing is None)
        library = vectors = None
        try:
            fresh = self.standing is None
            file = building / generations.LIBRARY
            library = Library.create(file) if fresh else Library.open(file, writable=True)
            vectors = self._vectors(building, name)
            for path in (*changes.removed, *changes.changed):
                library.remove_document(path)
                vectors.remove_document(path)
            self._add(documents, library, vectors)
            self._finish(library, vectors, name)
            library.close()
            vectors.close()
            generations.commit(self.folder, building, name)
        except BaseException:
            for part in (library, vectors):
                if part is not None:
                    part.close()
            generations.abandon(building)
            raise
        _prune(self.settings, name)
        return name

    def _vectors(self, building: Path, name: str) -> Vectors:
        url = self.settings.chroma_url
        vectors = Vectors.create(building / generations.VECTORS, collection_name(self.settings, name), url)
        if url and self.standing:
            before = Vectors.open(building / generations.VECTORS, collection_name(self.settings, self.standing), url)
            vectors.copy_from(before)
            before.close()
        return vectors

    def _add(self, documents: Sequence[Document], library: Library, vectors: Vectors) -> None:
        items: list[Item] = []
        texts: list[str] = []
        for done, document in enumerate(documents):
            self.progress(done, len(documents), "storing")
            for stored in library.add_document(document, self.pipeline.segment(document)):
                more = sentence_texts(stored)
                items += [item for item, _ in more]
                texts += [text for _, text in more]
        if documents:
            self.progress(len(documents), len(documents), "storing")
        if items:
            self.progress(0, len(items), "encoding")
        batches = [texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
        for number, encoded in enumerate(self.workforce.map(self._encode(), batches)):
            part = items[number * _BATCH : (number + 1) * _BATCH]
            vectors.add(part, encoded)
            self.progress(number * _BATCH + len(part), len(items), "encoding")

    def _encode(self) -> "Callable[[Sequence[str]], Matrix]":
        if not self.settings.ray_address:
            return self.embedder.encode_texts
        chosen = {name: getattr(self.settings, name) for name in _OF_MODELS}
        return _Encoding(Settings.model_construct(**chosen), self.embedder.name)  # no passwords leave this machine

    def _finish(self, library: Library, vectors: Vectors, name: str) -> None:
        _documents, _passages, sentences = library.counts()
        if vectors.count() != sentences:
            raise IndexDamagedError(self.folder, f"{vectors.count()} vectors for {sentences} sentences")
        library.set_record(
            schema=SCHEMA_VERSION,
            generation=name,
            model=self.embedder.name,
            version=self.pipeline.version,
            collection=collection_name(self.settings, name) if self.settings.chroma_url else "",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _report(
        self,
        name: str,
        changes: Changes,
        started: float,
        *,
        kept: tuple[str, ...] = (),
        nothing_to_do: bool = False,
    ) -> IndexReport:
        library = Library.open(generations.path_of(self.folder, name) / generations.LIBRARY)
        documents, passages, sentences = library.counts()
        library.close()
        return IndexReport(
            generation=name,
            added=changes.added,
            changed=changes.changed,
            removed=changes.removed,
            unchanged=changes.unchanged,
            kept=kept,
            failures=tuple((file.path, file.message) for file in self.failures),
            documents=documents,
            passages=passages,
            sentences=sentences,
            seconds=time.perf_counter() - started,
            model=self.embedder.name,
            nothing_to_do=nothing_to_do,
        )


def sentence_texts(stored: StoredPassage) -> list[tuple[Item, str]]:
    """What is encoded of a passage: each sentence, with what it stands under."""
    passage = stored.passage
    return [
        (Item(row, passage.document_id, stored.language), passage.in_context(index))
        for index, row in enumerate(stored.sentence_ids)
    ]


def mend(settings: Settings, embedder: Embedder, *, progress: Progress | None = None) -> str:
    """Rebuild the vectors of the current generation from its library, as a new generation; returns its name.

    Raises:
        IndexMissingError: there is nothing to mend.
        IndexDamagedError: its library is damaged too.
        IndexNotWrittenError: the disk is full, or the index may not be written to; the old generation stands.
    """
    tell = progress or _silent
    with writes(settings.index), generations.writer(settings.index):
        standing = generations.current(settings.index)
        if not standing:
            raise IndexMissingError(settings.index)
        must_be_whole(settings.index, standing, but_for=generations.VECTORS)
        name = generations.next_name(settings.index)
        building = generations.begin(settings.index, empty=True)
        try:
            source = Library.open(generations.path_of(settings.index, standing) / generations.LIBRARY)
            source.copy_to(building / generations.LIBRARY)
            source.close()
            library = Library.open(building / generations.LIBRARY, writable=True)
            collection = collection_name(settings, name)
            vectors = Vectors.create(building / generations.VECTORS, collection, settings.chroma_url)
            records = library.documents()
            for done, record in enumerate(records):
                tell(done, len(records), "encoding")
                pairs = [pair for stored in library.passages_of(record.id) for pair in sentence_texts(stored)]
                for at in range(0, len(pairs), _BATCH):
                    part = pairs[at : at + _BATCH]
                    vectors.add([item for item, _ in part], embedder.encode_texts([text for _, text in part]))
            on_server = collection if settings.chroma_url else ""
            library.set_record(generation=name, model=embedder.name, collection=on_server)
            library.close()
            vectors.close()
            generations.commit(settings.index, building, name)
        except BaseException:
            generations.abandon(building)
            raise
        _prune(settings, name)
        return name


def _prune(settings: Settings, name: str) -> None:
    """Remove old generations, and the vectors that they have on a server; `name` stays."""
    gone = generations.prune(settings.index)
    if settings.chroma_url and gone:
        place = generations.path_of(settings.index, name) / generations.VECTORS
        vectors = Vectors.open(place, collection_name(settings, name), settings.chroma_url)
        for old in gone:
            vectors.drop(collection_name(settings, old))
        vectors.close()


def _unread(path: str, error: DocumentError | OSError) -> Unread:
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EFBIG)  # readers unpack their tables to the disk
        remedy = "Make room on the disk for temporary files" if full else "Check its permissions"
        error = DocumentError(path, f"it cannot be read ({error.strerror or error})", remedy)
    return Unread(path, str(error), error.trouble)


def _silent(done: int, total: int, what: str) -> None:
    """Nobody is watching."""
