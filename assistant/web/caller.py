"""Who sends a request: the sign-in says so once, for page and API alike, and every door asks here."""

from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access import LOCAL, Caller

if TYPE_CHECKING:
    from assistant.engine import Assistant

_KEY = "assistant.caller"  # of an ASGI scope


class SignIn:
    """ASGI middleware that says who calls. Where only this machine can reach it, that is whoever sits there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope[_KEY] = LOCAL
        await self._app(scope, receive, send)


def caller_of(request: Any) -> Caller:
    """Whoever sends a request (Starlette's or Gradio's); nobody in particular where no sign-in has looked at it."""
    connection = getattr(request, "request", None) or request  # Gradio wraps the one it got
    caller = connection.scope.get(_KEY) if isinstance(connection, HTTPConnection) else None
    return caller if isinstance(caller, Caller) else Caller()


def seen(assistant: "Assistant", request: Any) -> "Assistant":
    """The assistant as whoever sends a request may see it. A door uses this one and no other."""
    return assistant.seen_by(caller_of(request))
