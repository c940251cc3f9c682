"""POST /api/v1/ask: a question, and its answer as one object or statement by statement."""

import logging
from collections.abc import AsyncIterator, Generator
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr

from assistant.access import Among
from assistant.answering.answer import Answer, Statement
from assistant.engine import Assistant
from assistant.errors import AssistantError
from assistant.web.api.context import Context, Shared, View
from assistant.web.api.models import CitationOut, ConflictOut, Day, Language, StatementOut, Taken
from assistant.web.api.problems import kind_of, problem
from assistant.web.api.requests import JsonRoute
from assistant.web.api.streaming import HEARTBEAT, MEDIA_TYPE, event, told
from assistant.web.noting import noted
from assistant.web.own import is_elsewhere

log = logging.getLogger(__name__)
router = APIRouter(route_class=JsonRoute, tags=["ask"])
_HEARTBEAT_SECONDS = 10.0
_LOOK_SECONDS = 1.0  # how often it is looked whether a client still waits for a whole answer
_Name = Annotated[StrictStr, Field(max_length=1000)]
_Turn = Annotated[StrictStr, Field(max_length=20_000)]


class AmongIn(Taken):
    """Which documents to answer from, as if there were no others; what is empty asks for nothing in particular."""

    documents: list[_Name] = Field(default=[], max_length=1000, description="Ids.")
    languages: list[Language] = Field(default=[], max_length=3)
    publishers: list[_Name] = Field(default=[], max_length=100)
    since: Day | None = Field(default=None, description="The first day a document may be dated.")
    until: Day | None = Field(default=None, description="The last.")

    def among(self) -> Among:
        """As the engine has it."""
        return Among(
            frozenset(self.documents), frozenset(self.languages), frozenset(self.publishers), self.since, self.until
        )


class Asked(Taken):
    """A question."""

    question: StrictStr = Field(
        description="In Danish, Dutch or English.", examples=["Hvor ofte gives Conexxence?"]
    )  # how long it may be, the settings say
    id: Annotated[StrictStr, Field(max_length=200)] | StrictInt | None = Field(
        default=None, description="Comes back with the answer."
    )
    history: list[tuple[_Turn, _Turn]] = Field(
        default=[], max_length=100, description="Earlier questions with their answers, oldest first."
    )
    language: Language | None = Field(default=None, description="Of the answer's own words; else the question's.")
    as_of: Day | None = Field(default=None, description="The day on which documents must be in force; else today.")
    among: AmongIn | None = None
    stream: StrictBool = Field(
        default=False, description="Whether to answer by server-sent events, as `Accept: text/event-stream` asks too."
    )


class Answered(BaseModel):
    """An answer, or why there is none."""

    id: str | int | None = Field(default=None, description="The question's, where it had one.")
    answer_id: str = Field(description="By which feedback names it, and `assistant replay`.")
    answer: str = Field(description="What is said: the statements, or why there is no answer.")
    abstained: bool = Field(description="Whether there is no answer.")
    language: str
    statements: list[StatementOut]
    citations: list[CitationOut]
    conflicts: list[ConflictOut]
    nearest: list[CitationOut] = Field(description="Where there is no answer: the passages that came nearest.")
    confidence: float = Field(ge=0, le=1)
    wording: str = Field(description="`quoted`, or `model` where a language model worded it.")
    searched: int = Field(description="Documents searched.")
    seconds: float
    notes: list[str]
    as_of: str


_STREAMED = {
    "description": "The answer. By server-sent events: `statement` for each as it passes grounding, then one `answer` "
    "with the whole object, or one `error` with a problem; lines that begin with a colon say that it is still at work.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Event"}}},
}


@router.post("/ask", response_model=Answered, responses={200: _STREAMED})
async def ask(asked: Asked, request: Request, assistant: View, shared: Shared) -> Response:
    """Ask a question of the documents."""
    streams = asked.stream or MEDIA_TYPE in request.headers.get("accept", "")
    items = told(_answering(assistant, asked, shared), _HEARTBEAT_SECONDS if streams else _LOOK_SECONDS)
    if streams:
        first = await anext(items)  # an error before anything was said is an ordinary reply
        events = _events(first, items, asked, request, shared)
        return StreamingResponse(events, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
    async for item in items:
        if isinstance(item, Answer):
            return JSONResponse(await run_in_threadpool(_noted, item, asked, request, shared))
        if await request.is_disconnected():
            await items.aclose()  # type: ignore[attr-defined]
            break
    return Response(status_code=499)  # to nobody


def _answering(assistant: Assistant, asked: Asked, shared: Context) -> Generator[Statement | Answer, None, None]:
    try:
        yield from assistant.stream(
            asked.question,
            history=asked.history,
            language=asked.language,
            as_of=asked.as_of,
            among=asked.among.among() if asked.among else None,
        )
    except Exception:
        shared.metrics.failed()
        raise


async def _events(
    first: Statement | Answer | None,
    items: AsyncIterator[Statement | Answer | None],
    asked: Asked,
    request: Request,
    shared: Context,
) -> AsyncIterator[bytes]:
    item = first
    try:
        while True:
            if isinstance(item, Answer):
                yield event("answer", await run_in_threadpool(_noted, item, asked, request, shared))
                return
            yield event("statement", item.as_dict()) if item else HEARTBEAT
            item = await anext(items)
    except AssistantError as error:
        yield event("error", problem(kind_of(error), str(error), request).model_dump(exclude_none=True))
    except Exception:  # the reply has begun: its status cannot say it any more
        log.exception("an answer broke off")
        told_so = problem("internal", "Something went wrong here. The log says more", request)
        yield event("error", told_so.model_dump(exclude_none=True))
    finally:
        await items.aclose()  # type: ignore[attr-defined]


def _noted(answer: Answer, asked: Asked, request: Request, shared: Context) -> dict[str, Any]:
    """The answer as an object, counted and written down."""
    shared.metrics.answered(answer)
    answer_id = noted(
        shared.recorder,
        answer,
        asked.question,
        door="widget" if is_elsewhere(request) else "http",
        request=request,
        history=asked.history,
        language=asked.language,
        as_of=asked.as_of,
        among=asked.among.among() if asked.among else None,
    )
    named = {} if asked.id is None else {"id": asked.id}
    return {**named, "answer_id": answer_id, **answer.as_dict()}
