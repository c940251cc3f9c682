"""Each request has an id: in the header of its reply, in problems, in the logs and in the audit log."""

import re
import secrets
from typing import Any, Final

from starlette.requests import HTTPConnection
from starlette.types import Scope

HEADER: Final = "X-Request-ID"
_KEY: Final = "assistant.request_id"  # of an ASGI scope
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def given_to(scope: Scope, sent: str) -> str:
    """Give a request an id: the one that was sent along, where it can be one; else a new one.

    Args:
        sent: by a proxy that is believed; "" where there is none.
    """
    scope[_KEY] = sent if _WELL_FORMED.fullmatch(sent) else secrets.token_hex(8)
    return str(scope[_KEY])


def id_in(scope: Scope) -> str:
    """The id of a request; empty where it was given none."""
    found = scope.get(_KEY, "")
    return found if isinstance(found, str) else ""


def id_of(request: Any) -> str:
    """The same, of a request as Starlette or Gradio has it."""
    connection = getattr(request, "request", None) or request  # Gradio wraps the one it got
    return id_in(connection.scope) if isinstance(connection, HTTPConnection) else ""
