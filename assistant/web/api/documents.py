"""GET /api/v1/documents: what is indexed; each document's text, and any span of it."""

from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from assistant.documents.model import Document
from assistant.documents.validity import Standing
from assistant.engine import Assistant
from assistant.retrieval.library import DocumentRecord
from assistant.web.api.context import View
from assistant.web.api.models import Day, Language, Taken
from assistant.web.api.problems import ApiError, problems
from assistant.web.api.requests import JsonRoute

router = APIRouter(route_class=JsonRoute, prefix="/documents", tags=["documents"])
Id = Annotated[
    str, Path(max_length=1000, description="The document's id: its path below the corpus folder. Slashes may stand.")
]


class DocumentOut(BaseModel):
    """A document as lists show it."""

    id: str = Field(description="Its path below the corpus folder.")
    href: str = Field(description="Where it is read.")
    title: str
    publisher: str
    reference: str
    language: str
    date: str
    url: str
    jurisdiction: str
    version: str
    valid_from: str
    valid_to: str
    superseded_by: str
    access: list[str] = Field(description="The groups that may read it; empty: everyone.")
    status: str = Field(description="How it stands: `in force`, `not yet`, `lapsed`, `superseded`, or empty.")
    page_count: int = Field(description="0 where the format has no pages.")
    content_hash: str = Field(description="Of the version that is indexed; its ETag.")


class ListedOut(DocumentOut):
    """A document of the list."""

    passages: int
    sentences: int
    indexed_at: str


class ListOut(BaseModel):
    """A part of the list."""

    documents: list[ListedOut]
    total: int = Field(description="How many there are that were asked for.")
    next: str | None = Field(description="Where the list goes on; null at its end.")


class PageOut(BaseModel):
    """A page, as a span of the text."""

    page: int
    start: int
    end: int


class WholeOut(DocumentOut):
    """A document in full."""

    text: str = Field(description="What spans count characters in.")
    pages: list[PageOut] = Field(description="None where the format has no pages.")


class SpanOut(BaseModel):
    """A span of a document, exactly as it stands there."""

    document: str = Field(description="The document's title.")
    path: str
    start: int
    end: int
    text: str
    before: str = Field(description="What stands before it.")
    after: str = Field(description="What follows.")
    section: str = Field(description="The headings it stands under, outermost first.")
    page: int | None
    content_hash: str = Field(description="Of the version of the document that it was cut from.")


class Listing(Taken):
    """Which part of the list."""

    q: Annotated[str, Field(max_length=200)] = Field(default="", description="Words of the title or the id.")
    language: Language | None = None
    publisher: Annotated[str, Field(max_length=200)] = ""
    as_of: Day | None = Field(default=None, description="The day on which `status` holds; else today.")
    offset: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=50, ge=1, le=200)

    def takes(self, record: DocumentRecord) -> bool:
        """Whether a document is asked for."""
        known, sought = record.metadata, f"{record.metadata.title} {record.id}".casefold()
        return (
            (self.language is None or known.language == self.language)
            and (not self.publisher or known.publisher == self.publisher)
            and all(word in sought for word in self.q.casefold().split())
        )


@router.get("", response_model=ListOut)
def documents(asked: Annotated[Listing, Query()], assistant: View) -> dict[str, Any]:
    """List what is indexed, by id."""
    records = [record for record in assistant.documents() if asked.takes(record)]
    standings = assistant.standings(asked.as_of)
    end = asked.offset + asked.limit
    rest = asked.model_dump(mode="json", exclude_defaults=True) | {"offset": end}
    return {
        "documents": [_listed(record, standings.get(record.id)) for record in records[asked.offset : end]],
        "total": len(records),
        "next": f"/api/v1/documents?{urlencode(rest)}" if end < len(records) else None,
    }


@router.get("/{id:path}/spans/{start}-{end}", response_model=SpanOut, responses=problems(404))
def span(
    id: Id,
    start: Annotated[int, Path(ge=0, le=10**9)],
    end: Annotated[int, Path(ge=0, le=10**9, description="Exclusive.")],
    assistant: View,
    around: Annotated[int, Query(ge=0, le=5000, description="Characters of the surroundings, each way.")] = 300,
) -> dict[str, Any]:
    """Read a span of a document, with what stands around it."""
    document = assistant.document(id)
    if not start < end <= len(document.text):
        length = len(document.text)
        raise ApiError("no-span", f"The span {start}-{end} does not lie inside {id}, which has {length} characters")
    section = next((p.section for p in assistant.passages(id) if p.start < end and start < p.end), ())
    return {
        "document": document.metadata.title or document.id,
        "path": document.id,
        "start": start,
        "end": end,
        "text": document.text[start:end],
        "before": document.text[max(0, start - around) : start],
        "after": document.text[end : end + around],
        "section": " > ".join(section),
        "page": document.page_at(start),
        "content_hash": document.content_hash,
    }


@router.get(
    "/{id:path}",
    response_model=WholeOut,
    responses={304: {"description": "It is still that version."}, **problems(404)},
)
def document(id: Id, request: Request, response: Response, assistant: View) -> Any:
    """Read a document."""
    found = assistant.document(id)
    tag = f'"{found.content_hash}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return _whole(found, assistant)


def href(id_: str) -> str:
    """Where a document is read."""
    return f"/api/v1/documents/{quote(id_)}"


def _listed(record: DocumentRecord, standing: Standing | None) -> dict[str, Any]:
    counts = {"passages": record.passages, "sentences": record.sentences, "indexed_at": record.indexed_at}
    return {**_known(record.id, record, record.pages, standing), **counts}


def _whole(found: Document, assistant: Assistant) -> dict[str, Any]:
    ends = [*found.pages[1:], len(found.text)]
    pages = [
        {"page": number, "start": start, "end": end}
        for number, (start, end) in enumerate(zip(found.pages, ends, strict=False), 1)
    ]
    standing = assistant.standings().get(found.id)
    return {**_known(found.id, found, len(pages), standing), "text": found.text, "pages": pages}


def _known(id_: str, about: Document | DocumentRecord, pages: int, standing: Standing | None) -> dict[str, Any]:
    metadata = asdict(about.metadata)
    return {
        "id": id_,
        "href": href(id_),
        **metadata,
        "status": standing.status if standing else "",
        "page_count": pages,
        "content_hash": about.content_hash,
    }
