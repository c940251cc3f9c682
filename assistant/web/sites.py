"""By which names this server is called, and which other sites may use it or show it."""

from typing import Final
from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.settings import Settings
from assistant.web.request_ids import HEADER

_THIS_MACHINE: Final = ("localhost", "127.0.0.1", "[::1]")
_ANY: Final = ("0.0.0.0", "::")


def host_names(settings: Settings) -> list[str]:
    """The names it answers to, without ports. Another site may point its own name at this machine: that is none.

    >>> host_names(Settings(host="10.0.0.5", public_url="https://ask.example.org:8443/x"))
    ['localhost', '127.0.0.1', '[::1]', '10.0.0.5', 'ask.example.org']
    """
    named = [*_THIS_MACHINE, *([] if settings.host in _ANY else [settings.host])]
    public = urlsplit(settings.public_url).hostname
    return list(dict.fromkeys([*named, *([public] if public else []), *settings.allowed_hosts]))


class Cors:
    """ASGI middleware by which pages of the allowed origins may ask the API; pages of others may not read a reply.

    Their users' sign-in goes along. Changes stay with the page itself: only what a widget needs is allowed.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            allow_credentials=True,
            expose_headers=["Retry-After", HEADER],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_api = scope["type"] == "http" and scope["path"].startswith(("/api/v1/", "/v1/"))
        await (self._open if is_api else self._app)(scope, receive, send)
