"""A request turned away before any door has read it, told in the shape that its door would use."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

_API: Final = ("/api/", "/metrics", "/readyz", "/docs", "/openapi.json")
_OPENAI: Final = {
    "sign-in": ("invalid_request_error", "invalid_api_key"),
    "too-many": ("requests", "rate_limit_exceeded"),
}


def refusal(scope: Scope, kind: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    """The reply of one kind of problem; see `problems.KINDS`."""
    from assistant.web.api.problems import KINDS, reply  # late: the API asks who calls, which leads here

    path, status, headers = scope["path"], KINDS[kind].status, dict(headers or {})
    for_programs = path.startswith((*_API, "/v1/")) or path == "/mcp"
    if kind == "sign-in":  # a browser asks for the key then, as a password
        headers["WWW-Authenticate"] = "Bearer" if for_programs else 'Basic realm="assistant", charset="UTF-8"'
    if path.startswith(_API):
        return reply(kind, detail, Request(scope), headers=headers)
    if path.startswith("/v1/"):
        type_, code = _OPENAI.get(kind, ("server_error" if status >= 500 else "invalid_request_error", None))
        error = {"message": detail, "type": type_, "param": None, "code": code}
        return JSONResponse({"error": error}, status, headers=headers)
    return PlainTextResponse(detail, status, headers=headers)
