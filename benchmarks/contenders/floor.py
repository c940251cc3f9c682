"""The floor: the assistant's sentences, already cut, encoded and handed to Chroma and to bm25s, and nothing else."""

from pathlib import Path

import bm25s
import chromadb
import numpy as np

from assistant import Settings
from assistant.documents.read import read_document
from assistant.documents.segment import segment
from assistant.retrieval.embedding import load_embedder

_AT_ONCE = 512  # as the assistant has it


class Floor:
    """Sentences to sentences. Cutting the documents into them is not measured."""

    def __init__(self, documents: Path, place: Path) -> None:
        self.documents = documents
        self.embedder = load_embedder(Settings())
        self.collection = chromadb.PersistentClient(str(place / "chroma")).get_or_create_collection(
            "floor", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        self.texts = list[str]()

    def warm(self) -> None:
        """Cut the documents."""
        for file in sorted(self.documents.iterdir()):
            for passage in segment(read_document(file, self.documents)):
                self.texts += [passage.in_context(index) for index in range(len(passage.sentences))]
        self.embedder.encode_texts(["warm"])

    def index(self, files: list[Path]) -> int:
        """Encode, and add."""
        for at in range(0, len(self.texts), _AT_ONCE):
            vectors = self.embedder.encode_texts(self.texts[at : at + _AT_ONCE])
            self.collection.add(ids=[str(at + row) for row in range(len(vectors))], embeddings=vectors)
        return int(self.collection.count())

    def passages(self, question: str) -> int:
        """Encode the question, ask Chroma."""
        found = self.collection.query(query_embeddings=self.embedder.encode_questions([question]), n_results=10)
        return len(found["ids"][0])


class Words(Floor):
    """Full text alone, in memory, by bm25s."""

    def index(self, files: list[Path]) -> int:
        """Count the words."""
        self.ranked = bm25s.BM25()
        self.ranked.index(bm25s.tokenize(self.texts, stopwords=None, show_progress=False), show_progress=False)
        return len(self.texts)

    def passages(self, question: str) -> int:
        """Rank by the question's words."""
        asked = bm25s.tokenize([question], stopwords=None, show_progress=False)
        found, _ = self.ranked.retrieve(asked, k=10, show_progress=False)
        return len(found[0])


class Product(Floor):
    """The product of all vectors with the question's: as fast as memory gives them, and exact."""

    def index(self, files: list[Path]) -> int:
        """Encode."""
        self.vectors = self.embedder.encode_texts(self.texts)
        return len(self.vectors)

    def passages(self, question: str) -> int:
        """Multiply, and take the largest."""
        near = self.vectors @ self.embedder.encode_questions([question])[0]
        return len(np.argpartition(near, -10)[-10:])
