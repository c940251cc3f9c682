"""What the tools take and return, as clients are told it: the objects of the other machine-readable doors."""

from typing import Literal

from pydantic import BaseModel, Field

Language = Literal["da", "nl", "en"]


class Turn(BaseModel):
    """An earlier question of a conversation."""

    question: str
    answer: str = ""


class CitationShape(BaseModel):
    """Where a document backs something: characters `start` to `end` of the text of the document `path` are `quote`."""

    n: int = Field(description="Its number in the answer, from 1.")
    document: str = Field(description="Title of the document.")
    path: str = Field(description="Id of the document, for read_document.")
    start: int
    end: int = Field(description="Exclusive.")
    quote: str
    section: str
    page: int | None
    language: str
    date: str
    version: str
    valid_from: str
    valid_to: str
    status: str = Field(
        description="'in force', 'not yet', 'lapsed' or 'superseded' on the day asked about; '': unsaid."
    )


class StatementShape(BaseModel):
    """One sentence of an answer."""

    text: str
    citations: list[int]


class SideShape(BaseModel):
    """What one document says."""

    value: str
    citation: int


class ConflictShape(BaseModel):
    """Documents that differ about the same thing."""

    about: str
    sides: list[SideShape]


class AnswerShape(BaseModel):
    """An answer, every sentence cited; or, with `abstained`, why there is none."""

    answer_id: str = Field(description="By which feedback names it.")
    answer: str
    abstained: bool
    language: str
    statements: list[StatementShape]
    citations: list[CitationShape]
    conflicts: list[ConflictShape]
    nearest: list[CitationShape] = Field(description="Of an abstention: what came nearest. It answers nothing.")
    confidence: float
    wording: str
    searched: int = Field(description="Documents searched.")
    seconds: float
    notes: list[str]
    as_of: str


class PassageShape(BaseModel):
    """A passage that search brought. `text` is for reading; the document's own text is read by its span."""

    path: str = Field(description="Id of the document, for read_document.")
    section: str
    page: int | None
    language: str
    start: int
    end: int
    text: str
    score: float = Field(description="Of this search; higher is better.")


class PassagesShape(BaseModel):
    """Passages, best first. They came near the words of the query; whether they answer it nobody has checked."""

    passages: list[PassageShape]


class TextShape(BaseModel):
    """A part of a document's own text: characters `start` to `end`."""

    path: str
    title: str
    language: str
    text: str
    start: int
    end: int
    length: int = Field(description="Characters of the whole document.")
    next_start: int | None = Field(description="Where to read on; null at the end.")


class FaultShape(BaseModel):
    """What is wrong with a sentence, against the nearest one."""

    kind: str
    what: str
    said: str


class CheckedShape(BaseModel):
    """One sentence of a text."""

    text: str
    start: int
    end: int
    language: str
    status: Literal["backed", "refused", "not_found", "no_claim"]
    citations: list[CitationShape]
    faults: list[FaultShape]
    nearest: CitationShape | None


class VerificationShape(BaseModel):
    """A text, sentence by sentence."""

    backed: bool
    counts: dict[str, int]
    searched: int
    sentences: list[CheckedShape]


class DisputedSideShape(BaseModel):
    """What one of two documents says."""

    value: str
    citation: CitationShape


class DisputedShape(BaseModel):
    """Two documents that give different figures for the same thing."""

    about: str
    likeness: float
    sides: list[DisputedSideShape]


class ConflictsShape(BaseModel):
    """Where documents disagree, surest first."""

    conflicts: list[DisputedShape]
    total: int = Field(description="How many there are, listed or not.")


class DocumentShape(BaseModel):
    """A document, as lists show it."""

    path: str = Field(description="Its id, for read_document.")
    title: str
    language: str
    publisher: str
    reference: str
    date: str
    version: str
    status: str = Field(description="'in force', 'not yet', 'lapsed' or 'superseded' today; '': unsaid.")
    url: str


class DocumentsShape(BaseModel):
    """The documents that whoever asks may read."""

    documents: list[DocumentShape]
