"""For whoever runs it: is it alive, is it ready, and how is it doing?"""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from assistant.web import metrics
from assistant.web.api.context import Shared, View, must_be

router = APIRouter(tags=["health"])


class AliveOut(BaseModel):
    """It is alive."""

    status: str


class ReadyOut(BaseModel):
    """It can answer."""

    status: str
    generation: str


@router.get("/healthz", response_model=AliveOut)
async def healthz() -> AliveOut:
    """Whether the process is alive. Costs nothing, and says nothing of the index."""
    return AliveOut(status="ok")


@router.get("/readyz", response_model=ReadyOut)
def readyz(assistant: View) -> ReadyOut:
    """Whether questions can be answered: the index is there, and opens."""
    return ReadyOut(status="ready", generation=assistant.open())


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "As Prometheus reads it."}
    },
)
def prometheus(request: Request, shared: Shared) -> Response:
    """Counters for Prometheus; for admins."""
    must_be("admin", request)
    return Response(shared.metrics.text(), headers={"Content-Type": metrics.TYPE})
