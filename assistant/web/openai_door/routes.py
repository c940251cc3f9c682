"""GET /v1/models and POST /v1/chat/completions, for clients that speak the OpenAI API."""

import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.requests import ClientDisconnect

from assistant.answering.answer import Answer, Statement
from assistant.asynchronous import in_thread
from assistant.errors import AccessError, AssistantError, QuestionError
from assistant.web.caller import seen
from assistant.web.noting import noted
from assistant.web.openai_door.asked import MODEL, Asked, CannotServeError, must_be_model, read
from assistant.web.openai_door.told import statement_told, told, words

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder
    from assistant.settings import Settings

log = logging.getLogger(__name__)
Written = Callable[[Answer], str]
MOST_BYTES: Final = 1024 * 1024  # a client sends the whole conversation, with the sources of every answer


def routes(assistant: "Assistant", recorder: "Recorder | None" = None) -> APIRouter:
    """Routes below /v1, each for the documents that whoever sends the request may read.

    Args:
        recorder: writes down what is asked; None: nobody does.
    """
    router = APIRouter(prefix="/v1")

    @router.get("/models")
    async def models(request: Request) -> Response:
        return await _held(lambda: _models(seen(assistant, request)))

    @router.get("/models/{name:path}")
    async def model(request: Request, name: str) -> Response:
        async def one() -> Response:
            must_be_model(name)
            return JSONResponse(await _model(seen(assistant, request)))

        return await _held(one)

    @router.post("/chat/completions")
    async def chat_completions(request: Request) -> Response:
        async def answered() -> Response:
            asked = read(await _body(request))
            mine = seen(assistant, request)

            def written(answer: Answer) -> str:
                return noted(recorder, answer, asked.question, door="openai", request=request, history=asked.history)

            return await (_streamed(mine, asked, written) if asked.streamed else _whole(mine, asked, written))

        return await _held(answered)

    return router


async def _models(assistant: "Assistant") -> Response:
    return JSONResponse({"object": "list", "data": [await _model(assistant)]})


async def _model(assistant: "Assistant") -> dict[str, Any]:
    """The one model. It is as old as its index; without one it is from 1970."""
    try:
        created = int(datetime.fromisoformat((await in_thread(assistant.status)).created).timestamp())
    except AssistantError:
        created = 0
    return {"id": MODEL, "object": "model", "created": created, "owned_by": MODEL}


async def _whole(assistant: "Assistant", asked: Asked, written: Written) -> Response:
    answer = await assistant.aask(asked.question, history=asked.history)
    settings = assistant.settings
    said = told(answer, public_url=settings.public_url, listed=not settings.llm_url)
    message = {"role": "assistant", "content": said.content, "refusal": None, "annotations": list(said.annotations)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return JSONResponse(
        {
            **_head("chat.completion"),
            "choices": [choice],
            "usage": _usage(asked, said.content),
            "assistant": await _object(answer, written),
        }
    )


async def _object(answer: Answer, written: Written) -> dict[str, Any]:
    """The object of the other doors, with the id under which the answer was written down."""
    return {"answer_id": await in_thread(written, answer), **answer.as_dict()}


async def _streamed(assistant: "Assistant", asked: Asked, written: Written) -> Response:
    """The same in chunks. What fails before the first statement still fails with a status."""
    telling = assistant.astream(asked.question, history=asked.history)
    first = await anext(telling)
    chunks = _chunks(assistant.settings, asked, first, telling, written)
    return StreamingResponse(chunks, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


async def _chunks(
    settings: "Settings",
    asked: Asked,
    first: Statement | Answer,
    telling: AsyncIterator[Statement | Answer],
    written: Written,
) -> AsyncIterator[str]:
    head = _head("chat.completion.chunk")
    usage = {"usage": None} if asked.with_usage else {}

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**head, "choices": [choice], **usage, **more})

    yield chunk({"role": "assistant", "content": ""})
    content, came = "", first
    async with aclosing(telling):  # type: ignore[type-var]  # an async generator, whoever asks
        try:
            while isinstance(came, Statement):
                if settings.llm_url:  # the documents' own words come all at once
                    piece = f"{' ' if content else ''}{statement_told(came)}"
                    content += piece
                    yield chunk({"content": piece})
                came = await anext(telling)
        except AssistantError as error:
            yield _event(_problem(error)[1])
            return
        except Exception:  # the last stop before the client: it gets a sentence, the log gets the rest
            log.exception("a streamed answer failed")
            yield _event(_unexpected())
            return
    said = told(came, public_url=settings.public_url, listed=not settings.llm_url)
    yield chunk({"content": said.content.removeprefix(content)})
    yield chunk({"annotations": list(said.annotations)})
    yield chunk({}, "stop", assistant=await _object(came, written))
    if asked.with_usage:
        yield _event({**head, "choices": [], "usage": _usage(asked, said.content)})
    yield "data: [DONE]\n\n"


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}


def _usage(asked: Asked, content: str) -> dict[str, int]:
    """Words, read and written: clients want whole numbers, and there are no tokens to count."""
    prompt = words(asked.question) + sum(words(question) + words(answer) for question, answer in asked.history)
    completion = words(content)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise CannotServeError(415, "Send the request as JSON, with Content-Type: application/json.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise CannotServeError(
                413, f"The request is larger than {MOST_BYTES // 1024} kB. Send fewer earlier messages."
            )
    return body


async def _held(answer: Callable[[], Awaitable[Response]]) -> Response:
    """A reply; or what is wrong, in the API's own shape."""
    try:
        return await answer()
    except AssistantError as error:
        status, problem = _problem(error)
        return JSONResponse(problem, status_code=status)
    except ClientDisconnect:  # nobody waits for an answer
        return Response(status_code=400)
    except Exception:  # as in `_chunks`
        log.exception("a request of the OpenAI API failed")
        return JSONResponse(_unexpected(), status_code=500)


def _problem(error: AssistantError) -> tuple[int, dict[str, Any]]:
    if isinstance(error, CannotServeError):
        return error.status, _shaped(str(error), "invalid_request_error", error.param, error.code)
    if isinstance(error, QuestionError):  # whose own advice is for the command line
        return 400, _shaped(f"This question cannot be read: {error.reason}.", "invalid_request_error", "messages")
    if isinstance(error, AccessError):
        return 403, _shaped(str(error), "permission_error")
    return 503, _shaped(str(error), "server_error")


def _unexpected() -> dict[str, Any]:
    return _shaped("The assistant failed. Its log says why.", "server_error")


def _shaped(message: str, kind: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
