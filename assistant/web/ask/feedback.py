"""What somebody thinks of an answer, sent from below it."""

import logging
import threading
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import ClientDisconnect

from assistant.errors import FeedbackError, RecordsError
from assistant.records.feedback import Feedback, Reason, Verdict
from assistant.records.recorder import Recorder
from assistant.web.caller import caller_of
from assistant.web.own import is_own
from assistant.web.request_ids import id_of
from assistant.web.strings import Strings, strings

if TYPE_CHECKING:
    from assistant.engine import Assistant

log = logging.getLogger(__name__)

_MOST_BYTES = 200_000  # of a request: an answer of the longest kind, in any script


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    answer_id: str
    verdict: Verdict
    reason: Reason = ""
    comment: str = ""
    question: str = ""
    answer: str = ""


def feedback(assistant: "Assistant", recorder: Recorder | None = None) -> APIRouter:
    """POST /feedback; `language` in its query is the page's. A later verdict on an answer replaces the earlier."""
    router = APIRouter()
    box = _Box(assistant, recorder)

    @router.post("/feedback")
    async def send(request: Request, language: str = "en") -> JSONResponse:
        s = strings(language)
        if not is_own(request):
            return _said(403, s("feedback_foreign"))
        try:
            body = await _body(request)
            if body is None:
                return _said(413, s("feedback_too_long"))
            given = Feedback(who=caller_of(request).name, **_Sent.model_validate_json(body).model_dump())
            return await run_in_threadpool(_kept, box, given, id_of(request), s)
        except (ValidationError, FeedbackError):
            return _said(422, s("feedback_unread"))
        except ClientDisconnect:  # nobody waits for an answer
            return _said(400, "")

    return router


class _Box:
    """Where feedback goes. Without a recorder one is opened with the first of it: nobody judges, no records needed."""

    def __init__(self, assistant: "Assistant", recorder: Recorder | None) -> None:
        self._assistant, self._recorder = assistant, recorder
        self._guard = threading.Lock()

    def put(self, given: Feedback, request_id: str) -> None:
        with self._guard:
            if self._recorder is None:
                self._recorder = Recorder.open(self._assistant)
        self._recorder.feedback(given, door="page", request_id=request_id)


def _kept(box: _Box, given: Feedback, request_id: str, s: Strings) -> JSONResponse:
    try:
        box.put(given, request_id)
    except RecordsError:
        log.exception("feedback was not kept")
        return _said(503, s("feedback_failed"))
    return _said(200, s("feedback_thanks"))


async def _body(request: Request) -> bytes | None:
    """The request's body; None where it is too large, of which no more is read."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    return body


def _said(status: int, message: str) -> JSONResponse:
    return JSONResponse({"message": message}, status_code=status)
