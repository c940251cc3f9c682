"""A language model's server on loopback, which says what a test tells it to."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Model:
    """A server on loopback that answers chat completions as it is told to, whole or in pieces."""

    def __init__(self) -> None:
        self.reply: Callable[[], tuple[int, str]] = lambda: (200, "")
        self.asked: list[dict[str, Any]] = []
        self.streams = False  # as servers that know `stream` do; in pieces of `piece` characters
        self.piece = 5
        self.pause: Callable[[int], None] = lambda n: None  # before the n-th piece
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.asked.append(body)
                code, text = model.reply()
                if model.streams and body.get("stream") and code == 200:
                    self.stream(text)
                    return
                payload = _payload("chat.completion", {"message": {"role": "assistant", "content": text}})
                data = json.dumps(payload).encode() if text != "BROKEN" else b"{not json"
                self.answer(code, "application/json", data)

            def stream(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for n, start in enumerate(range(0, len(text), model.piece)):
                    model.pause(n)
                    chunk = _payload("chat.completion.chunk", {"delta": {"content": text[start : start + model.piece]}})
                    line = "data: {not json" if text == "BROKEN" else f"data: {json.dumps(chunk)}"
                    self.wfile.write(f"{line}\n\n".encode())
                    self.wfile.flush()
                self.wfile.write(b"data: [DONE]\n\n")

            def answer(self, code: int, kind: str, data: bytes) -> None:
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """A client that gave up waiting is what one test is about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def _payload(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "1",
        "object": kind,
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop" if "message" in choice else None, **choice}],
    }
