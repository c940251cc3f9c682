"""The current generation of an index, open for reading and checked."""

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexDamagedError, IndexMissingError, ModelMismatchError
from assistant.retrieval.embedding import model_name
from assistant.retrieval.index import copies, generations
from assistant.retrieval.library import Library
from assistant.retrieval.vectors import Vectors
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """One generation, open for reading."""

    library: Library
    vectors: Vectors
    generation: str
    folder: Path

    def close(self) -> None:
        """Let go of its files."""
        self.library.close()
        self.vectors.close()


def open_index(settings: Settings, *, newest: bool = True) -> OpenIndex:
    """Open the current generation, checked.

    Args:
        newest: with `index_copy`, wait until the newest generation is copied; if not, open the newest that is.

    Raises:
        IndexMissingError: there is none.
        IndexCopyError: there is none here, and it cannot be copied.
        IndexDamagedError: it does not hold what its own record says.
        ModelMismatchError: it was built with another embedding model than the one configured.
    """
    if newest:
        copies.ready(settings)
    folder = copies.read_from(settings)
    name = generations.current(folder)
    if not name:
        raise IndexMissingError(settings.index)
    place = generations.path_of(folder, name)
    must_be_whole(folder, name)
    library = Library.open(place / generations.LIBRARY)
    configured = model_name(settings)
    if library.get_record("model") != configured:
        raise ModelMismatchError(settings.index, library.get_record("model"), configured)
    collection = _collection_of(library, settings, name)
    vectors = Vectors.open(place / generations.VECTORS, collection, settings.chroma_url)
    _, _, sentences = library.counts()
    if vectors.count() != sentences:
        counted = vectors.count()
        vectors.close()
        raise IndexDamagedError(settings.index, f"{counted} vectors for {sentences} sentences")
    return OpenIndex(library, vectors, name, settings.index)


def must_be_whole(folder: Path, name: str, *, but_for: str = "\0") -> None:
    """Raise IndexDamagedError where a generation's files, but for those in one folder, are not as they were written."""
    found = [file for file in generations.damaged(generations.path_of(folder, name)) if not file.startswith(but_for)]
    if found:
        raise IndexDamagedError(folder, f"{found[0]} is not as it was written")


def collection_name(settings: Settings, name: str) -> str:
    """The name of a generation's collection: its own on a shared server, the same in a folder of its own."""
    if not settings.chroma_url:
        return "assistant"
    return f"assistant-{generations.identity(settings.index)}-{name}"


def _collection_of(library: Library, settings: Settings, name: str) -> str:
    """The collection that holds a generation's vectors. On a server, its library says which: copies need no more.

    Raises:
        IndexDamagedError: they were never on a server.
    """
    if not settings.chroma_url:
        return collection_name(settings, name)
    if collection := library.get_record("collection"):
        return collection
    raise IndexDamagedError(settings.index, f"its vectors are not on the Chroma server at {settings.chroma_url}")
