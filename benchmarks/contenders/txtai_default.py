"""txtai as its documents begin: an embeddings database with content, over paragraphs, saved to disk. With MiniLM."""

import threading
from pathlib import Path

from txtai import Embeddings

from benchmarks.environments import minilm


class Txtai:
    """Documents to paragraphs: it cuts nothing itself."""

    def __init__(self, documents: Path, place: Path) -> None:
        self.embeddings = Embeddings(path=str(minilm()), content=True)
        self.place = str(place)
        self.rows: dict[str, list[str]] = {}
        self.turn = threading.Lock()  # its database takes one question at a time, and breaks on two

    def warm(self) -> None:
        """Load what is loaded once."""
        self.embeddings.batchtransform(["warm"])

    def index(self, files: list[Path]) -> int:
        """Index everything; returns how many vectors there are."""
        self.embeddings.index(row for file in files for row in self._rows(file))
        self.embeddings.save(self.place)
        return int(self.embeddings.count())

    def update(self, changed: list[Path]) -> None:
        """Bring up to date: it must be told which files have changed."""
        self.embeddings.delete([id_ for file in changed for id_ in self.rows[file.name]])
        self.embeddings.upsert(row for file in changed for row in self._rows(file))
        self.embeddings.save(self.place)

    def passages(self, question: str) -> int:
        """How many paragraphs are found."""
        with self.turn:
            return len(self.embeddings.search(question, 10))

    def _rows(self, file: Path) -> list[tuple[str, str]]:
        paragraphs = [text for text in file.read_text("utf-8").split("\n\n") if text.strip()]
        rows = [(f"{file.name}#{place}", text) for place, text in enumerate(paragraphs)]
        self.rows[file.name] = [id_ for id_, _ in rows]
        return rows
