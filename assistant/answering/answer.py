"""What every door shows: an Answer of statements, each citing spans of documents."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from assistant.documents.model import Document, Metadata
from assistant.documents.validity import Status
from assistant.errors import SpanError

Wording = Literal["quoted", "model"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a document backs a statement: `document.text[start:end] == quote`, always."""

    n: int  # its number in the answer, from 1
    document_id: str  # path below the corpus folder
    title: str
    start: int  # characters into the document's own text, not its reading view
    end: int  # exclusive
    quote: str
    reading: str  # the quote repaired for reading
    section: str
    page: int | None
    language: str
    date: str
    publisher: str
    url: str
    passage_start: int  # the passage around it, to show it in place
    passage_end: int
    status: Status = ""  # of its document on the day asked about; "": nothing says
    valid_from: str = ""  # ISO 8601, as the document's metadata has it
    valid_to: str = ""
    version: str = ""

    @classmethod
    def of(
        cls,
        n: int,
        document: Document,
        start: int,
        end: int,
        *,
        reading: str,
        section: str,
        passage_start: int,
        passage_end: int,
    ) -> "Citation":
        """Cite a span. The quote is taken from the text here, so it cannot differ from it.

        Raises:
            SpanError: the span does not lie inside the document's text.
        """
        if not 0 <= start < end <= len(document.text):
            raise SpanError(document.id, start, end, len(document.text))
        meta = document.metadata
        return cls(
            n=n,
            document_id=document.id,
            title=meta.title or document.id,
            start=start,
            end=end,
            quote=document.text[start:end],
            reading=reading,
            section=section,
            page=document.page_at(start),
            language=meta.language,
            date=meta.date,
            publisher=meta.publisher,
            url=meta.url,
            passage_start=passage_start,
            passage_end=passage_end,
        )

    def standing(self, status: Status, metadata: Metadata) -> "Citation":
        """The same with how its document stands on the day asked about."""
        return replace(
            self,
            status=status,
            valid_from=metadata.valid_from,
            valid_to=metadata.valid_to,
            version=metadata.version,
        )

    def as_dict(self) -> dict[str, Any]:
        """A citation of the machine-readable door; keys as in docs/embedding.md."""
        return _citation_dict(self)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, and the numbers of the citations that back it."""

    text: str
    citations: tuple[int, ...]
    alternative: bool = False  # it may be meant too, and is announced so; the first statements answer likelier

    def as_dict(self) -> dict[str, Any]:
        """A statement of the machine-readable door; keys as in docs/embedding.md."""
        return {"text": self.text, "citations": list(self.citations), "alternative": self.alternative}


@dataclass(frozen=True, slots=True)
class ConflictSide:
    """What one document says."""

    value: str
    citation: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Documents that differ about the same thing."""

    about: str
    sides: tuple[ConflictSide, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. `text` is empty of markers; `statements` say which citation backs which sentence."""

    question: str
    text: str  # what is said: the statements, or why there is no answer
    abstained: bool
    language: str  # the asker's
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    nearest: tuple[Citation, ...] = ()  # of an abstention: the passages that came nearest, offered as such
    confidence: float = 0.0  # 0 to 1
    wording: Wording = "quoted"
    searched: int = 0  # documents searched
    seconds: float = 0.0
    notes: tuple[str, ...] = ()  # what is to be known of the answer and the documents it cites, in the asker's language
    as_of: str = ""  # ISO 8601: the day asked about; empty: today

    def citation(self, n: int) -> Citation:
        """The citation numbered `n`; numbers run from 1 in order, so an unknown one is a programming error."""
        return self.citations[n - 1]

    def as_dict(self, id: str | None = None) -> dict[str, Any]:
        """The object of the machine-readable door; keys as in docs/embedding.md."""
        return {
            **({} if id is None else {"id": id}),
            "answer": self.text,
            "abstained": self.abstained,
            "language": self.language,
            "statements": [statement.as_dict() for statement in self.statements],
            "citations": [_citation_dict(c) for c in self.citations],
            "conflicts": [
                {"about": c.about, "sides": [{"value": s.value, "citation": s.citation} for s in c.sides]}
                for c in self.conflicts
            ],
            "nearest": [_citation_dict(c) for c in self.nearest],
            "confidence": round(self.confidence, 4),
            "wording": self.wording,
            "searched": self.searched,
            "seconds": round(self.seconds, 4),
            "notes": list(self.notes),
            "as_of": self.as_of,
        }


def _citation_dict(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "document": citation.title,
        "path": citation.document_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "section": citation.section,
        "page": citation.page,
        "language": citation.language,
        "date": citation.date,
        "version": citation.version,
        "valid_from": citation.valid_from,
        "valid_to": citation.valid_to,
        "status": citation.status,
    }
