"""POST and GET /api/v1/index: bring the index up to date, and see how far that is."""

from typing import Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from assistant.engine import Assistant
from assistant.errors import IndexMissingError
from assistant.web.api.context import Shared, View, must_be, not_foreign, note
from assistant.web.api.requests import JsonRoute
from assistant.web.library.reindexing import Progress

router = APIRouter(route_class=JsonRoute, prefix="/index", tags=["index"])


class RunOut(BaseModel):
    """How far a run of indexing is, or how the last one ended."""

    state: Literal["idle", "running", "done", "failed"]
    stage: str = Field(description="Of a run: `reading`, `storing` or `encoding`; else empty.")
    progress: float | None = Field(ge=0, le=1, description="Of the stage; null where nothing runs.")
    problem: str = Field(description="Of a run that failed: why, and what to do; else empty.")


class UnreadOut(BaseModel):
    """A file that could not be read."""

    path: str
    message: str


class IndexOut(RunOut):
    """The index that answers, and what changed since it was built, as far as the caller may know."""

    generation: str | None = Field(description="Null where there is no index yet.")
    built: str | None
    model: str | None = Field(description="The embedding model.")
    documents: int
    passages: int
    sentences: int
    added: list[str] = Field(description="Files that are not indexed yet.")
    changed: list[str]
    removed: list[str]
    unread: list[UnreadOut]


@router.post("", status_code=202, response_model=RunOut, dependencies=[Depends(not_foreign)])
def start(request: Request, response: Response, shared: Shared) -> dict[str, Any]:
    """Bring the index up to date with the corpus, in the background. What stands goes on answering."""
    must_be("curator", request)
    shared.reindexing.start()
    note(request, shared, "index")
    response.headers["Location"] = "/api/v1/index"
    return _run(shared.reindexing.now())


@router.get("", response_model=IndexOut)
def status(assistant: View, shared: Shared) -> dict[str, Any]:
    """See what is indexed, and how far indexing is."""
    return {**_run(shared.reindexing.now()), **_standing(assistant)}


def _run(now: Progress) -> dict[str, Any]:
    """As a share of the whole: how many documents there are to read is not everybody's to know."""
    running = now.state == "running"
    failed = str(now.problem) if now.problem else "Something went wrong. The log says more"
    return {
        "state": now.state,
        "stage": now.stage if running else "",
        "progress": (round(now.done / now.total, 3) if now.total else 0.0) if running else None,
        "problem": failed if now.state == "failed" else "",
    }


def _standing(assistant: Assistant) -> dict[str, Any]:
    try:
        found = assistant.status()
    except IndexMissingError:
        empty: dict[str, Any] = {key: [] for key in ("added", "changed", "removed", "unread")}
        return {"generation": None, "built": None, "model": None, "documents": 0, "passages": 0, "sentences": 0} | empty
    return {
        "generation": found.generation,
        "built": found.created,
        "model": found.model,
        "documents": len(found.documents),
        "passages": found.passages,
        "sentences": found.sentences,
        "added": list(found.added),
        "changed": list(found.changed),
        "removed": list(found.removed),
        "unread": [{"path": file.path, "message": file.message} for file in found.unread],
    }
