"""The server stops when it is told to: no new connections, answers under way end, and the process exits with 0."""

import signal
import socket
import threading
from types import FrameType
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

LAST_SECONDS: Final = 25  # that answers under way may still take; container runtimes wait 10 s unless they are told


class Server(uvicorn.Server):
    """Serves an application until SIGTERM or SIGINT. A page's heartbeat, which never ends, keeps nobody waiting."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._beating = list(filter(None, map(_stop_event, app.routes)))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is open: heartbeats at once, answers when they are given."""
        for event in self._beating:
            event.set()
        await super().shutdown(sockets)


def exit_on_sigterm() -> None:
    """Let SIGTERM end this process with exit status 0: it did what it was asked to. For the main thread only."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _stop_event(route: Any) -> Any:
    """Of Gradio's application, where a route is its mount."""
    return getattr(getattr(route, "app", None), "stop_event", None)
