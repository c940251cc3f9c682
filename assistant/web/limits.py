"""How much one caller may ask for: so many requests a minute, and bodies of so many bytes."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access import LOCAL
from assistant.settings import Settings
from assistant.web.caller import ANYONE, caller_in
from assistant.web.refusing import refusal

_CALLERS: Final = 10_000  # that are remembered
_PAGE_BYTES: Final = 4 * 1024 * 1024  # of what the page sends: a conversation that is opened again


class Buckets:
    """So many requests a minute for each caller, and as many at once as make a minute. Used from any thread."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._most, self._clock = per_minute / 60, float(per_minute), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # who -> (requests left, when)
        self._guard = threading.Lock()

    def wait_seconds(self, who: str) -> float:
        """Take one request; 0, or how long to wait until there is one, and then none was taken."""
        with self._guard:
            now = self._clock()
            left, then = self._left.pop(who, (self._most, now))
            left = min(self._most, left + (now - then) * self._per_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._per_second
            self._left[who] = (left if wait else left - 1, now)
            while len(self._left) > _CALLERS:
                self._left.popitem(last=False)
            return wait


class Limits:
    """ASGI middleware behind the sign-in. Whoever sits at this machine is not counted."""

    def __init__(self, app: ASGIApp, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._buckets = Buckets(settings.requests_per_minute, clock) if settings.requests_per_minute else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refused = self._too_large(scope) or self._too_many(scope)
            if refused:
                await refusal(scope, *refused)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _too_many(self, scope: Scope) -> tuple[str, str, dict[str, str]] | None:
        caller = caller_in(scope)
        if self._buckets is None or caller == LOCAL or ANYONE.fullmatch(scope["path"]):
            return None
        wait = self._buckets.wait_seconds(caller.name)
        if not wait:
            return None
        seconds = math.ceil(wait)
        return (
            "too-many",
            f"More requests than are allowed in a minute. Wait {seconds} s",
            {"Retry-After": f"{seconds}"},
        )

    @staticmethod
    def _too_large(scope: Scope) -> tuple[str, str] | None:
        """What the page's own machinery would read whole. Every other door counts as it reads."""
        if scope["method"] in ("GET", "HEAD", "OPTIONS") or not scope["path"].startswith("/gradio_api/"):
            return None
        length = Headers(scope=scope).get("content-length", "")
        if not length.isascii() or not length.isdigit():
            return "too-large", "Say how large the body is (Content-Length)"
        if int(length) > _PAGE_BYTES:
            return "too-large", f"The body is larger than {_PAGE_BYTES // 1024} kB. Send less at once"
        return None
