"""GET /api/v1/log: who asked and changed what, for admins."""

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from assistant.web.api.context import Shared, must_be
from assistant.web.api.models import Day, Taken
from assistant.web.api.problems import ApiError
from assistant.web.api.requests import JsonRoute

router = APIRouter(route_class=JsonRoute, tags=["log"])


class EntryOut(BaseModel):
    """One thing that happened."""

    number: int
    at: str = Field(description="When, UTC.")
    kind: str
    who: str = Field(description="The name they signed in with.")
    request_id: str
    door: str
    subject: str = Field(description="What it is about: an answer's id, a document's path, a key's id.")
    body: dict[str, Any]
    previous: str = Field(description="The hash of the entry before.")
    hash: str


class LogOut(BaseModel):
    """A part of the log."""

    entries: list[EntryOut] = Field(description="Oldest first.")
    next: int | None = Field(description="Goes on `after` this number; null at its end.")


class Wanted(Taken):
    """Which part."""

    since: Day | None = Field(default=None, description="From this day (UTC) on.")
    kind: str | None = Field(default=None, max_length=40)
    after: int = Field(default=0, ge=0, le=2**53, description="Behind the entry with this number.")
    limit: int = Field(default=100, ge=1, le=500)


@router.get("/log", response_model=LogOut)
def log(asked: Annotated[Wanted, Query()], request: Request, shared: Shared) -> dict[str, Any]:
    """Read the audit log; for admins."""
    must_be("admin", request)
    if shared.recorder is None:
        raise ApiError("unavailable", "Nothing is written down here. Start the service with: assistant serve")
    found = shared.recorder.log.entries(since=asked.since, kind=asked.kind, after=asked.after)
    entries = [entry.as_dict() for entry in islice(found, asked.limit + 1)]
    found.close()  # type: ignore[attr-defined]  # it holds a transaction open
    more = len(entries) > asked.limit
    entries = entries[: asked.limit]
    return {"entries": entries, "next": entries[-1]["number"] if more else None}
