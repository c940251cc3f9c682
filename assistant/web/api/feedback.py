"""POST /api/v1/feedback: what somebody says of an answer."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictStr

from assistant.records.feedback import MOST_CHARACTERS, Feedback, Reason, Verdict
from assistant.web.api.context import Shared
from assistant.web.api.models import Taken
from assistant.web.api.problems import ApiError
from assistant.web.api.requests import JsonRoute
from assistant.web.caller import caller_of
from assistant.web.request_ids import id_of

router = APIRouter(route_class=JsonRoute, tags=["feedback"])


class FeedbackIn(Taken):
    """A verdict on one answer. A later one of the same person replaces it."""

    answer_id: StrictStr = Field(pattern="^[A-Za-z0-9_-]{1,64}$", description="As the answer gave it.")
    verdict: Verdict
    reason: Reason = ""
    comment: StrictStr = Field(default="", max_length=MOST_CHARACTERS["comment"])
    question: StrictStr = Field(default="", max_length=MOST_CHARACTERS["question"])
    answer: StrictStr = Field(default="", max_length=MOST_CHARACTERS["answer"], description="Its text, as shown.")


class KeptOut(BaseModel):
    """Feedback that was kept."""

    answer_id: str
    verdict: Verdict


@router.post("/feedback", status_code=201, response_model=KeptOut)
def feedback(given: FeedbackIn, request: Request, shared: Shared) -> KeptOut:
    """Say what you think of an answer."""
    if shared.recorder is None:
        raise ApiError("unavailable", "Nothing is written down here. Start the service with: assistant serve")
    kept = Feedback(**given.model_dump(), who=caller_of(request).name)
    shared.recorder.feedback(kept, door="http", request_id=id_of(request))
    return KeptOut(answer_id=kept.answer_id, verdict=kept.verdict)
