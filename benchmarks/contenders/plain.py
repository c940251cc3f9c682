"""Plain llama-index: its sentence splitter, its vector index over Chroma, MiniLM, its retriever; all as they come."""

from pathlib import Path

import chromadb
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore

from benchmarks.environments import minilm


class Plain:
    """Documents to chunks.

    Args:
        tokens: in a chunk; None: as it comes, 1,024, of which MiniLM reads the first 256.
    """

    def __init__(self, documents: Path, place: Path, tokens: int | None = None) -> None:
        self.model = HuggingFaceEmbedding(model_name=str(minilm()), device="cpu")
        self.collection = chromadb.PersistentClient(str(place)).get_or_create_collection("plain")
        self.splitter = SentenceSplitter(chunk_size=tokens, chunk_overlap=20) if tokens else SentenceSplitter()
        self.built: VectorStoreIndex | None = None

    def warm(self) -> None:
        """Load what is loaded once."""
        self.model.get_text_embedding("warm")

    def index(self, files: list[Path]) -> int:
        """Index everything; returns how many vectors there are."""
        store = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=self.collection))
        self.built = VectorStoreIndex.from_documents(
            [self._read(file) for file in files],
            storage_context=store,
            embed_model=self.model,
            transformations=[self.splitter],
        )
        self.retriever = self.built.as_retriever(similarity_top_k=10)
        return int(self.collection.count())

    def update(self, changed: list[Path]) -> None:
        """Bring up to date: it must be told which files have changed, as its own way of finding out fails on Chroma."""
        for file in changed:
            self.built.delete_ref_doc(file.name)
            self.built.insert(self._read(file))

    def passages(self, question: str) -> int:
        """How many chunks are found."""
        return len(self.retriever.retrieve(question))

    @staticmethod
    def _read(file: Path) -> Document:
        return Document(text=file.read_text("utf-8"), id_=file.name)


class PlainRead(Plain):
    """The same with chunks that MiniLM reads whole."""

    def __init__(self, documents: Path, place: Path) -> None:
        super().__init__(documents, place, tokens=256)
