"""What is read of a request: so many bytes and no more, of the type they say they are, strict JSON."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from assistant.web.api.problems import ApiError

MOST_BYTES: Final = 1024 * 1024  # of a JSON body
_DEEPEST: Final = 32


class JsonRequest(Request):
    """A request whose body, where it is read whole, is JSON."""

    async def body(self) -> bytes:
        """The body.

        Raises:
            ApiError: it is too large, or says that it is no JSON.
        """
        if not hasattr(self, "_body"):
            kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                raise ApiError("media-type", "Send JSON, with Content-Type: application/json")
            parts, size = [], 0
            async for chunk in self.stream():
                parts.append(chunk)
                size += len(chunk)
                if size > MOST_BYTES:
                    raise ApiError("too-large", f"The body is larger than {MOST_BYTES // 1024} kB. Send less at once")
            self._body = b"".join(parts)
        return self._body

    async def json(self) -> Any:
        """The body's value.

        Raises:
            ApiError: it is no JSON: NaN and Infinity are none, nor is what nests too deep.
        """
        data = await self.body()
        try:
            value = json.loads(data.decode("utf-8"), parse_constant=_no_number)
        except UnicodeDecodeError as error:
            raise ApiError("malformed", "The body is not UTF-8") from error
        except RecursionError as error:
            raise _too_deep() from error
        except json.JSONDecodeError as error:
            raise ApiError("malformed", f"The body is not JSON: {error.msg} at character {error.pos}") from error
        except ValueError as error:  # a number that no program can hold
            raise ApiError("malformed", f"The body is not JSON: {str(error)[:80]}") from error
        _check(value, _DEEPEST)
        return value


class JsonRoute(APIRoute):
    """A route that is given such requests."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, behind the reading."""
        handle = super().get_route_handler()

        async def read(request: Request) -> Response:
            return await handle(JsonRequest(request.scope, request.receive))

        return read


def _check(value: Any, depth: int) -> None:
    """Refuse what nests deeper than `depth`, and strings that no UTF-8 can write."""
    if depth < 0:
        raise _too_deep()
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ApiError("malformed", "The body holds half of a character (a lone surrogate)") from error
    elif isinstance(value, dict):
        for name, part in value.items():
            _check(name, depth)
            _check(part, depth - 1)
    elif isinstance(value, list):
        for part in value:
            _check(part, depth - 1)


def _too_deep() -> ApiError:
    return ApiError("malformed", f"The body nests deeper than {_DEEPEST} levels")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
