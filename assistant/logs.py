"""Logs on standard error: text for people at a terminal, or one JSON object a line; each line names its request."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

Format = Literal["text", "json"]
request_id: ContextVar[str] = ContextVar("request_id", default="")  # of the request that is being answered
FACTS: Final = "facts"  # of a record: what it says besides its message, as names and values


def configure(form: Format, stream: TextIO | None = None) -> None:
    """Write every logger's lines in one form: ours from information on, others' from warnings on.

    Args:
        stream: where to; None: standard error.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("assistant").setLevel(logging.INFO)


class _Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {"time": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        said |= {"request_id": request_id.get()} if request_id.get() else {}
        said |= getattr(record, FACTS, None) or {"message": record.getMessage()}
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    """As people read it. What came from outside cannot begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, FACTS, None)
        said = " ".join(str(one) for one in facts.values() if one not in ("", None)) if facts else record.getMessage()
        line = "".join(c if c.isprintable() else "�" for c in said)
        named = f" [{request_id.get()}]" if request_id.get() else ""
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        told = f"{_moment(record)[11:19]} {level}{line}{named}"
        return f"{told}\n{self.formatException(record.exc_info)}" if record.exc_info else told


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
