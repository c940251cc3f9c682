"""What went wrong, as RFC 9457 has it: every error of the API is one of the problems in this table."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.errors import (
    AccessError,
    AssistantError,
    CorpusMissingError,
    DocumentError,
    FeedbackError,
    IndexDamagedError,
    IndexMissingError,
    LibraryError,
    ModelMismatchError,
    QuestionError,
    SpanError,
    VerifyError,
)
from assistant.web.api.addresses import Addresses
from assistant.web.request_ids import id_of

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, what it is called, and what to do about it."""

    status: int
    title: str
    remedy: str


KINDS: Final[dict[str, Kind]] = {
    "malformed": Kind(400, "The body is not JSON", "Send one JSON value as UTF-8, without NaN, not too deep"),
    "sign-in": Kind(401, "Nobody has signed in", "Send an API key as Authorization: Bearer …, or sign in"),
    "forbidden": Kind(403, "The caller may not do this", "Ask whoever runs the assistant for the role it names"),
    "foreign": Kind(403, "Another site asks for a change", "Send it from a program, or from the page itself"),
    "switched-off": Kind(403, "Documents cannot be changed here", "Set allow_changes, or change the corpus folder"),
    "no-path": Kind(404, "There is nothing at this address", "Look at /docs for what there is"),
    "no-document": Kind(404, "There is no such document", "List them with GET /api/v1/documents"),
    "no-span": Kind(404, "The span does not lie inside the document", "Read the document for its length"),
    "no-token": Kind(404, "Nothing was removed under this token", "Use the token that the removal gave"),
    "method": Kind(405, "This address does not take this method", "Use one of those in the header Allow"),
    "exists": Kind(409, "The name is taken", "Send If-Match with the ETag you know, or ?replace=true"),
    "last": Kind(409, "It is the only document", "Add another one first"),
    "changed": Kind(412, "Another version stands there", "Read it again, and send its ETag"),
    "too-large": Kind(413, "There is more than is read", "Send less at once"),
    "media-type": Kind(415, "This kind of content is not read", "Send JSON, or a file of a kind that is read"),
    "invalid": Kind(422, "The request is not as documented", "Mend what `errors` names"),
    "question": Kind(422, "The question cannot be read", "Ask a shorter one, or name one of the languages"),
    "unverifiable": Kind(422, "There is nothing to verify", "Send a text, and sources that are not empty"),
    "feedback": Kind(422, "The feedback cannot be kept", "Do what `detail` says, and send it again"),
    "unreadable": Kind(422, "The file cannot be read", "Do what `detail` says, and send it again"),
    "too-many": Kind(429, "Too many requests", "Wait as long as the header Retry-After says"),
    "internal": Kind(500, "The assistant failed", "Tell whoever runs it; its log says more"),
    "no-index": Kind(503, "There is no index to search", "Run the command in `detail`"),
    "unavailable": Kind(503, "A part of the assistant is not available", "Do what `detail` says, then try again"),
}
_REFUSALS: Final = {
    "exists": "exists", "taken": "exists", "gone": "no-document", "last": "last", "changed": "changed",
    "refused": "switched-off", "closed": "unavailable",
}  # fmt: skip
_TROUBLES: Final = {"wrong_kind": "media-type", "too_large": "too-large"}


class Fault(BaseModel):
    """One part of a request that is not as documented."""

    field: str = Field(description="Where: `body.question`, `query.limit`, `path.start`.")
    message: str


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(description="`/docs#…`: which kind of problem it is. Stable; the page at that address says more.")
    title: str = Field(description="The kind in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened this time, and what to do.")
    instance: str | None = Field(default=None, description="The id of the request, where it has one.")
    errors: list[Fault] | None = Field(default=None, description="Of the type `invalid`: what is not as documented.")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Errors that a route may end in, as its description names them."""
    described: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        kinds = [f"`/docs#{name}`" for name, kind in KINDS.items() if kind.status == status]
        shape = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        described[status] = {"description": f"{HTTPStatus(status).phrase}: {', '.join(kinds)}", "content": shape}
    return described


class ApiError(HTTPException):
    """A problem to be sent; raised where no error of the assistant's own says it."""

    def __init__(self, kind: str, detail: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(KINDS[kind].status, detail or f"{KINDS[kind].title}. {KINDS[kind].remedy}", headers)
        self.kind = kind


def problem(kind: str, detail: str, request: Request | None = None, *, errors: list[Fault] | None = None) -> Problem:
    """A problem of one kind."""
    about = KINDS[kind]
    instance = (id_of(request) or None) if request else None
    return Problem(
        type=f"/docs#{kind}", title=about.title, status=about.status, detail=detail, instance=instance, errors=errors
    )


def reply(
    kind: str,
    detail: str,
    request: Request | None = None,
    *,
    errors: list[Fault] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """The reply that tells a problem."""
    told = problem(kind, detail, request, errors=errors).model_dump(exclude_none=True)
    return JSONResponse(told, status_code=KINDS[kind].status, headers=headers, media_type=MEDIA_TYPE)


def kind_of(error: AssistantError) -> str:
    """Which kind of problem an error of the assistant's is."""
    match error:
        case QuestionError():
            return "question"
        case FeedbackError():
            return "feedback"
        case VerifyError():
            return "unverifiable"
        case AccessError():
            return "forbidden"
        case SpanError():
            return "no-span"
        case LibraryError():
            return _REFUSALS[error.trouble]
        case DocumentError():
            return _TROUBLES.get(error.trouble, "unreadable" if error.trouble else "no-document")
        case CorpusMissingError() | IndexMissingError() | IndexDamagedError() | ModelMismatchError():
            return "no-index"
        case _:
            return "unavailable"


async def on_assistant_error(request: Request, error: Exception) -> JSONResponse:
    """An error that the package raised on purpose."""
    assert isinstance(error, AssistantError)
    return reply(kind_of(error), str(error), request)


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """A problem of our own, or one that the framework found."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    if isinstance(error, ApiError):
        return reply(error.kind, error.detail, request, headers=headers)
    found = {HTTPStatus.NOT_FOUND: "no-path", HTTPStatus.METHOD_NOT_ALLOWED: "method"}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        addresses: Addresses = request.app.state.addresses
        headers = {"Allow": ", ".join(sorted(addresses.methods(request.scope["path"])))}
    kind = found.get(HTTPStatus(error.status_code), "malformed" if error.status_code < 500 else "internal")
    return reply(kind, f"{KINDS[kind].title}. {KINDS[kind].remedy}", request, headers=headers)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """A request that is not as documented: every fault, by the name of its field."""
    assert isinstance(error, RequestValidationError)
    faults = [Fault(field=_field(one["loc"]), message=_sentence(one["msg"])) for one in error.errors()[:20]]
    return reply("invalid", f"{faults[0].field}: {faults[0].message}", request, errors=faults)


async def on_bug(request: Request, error: Exception) -> JSONResponse:
    """What nobody expected: the caller gets a sentence, the log gets the rest (from the server, which raises on)."""
    return reply("internal", "Something went wrong here, and not with the request. The log says more", request)


def _field(place: tuple[int | str, ...]) -> str:
    """A place in the request, printable whatever names it holds."""
    named = ".".join(str(part)[:60] for part in place)
    return "".join(c if c.isprintable() else "�" for c in named)


def _sentence(message: str) -> str:
    said = message.removeprefix("Value error, ")
    return said[:1].lower() + said[1:]
