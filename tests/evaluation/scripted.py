"""A tiny corpus about invented medicines, and an assistant that gives the answers it was handed."""

from collections.abc import Sequence

from assistant.answering.answer import Answer, Citation, Conflict, ConflictSide, Statement
from assistant.documents.model import Document, Metadata

LEAFLET = Document(
    "veltoral.da.txt",
    "Veltoral gives som  én tablet\nà 2,5 mg to gange dagligt.\nVeltoral må ikke gives til børn.\n",
    Metadata(title="Veltoral", language="da"),
    "hash",
)
OTHER = Document(
    "bruxamin.nl.txt",
    "Bruxamin kost € 1.250,00 per jaar. Veltoral: één tablet van 5 mg per dag.\n",
    Metadata(title="Bruxamin", language="nl"),
    "hash",
)
DOCUMENTS = {document.id: document for document in (LEAFLET, OTHER)}


def cite(n: int, document: Document, words: str) -> Citation:
    start = document.text.index(words)
    end = start + len(words)
    return Citation.of(
        n, document, start, end, reading=words, section="", passage_start=0, passage_end=len(document.text)
    )


def answer(text: str, *citations: Citation, abstained: bool = False, conflict: bool = False) -> Answer:
    statements = () if abstained else (Statement(text, tuple(c.n for c in citations)),)
    conflicts = (Conflict("dosis", (ConflictSide("2,5 mg", 1), ConflictSide("5 mg", 2))),) if conflict else ()
    return Answer("?", text, abstained, "da", statements=statements, citations=tuple(citations), conflicts=conflicts)


class Scripted:
    """Answers each question with what stands in the script; holds DOCUMENTS."""

    def __init__(self, script: dict[str, Answer]) -> None:
        self.script = script
        self.heard: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    def ask(self, question: str, *, history: Sequence[tuple[str, str]] = (), language: str | None = None) -> Answer:
        self.heard.append((question, tuple(history)))
        return self.script[question]

    def document(self, document_id: str) -> Document:
        return DOCUMENTS[document_id]
