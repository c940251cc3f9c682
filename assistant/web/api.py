"""The machine-readable door over HTTP: the object of `assistant ask --json`, one question a request."""

import json
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, ValidationError

from assistant.answering.as_of import parse_day
from assistant.documents.model import LANGUAGES
from assistant.errors import AssistantError, QuestionError
from assistant.web.caller import seen

if TYPE_CHECKING:
    from assistant.engine import Assistant

_MOST_BYTES = 256 * 1024


class Asked(BaseModel):
    """The body of a request. Unknown keys are refused: a misspelt one would otherwise be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: StrictStr
    id: StrictStr | StrictInt | None = None
    history: tuple[tuple[StrictStr, StrictStr], ...] = ()
    language: StrictStr | None = None
    as_of: StrictStr | None = None  # YYYY-MM-DD


def api(assistant: "Assistant") -> APIRouter:
    """Routes: POST /api/v1/ask and GET /healthz."""
    router = APIRouter()

    @router.post("/api/v1/ask")
    async def ask(request: Request) -> JSONResponse:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _problem(415, "Send the question as JSON, with Content-Type: application/json")
        try:
            asked = read_question(await _body(request))
            answer = await run_in_threadpool(
                seen(assistant, request).ask,
                asked.question,
                history=asked.history,
                language=asked.language,
                as_of=parse_day(asked.as_of) if asked.as_of else None,
            )
        except QuestionError as error:
            return _problem(422, str(error))
        except AssistantError as error:
            return _problem(503, str(error))
        return JSONResponse({**({} if asked.id is None else {"id": asked.id}), **answer.as_dict()})

    @router.get("/healthz")
    def healthz() -> JSONResponse:
        try:
            status = assistant.status()
        except AssistantError as error:
            return _problem(503, str(error))
        return JSONResponse({"status": "ok", "documents": len(status.documents), "generation": status.generation})

    return router


def read_question(body: bytes) -> Asked:
    """Read a request's body.

    Raises:
        QuestionError: it is not as documented; the message names what.
    """
    try:
        asked = Asked.model_validate(json.loads(body.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise QuestionError("it is not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise QuestionError(f"it is not JSON ({error})") from error
    except ValidationError as error:
        raise QuestionError(_first(error.errors()[0])) from error
    if asked.language is not None and asked.language not in LANGUAGES:
        raise QuestionError(f"'language' is {asked.language[:20]!r}, not one of {', '.join(LANGUAGES)}")
    return asked


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise QuestionError(f"it is larger than {_MOST_BYTES // 1024} kB")
    return body


def _first(problem: Any) -> str:
    """One line for the first thing that is wrong: what is a made-up place of pydantic's is left out."""
    place = next((repr(part) for part in problem["loc"] if isinstance(part, str)), "the body")
    return f"{place}: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _problem(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status_code=status)
