"""The API as an application of its own, and its place beside the page."""

import re
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.web.api import (
    asking,
    auditing,
    changing,
    documents,
    feedback,
    health,
    indexing,
    logged,
    passages,
    reading,
    verifying,
)
from assistant.web.api.addresses import Addresses
from assistant.web.api.context import Context
from assistant.web.api.problems import on_assistant_error, on_bug, on_http_error, on_invalid
from assistant.web.api.specification import specification

if TYPE_CHECKING:
    from assistant.web.metrics import Metrics

PREFIX: Final = "/api/v1"
_OURS: Final = re.compile(r"/api(?:/.*)?|/(?:healthz|readyz|metrics|docs|openapi\.json)", re.DOTALL)


def create_api(shared: Context) -> FastAPI:
    """The API: everything below /api, what tells how it is doing, and its own documentation."""
    api = FastAPI(title="Assistant", version="1", docs_url=None, redoc_url=None, redirect_slashes=False)
    api.state.context = shared
    for resource in (asking, documents, changing, indexing, passages, verifying, feedback, auditing, logged):
        api.include_router(resource.router, prefix=PREFIX)
    api.include_router(health.router)
    api.include_router(reading.router)
    api.add_exception_handler(AssistantError, on_assistant_error)
    api.add_exception_handler(HTTPException, on_http_error)
    api.add_exception_handler(RequestValidationError, on_invalid)
    api.add_exception_handler(Exception, on_bug)
    made = specification(api, shared.assistant.settings)
    api.openapi = lambda: made  # type: ignore[method-assign]
    api.state.addresses = Addresses(made["paths"])
    return api


class ApiDoor:
    """ASGI middleware that hands what is the API's to the API, counts it, and everything else to the page."""

    def __init__(self, app: ASGIApp, api: FastAPI, metrics: "Metrics") -> None:
        self._app, self._api, self._metrics = app, api, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _OURS.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        status = 500

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._api(scope, receive, counted)
        finally:
            pattern = self._api.state.addresses.pattern(scope["method"], scope["path"])
            self._metrics.requested(scope["method"], pattern, status)
