"""Who sends a request: the sign-in says so once, for page and API alike, and every door asks here."""

import re
from typing import TYPE_CHECKING, Any, Final

from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access import Caller
from assistant.errors import RecordsError
from assistant.web.refusing import refusal
from assistant.web.signing_in import NotSignedInError, Ways

if TYPE_CHECKING:
    from assistant.engine import Assistant

_KEY = "assistant.caller"  # of an ASGI scope
# What tells nothing of documents: whether the process is well, and the page's own files.
ANYONE: Final = re.compile(
    r"/(?:healthz|readyz|favicon\.ico|robots\.txt|manifest\.json|widget\.js|theme\.css|(?:assets|static|svelte|page)/.*)"
)


class SignIn:
    """ASGI middleware that says who calls, and turns away whoever must say so and does not."""

    def __init__(self, app: ASGIApp, ways: Ways) -> None:
        self._app, self._ways = app, ways

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                scope[_KEY] = await run_in_threadpool(self._ways.caller, scope)
            except NotSignedInError as error:
                if not ANYONE.fullmatch(scope["path"]):
                    await refusal(scope, "sign-in", str(error))(scope, receive, send)
                    return
            except RecordsError as error:
                await refusal(scope, "unavailable", str(error))(scope, receive, send)
                return
        await self._app(scope, receive, send)


def caller_of(request: Any) -> Caller:
    """Whoever sends a request (Starlette's or Gradio's); nobody in particular where no sign-in has looked at it."""
    connection = getattr(request, "request", None) or request  # Gradio wraps the one it got
    return caller_in(connection.scope) if isinstance(connection, HTTPConnection) else Caller()


def caller_in(scope: Scope) -> Caller:
    """The same, of an ASGI scope."""
    caller = scope.get(_KEY)
    return caller if isinstance(caller, Caller) else Caller()


def seen(assistant: "Assistant", request: Any) -> "Assistant":
    """The assistant as whoever sends a request may see it. A door uses this one and no other."""
    return assistant.seen_by(caller_of(request))
