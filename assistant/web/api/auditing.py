"""GET /api/v1/audit: every place where the documents disagree."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from assistant.web.api.context import View
from assistant.web.api.models import CitationOut, Day, Taken
from assistant.web.api.requests import JsonRoute

router = APIRouter(route_class=JsonRoute, tags=["audit"])


class SideOut(BaseModel):
    """What one document says."""

    value: str
    citation: CitationOut


class DisputedOut(BaseModel):
    """Two documents that give different figures for the same thing."""

    about: str = Field(description="The heading that the first sentence stands under.")
    likeness: float = Field(description="Of the two sentences, figures aside.")
    sides: list[SideOut]


class AuditOut(BaseModel):
    """Where documents disagree."""

    disagreements: list[DisputedOut] = Field(description="Surest first.")
    total: int
    next: str | None = Field(description="Where the list goes on; null at its end.")


class Wanted(Taken):
    """Which part of the list."""

    as_of: Day | None = Field(default=None, description="The day on which a document must hold; else today.")
    offset: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=50, ge=1, le=200)


@router.get("/audit", response_model=AuditOut)
def audit(asked: Annotated[Wanted, Query()], assistant: View) -> dict[str, Any]:
    """List where the documents disagree."""
    found = assistant.audit(as_of=asked.as_of)
    end = asked.offset + asked.limit
    rest = asked.model_dump(mode="json", exclude_defaults=True) | {"offset": end}
    return {
        "disagreements": [one.as_dict() for one in found[asked.offset : end]],
        "total": len(found),
        "next": f"/api/v1/audit?{urlencode(rest)}" if end < len(found) else None,
    }
