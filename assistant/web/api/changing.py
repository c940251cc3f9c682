"""Documents put, removed and restored; the index follows by itself."""

import unicodedata
from collections.abc import Collection
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from assistant.documents.shelf import safe_name
from assistant.errors import LibraryError
from assistant.web.api.context import Shared, View, not_foreign, note
from assistant.web.api.documents import Id, href
from assistant.web.api.problems import ApiError, problems
from assistant.web.api.requests import JsonRoute
from assistant.web.library.receiving import received

router = APIRouter(route_class=JsonRoute, prefix="/documents", tags=["documents"], dependencies=[Depends(not_foreign)])
Token = Annotated[str, Query(min_length=1, max_length=100, description="What the removal gave.")]
_FILE = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"format": "binary"}}}}}


class PutOut(BaseModel):
    """What came of a file that was sent."""

    id: str
    href: str
    title: str
    language: str
    came: Literal["created", "replaced", "unchanged"]
    content_hash: str = Field(description="Its ETag from now on.")
    undo: str = Field(description="Of a file that was replaced: the token that restores it, once this one is removed.")


class RemovedOut(BaseModel):
    """A document that was removed."""

    id: str
    token: str = Field(description="Restores it.")
    restore: str = Field(description="POST there to have it back.")


class RestoredOut(BaseModel):
    """A document that is back."""

    id: str
    href: str


@router.put(
    "/{id:path}",
    response_model=PutOut,
    openapi_extra=_FILE,
    responses={201: {"model": PutOut, "description": "It was not there before."}, **problems(409, 412, 413, 415)},
)
async def put(
    id: Id,
    request: Request,
    response: Response,
    assistant: View,
    shared: Shared,
    replace: Annotated[bool, Query(description="Whether whatever stands there may be replaced.")] = False,
    if_match: Annotated[str | None, Header(max_length=2000, description="The ETag of what may be replaced.")] = None,
) -> PutOut:
    """Send a document: the file itself, as the body. The same file once more changes nothing."""
    shelf = assistant.shelf
    _must_be_plain(id)
    async with received(request, shelf, id) as place:
        done = await run_in_threadpool(shelf.put, place, replace=replace, expected=_tags(if_match))
    if done.came != "unchanged":
        shared.reindexing.start()
        await run_in_threadpool(note, request, shared, "upload", done.document.id)
    response.status_code = 201 if done.came == "created" else 200
    response.headers["ETag"] = f'"{done.content_hash}"'
    response.headers["Location"] = href(done.document.id)
    known = done.document.metadata
    return PutOut(
        id=done.document.id,
        href=href(done.document.id),
        title=known.title,
        language=known.language,
        came=done.came,
        content_hash=done.content_hash,
        undo=done.undo,
    )


@router.delete("/{id:path}", response_model=RemovedOut, responses=problems(404, 409))
def remove(id: Id, request: Request, assistant: View, shared: Shared) -> RemovedOut:
    """Remove a document. It can be restored."""
    removed = assistant.shelf.remove(id)
    shared.reindexing.start()
    note(request, shared, "remove", removed.document_id)
    restore = f"{href(removed.document_id)}/restore?token={removed.token}"
    return RemovedOut(id=removed.document_id, token=removed.token, restore=restore)


@router.post("/{id:path}/restore", response_model=RestoredOut, responses=problems(404, 409))
def restore(id: Id, token: Token, request: Request, assistant: View, shared: Shared) -> RestoredOut:
    """Put a removed document back."""
    shelf = assistant.shelf
    if not any((one.token, one.document_id) == (token, id) for one in shelf.removed()):
        raise ApiError("no-token", "Nothing of this id was removed under this token")
    try:
        back = shelf.restore(token)
    except LibraryError as error:
        raise (ApiError("no-token", str(error)) if error.trouble == "gone" else error) from error
    shared.reindexing.start()
    note(request, shared, "restore", back)
    return RestoredOut(id=back, href=href(back))


def _must_be_plain(name: str) -> None:
    """Refuse a name under which the file would not be kept: its address would not be the one it was sent to.

    Raises:
        DocumentError: nothing of it can be used.
        ApiError: it would be kept under another.
    """
    kept = safe_name(name)
    if kept != unicodedata.normalize("NFC", name):
        raise ApiError("unreadable", f"The file would be kept as {kept!r}. Send it under that name")


def _tags(header: str | None) -> Collection[str] | None:
    """The content hashes in If-Match; weak ones match nothing."""
    if header is None:
        return None
    tags = [tag.strip() for tag in header.split(",")]
    return frozenset(tag if tag == "*" else tag[1:-1] for tag in tags if tag == "*" or tag[:1] == tag[-1:] == '"')
