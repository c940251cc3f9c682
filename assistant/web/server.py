"""Page and API on one port; on other addresses than this machine's only where callers can sign in."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from assistant.errors import RecordsError, SettingsError
from assistant.logs import configure
from assistant.records.privacy import Privacy
from assistant.settings import Settings, is_loopback
from assistant.web import library, openai_door
from assistant.web.api import ApiDoor, Context, create_api
from assistant.web.ask.feedback import feedback
from assistant.web.caller import SignIn
from assistant.web.library.reindexing import Reindexing
from assistant.web.limits import Limits
from assistant.web.metrics import Metrics
from assistant.web.page_images import page_images
from assistant.web.security import Guard
from assistant.web.signing_in import Ways
from assistant.web.sites import Cors, host_names
from assistant.web.traced import Traced

if TYPE_CHECKING:
    import uvicorn

    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder

_HERE = Path(__file__).parent
_STYLES = ("page", "ask", "reading", "narrowing", "kept", "feedback", "paper", "library", "quality")
_SCRIPTS = ("page", "ask", "reading", "record", "history", "narrowing", "feedback", "library", "quality")
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
    app.include_router(library.routes(assistant, reindexing, recorder))
    app.include_router(openai_door.routes(assistant, recorder))
    app.include_router(feedback(assistant, recorder))
    app.router.routes.append(Route("/widget.js", _widget))
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
    chosen = assistant.settings
    app.add_middleware(Limits, settings=chosen)
    app.add_middleware(SignIn, ways=_ways(chosen, recorder))
    if chosen.cors_origins:
        app.add_middleware(Cors, settings=chosen)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=host_names(chosen), www_redirect=False)
    app.add_middleware(Guard, ancestors=chosen.frame_ancestors)
    hidden = Privacy.of(chosen).hidden  # names in the logs are as the records keep them
    app.add_middleware(Traced, settings=chosen, addresses=api.state.addresses, name_of=hidden)
    return app


async def _widget(_: Request) -> Response:
    """The script that puts the assistant into other pages. Any page may load it; who may ask is another matter."""
    headers = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return FileResponse(_HERE / "static" / "widget.js", media_type="text/javascript", headers=headers)


def _ways(settings: Settings, recorder: "Recorder | None") -> Ways:
    if not settings.must_sign_in:
        return Ways(settings, None)
    from assistant.records.keys import KeyStore
    from assistant.records.store import Records

    return Ways(settings, KeyStore(recorder.log.records if recorder else Records.open(settings)))


def serve(settings: Settings) -> None:
    """Serve until stopped.

    Raises:
        SettingsError: other machines reach it and nobody could sign in, or the port is taken.
        IndexProblemError: there is no index to answer from.
    """
    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder
    from assistant.web.stopping import Server, exit_on_sigterm

    configure(settings.log_format)
    exit_on_sigterm()
    listening = listen(settings)
    with listening:
        assistant = Assistant(settings)
        assistant.warm()
        app = create_app(assistant, Recorder.open(assistant))
        print(f"Ask at {address(listening)} (stop with Ctrl+C)", flush=True)
        with _reading_ahead(assistant):
            Server(running(app, log_config=None), app).run(sockets=[listening])


@contextmanager
def _reading_ahead(assistant: "Assistant") -> Iterator[None]:
    stopped = threading.Event()
    thread = threading.Thread(target=assistant.read_ahead, args=(stopped,), name="reading ahead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def running(app: FastAPI, **more: Any) -> "uvicorn.Config":
    """How uvicorn runs the application. Where a request comes from is what the network says, not what a header does."""
    import uvicorn

    from assistant.web.stopping import LAST_SECONDS

    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # see traced.py
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LAST_SECONDS,
        **more,
    )


def listen(settings: Settings) -> socket.socket:
    """A listening socket on the configured address; port 0 takes any free one.

    Raises:
        SettingsError: other machines reach it and nobody could sign in, or the port is taken.
    """
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    _must_know_callers(settings)
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


def _must_know_callers(settings: Settings) -> None:
    if not settings.must_sign_in or settings.sso_proxies:
        return
    from assistant.records.keys import KeyStore
    from assistant.records.store import Records

    try:
        has_key = KeyStore(Records.open(settings, create=False)).has_valid()
    except RecordsError:
        has_key = False
    if not has_key:
        why = "sign_in is set" if is_loopback(settings.host) else f"host is {settings.host}, which other machines reach"
        raise SettingsError(
            f"{why}, and nobody could sign in. Make a key with: assistant keys create NAME; or name the reverse proxy "
            "that signs people in with: ASSISTANT_SSO_PROXIES=ADDRESS; or listen on 127.0.0.1 without sign_in"
        )


def address(listening: socket.socket) -> str:
    """Where a browser finds a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
