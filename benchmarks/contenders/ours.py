"""The assistant as it is: `index`, its retriever, and whole answers."""

from pathlib import Path

from assistant import Assistant, Settings


class Ours:
    """Documents to passages, and to answers."""

    def __init__(self, documents: Path, place: Path) -> None:
        self.assistant = Assistant(Settings(corpus=documents, index=place))

    def warm(self) -> None:
        """Load what is loaded once."""
        import chromadb  # noqa: F401  # imports are none of what is measured

        self.assistant._embedder().encode_texts(["warm"])

    def index(self, files: list[Path]) -> int:
        """Index everything; returns how many vectors there are."""
        return self.assistant.index().sentences

    def update(self, changed: list[Path]) -> None:
        """Bring up to date; which files have changed is found out."""
        self.assistant.index()
        self.assistant.open()

    def passages(self, question: str) -> int:
        """How many passages are found."""
        return len(self.assistant.as_retriever().retrieve(question))

    def answer(self, question: str) -> object:
        """A whole answer."""
        return self.assistant.ask(question)
