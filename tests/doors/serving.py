"""A real server on loopback, over any assistant."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.engine import Assistant
from assistant.records.recorder import Recorder
from assistant.web.server import create_app, running
from assistant.web.stopping import Server


@contextmanager
def served(assistant: Assistant, recorder: Recorder | None = None) -> Iterator[str]:
    """The address of a real server on loopback, for as long as it is wanted."""
    app = create_app(assistant, recorder)
    server = Server(running(app, host="127.0.0.1", port=0), app)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
