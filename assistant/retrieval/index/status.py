"""What is indexed, and what changed in the corpus since."""

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DocumentError, IndexMissingError
from assistant.retrieval.index import copies, generations
from assistant.retrieval.index.changes import Pipeline, compare
from assistant.retrieval.index.generations import Unread
from assistant.retrieval.library import DocumentRecord, Library
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What stands in an index, and what changed in the corpus since."""

    folder: Path
    generation: str
    model: str
    created: str  # ISO 8601, UTC
    documents: tuple[DocumentRecord, ...]
    passages: int
    sentences: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unread: tuple[Unread, ...] = ()  # of those added or changed, what the last build could not read


def status(settings: Settings, pipeline: Pipeline) -> IndexStatus:
    """What is indexed. Needs neither the model nor Chroma.

    Raises:
        IndexMissingError: there is no index.
    """
    folder = copies.read_from(settings)
    name = generations.current(folder)
    if not name:
        folder, name = settings.index, generations.current(settings.index)
    if not name:
        raise IndexMissingError(settings.index)
    library = Library.open(generations.path_of(folder, name) / generations.LIBRARY)
    try:
        _, passages, sentences = library.counts()
        hashes: dict[str, str] = {}
        if settings.corpus.is_dir():
            before = library.hashes()
            for path in pipeline.files(settings.corpus):
                name_of = path.relative_to(settings.corpus).as_posix()
                try:
                    hashes[name_of] = pipeline.content_hash(path)
                except (DocumentError, OSError):  # indexing will say why; what stands of it stays
                    hashes[name_of] = before.get(name_of, "")
        changes = compare(hashes, library.hashes())
        return IndexStatus(
            folder=settings.index,
            generation=name,
            model=library.get_record("model"),
            created=library.get_record("created"),
            documents=tuple(library.documents()),
            passages=passages,
            sentences=sentences,
            added=changes.added,
            changed=changes.changed,
            removed=changes.removed,
            unread=tuple(
                file for file in generations.unread(settings.index) if file.path in changes.added + changes.changed
            ),
        )
    finally:
        library.close()
