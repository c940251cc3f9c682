"""MCP over streamable HTTP, on the page's port. Each request stands alone, and sees what its own sender may read."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant.mcp.server import Called, mcp_server
from assistant.web.caller import seen
from assistant.web.noting import noted
from assistant.web.sites import host_names

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder
    from assistant.settings import Settings

_MOST_BYTES = 1024 * 1024


class McpDoor:
    """An ASGI application for one path; it serves while `open` is entered."""

    def __init__(self, assistant: "Assistant", recorder: "Recorder | None" = None) -> None:
        def theirs(called: Called) -> "Assistant":
            return seen(assistant, _request(called))

        def noting(called: Called) -> Callable[..., str]:
            return partial(noted, recorder, door="mcp", request=_request(called))

        self._server = mcp_server(theirs, noting)
        self._allowed = _allowed(assistant.settings)
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve. May be entered again when it was left."""
        self._server.streamable_http_app(
            stateless_http=True,
            json_response=True,
            max_request_body_size=_MOST_BYTES,
            transport_security=self._allowed,
        )
        manager = self._server.session_manager
        async with manager.run():
            self._manager = manager
            try:
                yield
            finally:
                self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":  # there are no sessions to listen to or to end
            refused = PlainTextResponse("Method Not Allowed", 405, headers={"Allow": "POST"})
            await refused(scope, receive, send)
        elif self._manager is None:
            await PlainTextResponse("Not serving", 503)(scope, receive, send)
        else:
            await self._manager.handle_request(scope, receive, send)


def _request(called: Called) -> Request:
    """The request that a tool is called by. Without one nobody could be told from us."""
    request = called.request_context.request
    if not isinstance(request, Request):
        raise TypeError("a tool was called over HTTP without its request")
    return request


def _allowed(settings: "Settings") -> TransportSecuritySettings:
    """Which names this server answers to, and to pages of which it does: another site may point its name at us."""
    hosts = [host for name in host_names(settings) for host in (name, f"{name}:*")]
    origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)
