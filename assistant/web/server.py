"""Page and API on one port, on this machine only until there is a sign-in."""

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from assistant.errors import SettingsError
from assistant.settings import Settings, is_loopback
from assistant.web import library, openai_door
from assistant.web.api import ApiDoor, Context, create_api
from assistant.web.ask.feedback import feedback
from assistant.web.caller import SignIn
from assistant.web.library.reindexing import Reindexing
from assistant.web.metrics import Metrics
from assistant.web.page_images import page_images
from assistant.web.security import Guard

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder

_HERE = Path(__file__).parent
_STYLES = ("page", "ask", "reading", "narrowing", "kept", "feedback", "paper", "library", "quality")
_SCRIPTS = ("page", "ask", "reading", "record", "history", "narrowing", "feedback", "library")
_HEAD = "".join(
    [f'<link rel="stylesheet" href="/page/{name}.css">' for name in _STYLES]
    + [f'<script type="module" src="/page/{name}.js"></script>' for name in _SCRIPTS]
)


def create_app(assistant: "Assistant", recorder: "Recorder | None" = None) -> FastAPI:
    """The web application: the page at /, images of documents' pages, the API, and the doors at /v1 and /mcp.

    Args:
        recorder: writes down what is asked and changed, and keeps feedback; None: the first feedback opens one.
    """
    from assistant.web.page import build_page  # first: it silences gradio before it is imported

    page = build_page(assistant, recorder)
    import gradio as gr

    from assistant.mcp.http import McpDoor

    mcp = McpDoor(assistant, recorder)
    app = FastAPI(title="assistant", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lambda _: mcp.open())
    reindexing, metrics = Reindexing(assistant), Metrics(assistant)
    app.router.routes.append(Route("/mcp", mcp))
    app.include_router(page_images(assistant))
    app.include_router(library.routes(assistant, reindexing))
    app.include_router(openai_door.routes(assistant, recorder))
    app.include_router(feedback(assistant, recorder))
    app.mount("/page", StaticFiles(directory=_HERE / "static"), name="page")
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        head=_HEAD,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=1,
        favicon_path=str(_HERE / "static" / "favicon.svg"),
    )
    api = create_api(Context(assistant, reindexing, metrics, recorder))
    app.add_middleware(ApiDoor, api=api, metrics=metrics)
    # Another site may point its own name at this machine: only our own names are answered.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"], www_redirect=False)
    app.add_middleware(SignIn)
    app.add_middleware(Guard)
    return app


def serve(settings: Settings) -> None:
    """Serve until stopped.

    Raises:
        SettingsError: the host is not this machine, or the port is taken.
        IndexProblemError: there is no index to answer from.
    """
    import uvicorn

    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder

    listening = listen(settings)
    with listening:
        assistant = Assistant(settings)
        assistant.warm()
        app = create_app(assistant, Recorder.open(assistant))
        print(f"Ask at {address(listening)} (stop with Ctrl+C)", flush=True)
        config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=3)
        uvicorn.Server(config).run(sockets=[listening])


def listen(settings: Settings) -> socket.socket:
    """A listening socket on the configured address; port 0 takes any free one.

    Raises:
        SettingsError: the host is not a loopback address, or the port is taken.
    """
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    if not is_loopback(host):
        raise SettingsError(
            f"host is {settings.host}, which opens the page to the network, and it has no sign-in yet. "
            "Use 127.0.0.1, and put a server that asks people to sign in before it"
        )
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, settings.port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"port {settings.port} on {host} cannot be used ({error.strerror}). Choose another with --port"
        ) from error
    listening.listen(128)
    return listening


def address(listening: socket.socket) -> str:
    """Where a browser finds a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
