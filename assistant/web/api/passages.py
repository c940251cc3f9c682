"""GET /api/v1/passages: the passages that a question would be answered from, with their scores and spans."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from assistant.access import Among
from assistant.documents.model import Document
from assistant.engine import Found
from assistant.web.api.context import View
from assistant.web.api.documents import href
from assistant.web.api.models import Day, Language, Taken
from assistant.web.api.requests import JsonRoute

router = APIRouter(route_class=JsonRoute, tags=["passages"])
_Name = Annotated[str, Field(max_length=200)]  # all of them together have to fit an address


class SentenceOut(BaseModel):
    """A sentence of a passage."""

    start: int
    end: int
    text: str = Field(description="Repaired for reading; the span is what stands in the document.")


class PassageOut(BaseModel):
    """A passage that was found."""

    document: str = Field(description="The document's title.")
    path: str = Field(description="The document's id.")
    href: str = Field(description="Where the span is read in its surroundings.")
    start: int = Field(description="Characters into the document's text.")
    end: int = Field(description="Exclusive.")
    text: str = Field(description="The document's `text[start:end]`.")
    section: str
    page: int | None
    language: str
    score: float = Field(ge=0, le=1, description="How probably its best sentence answers; higher is better.")
    best: int = Field(description="Which of its sentences that is, from 0.")
    sentences: list[SentenceOut]


class FoundOut(BaseModel):
    """What was found."""

    passages: list[PassageOut] = Field(description="Best first.")
    searched: int = Field(description="Documents searched.")


class Sought(Taken):
    """What to search for, and where."""

    q: str = Field(description="A question, or words.")
    limit: int = Field(default=10, ge=1, le=50)
    document: list[_Name] = Field(default=[], max_length=10, description="Ids.")
    language: list[Language] = Field(default=[], max_length=3)
    publisher: list[_Name] = Field(default=[], max_length=5)
    since: Day | None = Field(default=None, description="The first day a document may be dated.")
    until: Day | None = Field(default=None, description="The last.")

    def among(self) -> Among:
        """Which documents, as the engine has it."""
        return Among(
            frozenset(self.document), frozenset(self.language), frozenset(self.publisher), self.since, self.until
        )


@router.get("/passages", response_model=FoundOut)
def passages(asked: Annotated[Sought, Query()], assistant: View) -> dict[str, Any]:
    """Search the documents."""
    among = asked.among()
    hits = assistant.search(asked.q, limit=asked.limit, among=among)
    read = {id_: assistant.document(id_) for id_ in {hit.passage.document_id for hit in hits}}
    searched = sum(among.takes(record.id, record.metadata) for record in assistant.documents())
    return {"passages": [_found(hit, read[hit.passage.document_id]) for hit in hits], "searched": searched}


def _found(hit: Found, document: Document) -> dict[str, Any]:
    passage = hit.passage
    return {
        "document": document.metadata.title or document.id,
        "path": document.id,
        "href": f"{href(document.id)}/spans/{passage.start}-{passage.end}",
        "start": passage.start,
        "end": passage.end,
        "text": document.text[passage.start : passage.end],
        "section": " > ".join(passage.section),
        "page": passage.page,
        "language": hit.language,
        "score": round(hit.score, 6),
        "best": hit.best,
        "sentences": [{"start": one.start, "end": one.end, "text": one.text} for one in passage.sentences],
    }
