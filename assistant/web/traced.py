"""One line in the log for each request: which door, how it ended, how long it took, who sent it; never what it said."""

import logging
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import logs
from assistant.settings import Settings
from assistant.web.caller import ANYONE, caller_in
from assistant.web.request_ids import HEADER, given_to
from assistant.web.signing_in import Trusted, address

if TYPE_CHECKING:
    from assistant.web.api.addresses import Addresses

log = logging.getLogger(__name__)
_METHODS: Final = frozenset(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
# The addresses of the other doors, as templates: a name in an address may be a document's. In order; the first counts.
_TEMPLATES: Final = tuple(
    (re.compile(fits), template)
    for fits, template in (
        (r"/v1/models/.+", "/v1/models/{name}"),
        (r"/page-image/.+", "/page-image/{id}/{page}.png"),
        (r"/gradio_api/heartbeat/.+", "/gradio_api/heartbeat/{session}"),
        (r"/(assets|static|svelte|page)/.*", "/{files}"),
        (r"/|/mcp|/feedback|/widget\.js|/v1/models|/v1/chat/completions", ""),
        (r"/library/[a-z]+|/gradio_api/[a-z_/-]+|/config/?|/theme\.css|/favicon\.ico|/manifest\.json|/robots\.txt", ""),
    )
)


class Traced:
    """ASGI middleware around all others: gives each request its id, and writes its line when it has ended.

    In text, what went well with styles, scripts and probes is left out: it would bury the rest.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, addresses: "Addresses", name_of: Callable[[str], str] = str
    ) -> None:
        """Take the settings; `name_of` makes of a caller's name what logs may hold."""
        self._app, self._addresses, self._name_of = app, addresses, name_of
        self._proxies, self._is_brief = Trusted(settings.sso_proxies), settings.log_format == "text"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = Headers(scope=scope).get(HEADER, "") if address(scope) in self._proxies else ""
        id_ = given_to(scope, sent)
        logs.request_id.set(id_)  # a request has a task of its own, and so this is its own too
        method, path = scope["method"], scope["path"]
        began, status = time.perf_counter(), 500

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"])[HEADER] = id_
            await send(message)

        try:
            await self._app(scope, receive, named)
        finally:
            if not (self._is_brief and status < 400 and ANYONE.fullmatch(path)):
                facts: dict[str, Any] = {
                    "door": door(path),
                    "method": method if method in _METHODS else "other",
                    "path": self._template(method, path),
                    "status": status,
                    "milliseconds": round(1000 * (time.perf_counter() - began), 1),
                    "caller": self._name_of(caller_in(scope).name),
                }
                log.info("request", extra={logs.FACTS: facts})

    def _template(self, method: str, path: str) -> str:
        pattern = self._addresses.pattern(method, path)
        if pattern != "none":
            return pattern
        return next((template or path for fits, template in _TEMPLATES if fits.fullmatch(path)), "none")


def door(path: str) -> str:
    """By which door an address leads in."""
    if path.startswith(("/api/", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics")):
        return "http"
    if path.startswith("/v1/"):
        return "openai"
    return {"/mcp": "mcp", "/widget.js": "widget"}.get(path, "page")
