"""Chroma: sentence vectors in, nearest out.

One writer, one client per folder and process: several corrupt it. What stands here can be rebuilt from the library.
Spoken to directly: LlamaIndex's `ChromaVectorStore` would read it too, but takes longer to import than most answers do.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import AssistantError, IndexDamagedError, VectorServerError
from assistant.retrieval.index.generations import index_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]

_PAGE = 5_000  # ids asked for at once: SQLite takes some 32,000 variables in a query
_MOST_FLOATS = 4_000_000  # sent or asked for at once: a server takes 40 MB in one request


@dataclass(frozen=True, slots=True)
class Item:
    """The sentence that a vector stands for."""

    id: int  # row of the library
    document_id: str
    language: str


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence near a question."""

    id: int
    score: float  # cosine similarity, -1 to 1; higher is better


class Vectors:
    """The vectors of one generation: a Chroma collection."""

    def __init__(self, client: Any, collection: Any, folder: Path, url: str = "") -> None:
        self._client, self._collection, self._folder, self._url = client, collection, folder, url

    @classmethod
    def create(cls, folder: Path, name: str, url: str = "") -> "Vectors":
        """A collection for writing: under `folder`, empty or existing; or on the Chroma server at `url`, empty.

        Raises:
            VectorServerError: the server does not answer.
        """
        client = _client(folder, url)
        with _answering(url):
            if url:  # a build that was killed may have left half a collection there
                _drop(client, name)
            collection = client.get_or_create_collection(
                name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
        return cls(client, collection, folder, url)

    @classmethod
    def open(cls, folder: Path, name: str, url: str = "") -> "Vectors":
        """A collection that stands.

        Raises:
            IndexDamagedError: it cannot be opened.
            VectorServerError: the server does not answer.
        """
        if not url and not (folder / "chroma.sqlite3").is_file():
            raise IndexDamagedError(index_of(folder.parent), "its vectors are missing")
        client = _client(folder, url)
        try:
            return cls(client, client.get_collection(name, embedding_function=None), folder, url)
        except Exception as error:  # Chroma raises many kinds for files it cannot read
            _close(client)
            if not url:
                raise _unreadable(folder, error) from error
            if _is_missing(error):
                what = f"its vectors are not on the Chroma server at {url}"
                raise IndexDamagedError(index_of(folder.parent), what) from error
            raise VectorServerError(url, _first_line(error)) from error

    def close(self) -> None:
        """Let go of the files, so that the folder can be moved or removed."""
        _close(self._client)

    def add(self, items: Sequence[Item], vectors: "Matrix") -> None:
        """Add vectors: (len(items), dimensions), row by row as `items`.

        Raises:
            VectorServerError: the server does not answer.
        """
        with _answering(self._url):
            size = max(1, min(self._client.get_max_batch_size(), _page(vectors.shape[1])))
            for at in range(0, len(items), size):
                part = items[at : at + size]
                self._collection.add(
                    ids=[f"s{item.id}" for item in part],
                    embeddings=vectors[at : at + size],
                    metadatas=[{"path": item.document_id, "language": item.language} for item in part],
                )

    def remove_document(self, document_id: str) -> None:
        """Take out a document's vectors. Done when none is found afterwards.

        Raises:
            IndexDamagedError: some are still there.
            VectorServerError: the server does not answer.
        """
        with _answering(self._url):
            while ids := self._collection.get(where={"path": document_id}, limit=_PAGE, include=[])["ids"]:
                self._collection.delete(ids=ids)
                if self._collection.get(ids=ids[:1], include=[])["ids"]:
                    what = f"vectors of {document_id} cannot be removed"
                    raise IndexDamagedError(index_of(self._folder.parent), what)

    def nearest(
        self,
        vector: "npt.NDArray[np.float32]",
        limit: int,
        *,
        language: str | None = None,
        document_ids: Sequence[str] | None = None,
    ) -> list[Near]:
        """The nearest sentences, nearest first.

        Args:
            vector: (dimensions,), of unit length.
            language: of one language only.
            document_ids: of these documents only; empty finds nothing.
        """
        if document_ids is not None and not document_ids:
            return []
        where: list[dict[str, Any]] = []
        if language is not None:
            where.append({"language": language})
        if document_ids is not None:
            where.append({"path": {"$in": list(document_ids)}})
        with self._readable():
            found = self._collection.query(
                query_embeddings=[vector],
                n_results=limit,
                where={"$and": where} if len(where) > 1 else next(iter(where), None),
                include=["distances"],
            )
        # The distance of Chroma's cosine space is 1 - cosine.
        return [
            Near(int(key[1:]), 1 - distance)
            for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def count(self) -> int:
        """How many vectors there are."""
        with self._readable():
            return int(self._collection.count())

    def of(self, ids: Sequence[int]) -> dict[int, "npt.NDArray[np.float32]"]:
        """The vectors of sentences, as they are stored; those that are missing are left out."""
        with self._readable():
            found = self._collection.get(ids=[f"s{id_}" for id_ in ids], include=["embeddings"])
        return {int(key[1:]): vector for key, vector in zip(found["ids"], found["embeddings"], strict=True)}

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """What Chroma cannot read is damaged, or out of reach."""
        try:
            yield
        except Exception as error:  # Chroma raises many kinds
            if self._url:
                raise VectorServerError(self._url, _first_line(error)) from error
            raise _unreadable(self._folder, error) from error

    def copy_from(self, other: "Vectors") -> None:
        """Take over all vectors of another collection, in pages.

        Raises:
            VectorServerError: the server does not answer.
        """
        with _answering(self._url):
            count = other.count()
            first = other._collection.get(limit=1, include=["embeddings"])["embeddings"]
            size = _page(len(first[0])) if count else 1
            for offset in range(0, count, size):
                page = other._collection.get(limit=size, offset=offset, include=["embeddings", "metadatas"])
                self._collection.add(
                    ids=page["ids"],
                    embeddings=page["embeddings"],
                    metadatas=page["metadatas"],
                )

    def drop(self, name: str) -> None:
        """Delete another collection of the same server; one that is gone already is no error.

        Raises:
            VectorServerError: the server does not answer.
        """
        with _answering(self._url):
            _drop(self._client, name)


def _page(dimensions: int) -> int:
    """How many vectors are sent or asked for at once."""
    return max(1, min(_PAGE, _MOST_FLOATS // max(1, dimensions)))


def _drop(client: Any, name: str) -> None:
    try:
        client.delete_collection(name)
    except Exception as error:
        if not _is_missing(error):
            raise


def _is_missing(error: Exception) -> bool:
    """Whether Chroma says that there is no such collection."""
    from chromadb.errors import NotFoundError

    return isinstance(error, NotFoundError)


@contextmanager
def _answering(url: str) -> Iterator[None]:
    """What goes wrong with a server is said of it."""
    try:
        yield
    except AssistantError:
        raise
    except Exception as error:  # Chroma and its HTTP client raise many kinds
        if not url:
            raise
        raise VectorServerError(url, _first_line(error)) from error


def _client(folder: Path, url: str) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    quiet = ChromaSettings(anonymized_telemetry=False)
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return chromadb.PersistentClient(str(folder), settings=quiet)
        except Exception as error:  # Chroma raises many kinds for files it cannot read
            raise _unreadable(folder, error) from error
    address = urlsplit(url)
    try:
        return chromadb.HttpClient(
            host=address.hostname or "127.0.0.1",
            port=address.port or 8000,
            ssl=address.scheme == "https",
            settings=quiet,
        )
    except Exception as error:  # a refused connection comes as ValueError, a broken answer as others
        raise VectorServerError(url, _first_line(error)) from error


def _unreadable(folder: Path, error: BaseException) -> IndexDamagedError:
    return IndexDamagedError(index_of(folder.parent), f"its vectors cannot be read: {_first_line(error)}")


def _close(client: Any) -> None:
    client.close()


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0][:200] if lines else type(error).__name__
