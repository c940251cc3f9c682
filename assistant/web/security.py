"""What every reply is held to: known paths only, known hosts only, and headers that keep the page to itself."""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What the page needs of Gradio. Its uploads, proxy, file reading, code editing and own API stay shut.
_OPEN = re.compile(
    r"/(?:|healthz|readyz|metrics|docs|openapi\.json|api(?:/(?s:.*))?"
    r"|feedback|library/(?:documents?|disagreements|indexing|files|remove|restore)"
    r"|v1/chat/completions|v1/models(?:/.+)?|mcp"
    r"|widget\.js|config/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt"
    r"|(?:assets|static|svelte|page)/.*"
    r"|page-image/.+/[1-9]\d{0,5}\.png"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/[^/]+|startup-events|cancel|info/?|app_id/?|theme\.css))"
)
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware around page and API. `ancestors` are the origins that may show the page in a frame."""

    def __init__(self, app: ASGIApp, ancestors: Sequence[str] = ()) -> None:
        self._app, self._ancestors = app, ancestors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # there is nothing to talk to
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not _OPEN.fullmatch(scope["path"]):
            await _not_found(_Guarded(send, self._ancestors))
        else:
            _ask_uncompressed(scope)
            await self._app(scope, receive, _Guarded(send, self._ancestors))


class _Guarded:
    """Adds the headers to a reply; a page is held back until its inline scripts are known."""

    def __init__(self, send: Send, ancestors: Sequence[str]) -> None:
        self._send, self._ancestors = send, ancestors
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                self._start = message
                return
            _harden(message, b"", self._ancestors)
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            _harden(self._start, self._body, self._ancestors)
            await self._send(self._start)
            self._start = None
            message = {"type": "http.response.body", "body": self._body}
        await self._send(message)


def _harden(start: Message, page: bytes, ancestors: Sequence[str]) -> None:
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Security-Policy"] = content_security_policy(inline_scripts(page), ancestors)
    for name, value in _HEADERS.items():
        headers[name] = value
    if not ancestors:  # it cannot name others; where the policy does, browsers go by the policy alone
        headers["X-Frame-Options"] = "SAMEORIGIN"


def inline_scripts(page: bytes) -> list[str]:
    """The hashes of a page's own inline scripts, as a Content-Security-Policy names them."""
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(page))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy(scripts: Iterable[str], ancestors: Iterable[str] = ()) -> str:
    """Everything from this server only; of inline scripts, the page's own. Frames: its own, and the ancestors'.

    Gradio writes styles into its elements, so those may be inline, and its HTML component evaluates its template, so
    scripts of this server may evaluate strings. A script or an event handler in a document still does nothing.
    """
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self' 'unsafe-eval'", *scripts)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(("frame-ancestors 'self'", *ancestors)),
        )
    )


def _ask_uncompressed(scope: Scope) -> None:
    """The page itself is asked for uncompressed, so that its scripts can be read."""
    if scope["path"] == "/":
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]


async def _not_found(send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"Not found"})
