"""What the resources share: the assistant as whoever asks may see it, and what only the process has one of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from assistant.engine import Assistant
from assistant.errors import AccessError
from assistant.web.api.problems import ApiError
from assistant.web.caller import caller_of, seen
from assistant.web.library.reindexing import Reindexing
from assistant.web.metrics import Metrics
from assistant.web.noting import changed
from assistant.web.own import is_elsewhere

if TYPE_CHECKING:
    from assistant.access import Role
    from assistant.records.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Context:
    """What a process has one of."""

    assistant: Assistant
    reindexing: Reindexing
    metrics: Metrics
    recorder: "Recorder | None" = None  # None: nothing is written down


def context(request: Request) -> Context:
    """The context of the application that a request came to."""
    found: Context = request.app.state.context
    return found


def view(request: Request) -> Assistant:
    """The assistant as whoever sends the request may see it."""
    return seen(context(request).assistant, request)


def must_be(role: "Role", request: Request) -> None:
    """Let only callers of a role pass.

    Raises:
        AccessError: the caller has not got it.
    """
    caller = caller_of(request)
    if not caller.may(role):
        raise AccessError(role, caller.name)


def not_foreign(request: Request) -> None:
    """Refuse a change that a page of another site has a browser send.

    Programs say nothing of where they come from. A key sent as Bearer is no browser's own doing either.

    Raises:
        ApiError: it comes from elsewhere.
    """
    has_key = request.headers.get("authorization", "").lower().startswith("bearer ")
    if not has_key and is_elsewhere(request):
        raise ApiError("foreign", "Changes are taken from programs and from this server's own page only")


Shared = Annotated[Context, Depends(context)]
View = Annotated[Assistant, Depends(view)]


def note(request: Request, shared: Context, kind: str, subject: str = "") -> None:
    """Write down that something was changed, where that is written down at all."""
    changed(shared.recorder, kind, subject, door="http", request=request)
