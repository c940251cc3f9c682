"""haystack as its documents begin: a splitter and sentence-transformers into its store in memory. MiniLM in both."""

from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.environments import minilm


class Haystack:
    """Documents to chunks of 200 words."""

    def __init__(self, documents: Path, place: Path) -> None:
        self.store = InMemoryDocumentStore()
        self.indexing = Pipeline()
        self.indexing.add_component("splitter", DocumentSplitter())
        self.indexing.add_component(
            "embedder", SentenceTransformersDocumentEmbedder(model=str(minilm()), progress_bar=False)
        )
        self.indexing.add_component("writer", DocumentWriter(self.store))
        self.indexing.connect("splitter", "embedder")
        self.indexing.connect("embedder", "writer")
        self.asking = Pipeline()
        self.asking.add_component("embedder", SentenceTransformersTextEmbedder(model=str(minilm()), progress_bar=False))
        self.asking.add_component("retriever", InMemoryEmbeddingRetriever(self.store))
        self.asking.connect("embedder.embedding", "retriever.query_embedding")

    def warm(self) -> None:
        """Load what is loaded once."""
        self.asking.run({"embedder": {"text": "warm"}})
        self.indexing.get_component("embedder").warm_up()

    def index(self, files: list[Path]) -> int:
        """Index everything; returns how many vectors there are."""
        documents = [Document(content=file.read_text("utf-8"), meta={"path": file.name}) for file in files]
        self.indexing.run({"splitter": {"documents": documents}})
        return int(self.store.count_documents())

    def update(self, changed: list[Path]) -> None:
        """Bring up to date: it must be told which files have changed."""
        for file in changed:
            old = self.store.filter_documents({"field": "meta.path", "operator": "==", "value": file.name})
            self.store.delete_documents([document.id for document in old])
        self.index(changed)

    def passages(self, question: str) -> int:
        """How many chunks are found: ten, as it comes."""
        return len(self.asking.run({"embedder": {"text": question}})["retriever"]["documents"])
