"""With a language model configured, nothing gets looser. The model here is a local server that speaks the protocol."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Assistant
from assistant.settings import Settings

LEAFLET = (
    "# Veltoral\n\nDen anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge.\n\nVeltoral må ikke gives til børn.\n"
)
EXTRACTIVE = "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."


class Model:
    """A server on loopback that answers chat completions as it is told to."""

    def __init__(self) -> None:
        self.reply: Callable[[], tuple[int, str]] = lambda: (200, "")
        self.asked: list[dict[str, Any]] = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                model.asked.append(json.loads(body))
                code, text = model.reply()
                message = {"role": "assistant", "content": text}
                payload = {"id": "1", "object": "chat.completion", "created": 0, "model": "m"}
                payload |= {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
                data = json.dumps(payload).encode() if text != "BROKEN" else b"{not json"
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
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


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    model = Model()
    yield model
    model.server.shutdown()
    model.server.server_close()


@pytest.fixture(scope="module")
def assistant(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("llm")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.md").write_text(LEAFLET, "utf-8")
    settings = Settings(
        corpus=folder / "corpus", index=folder / "index", llm_url=model.url, llm_model="m", llm_timeout_seconds=3
    )
    assistant = Assistant(settings)
    assistant.index()
    yield assistant
    assistant.close()


def test_a_cited_sentence_that_holds_is_said(assistant: Assistant, model: Model) -> None:
    model.reply = lambda: (200, "Man giver 60 mg hver 4. uge [1].")
    answer = assistant.ask("Hvad er dosis af Veltoral?")
    assert answer.wording == "model"
    assert answer.text == "Man giver 60 mg hver 4. uge."
    assert answer.citation(answer.statements[0].citations[0]).quote == EXTRACTIVE


@pytest.mark.parametrize(
    "reply",
    [
        "Man giver 90 mg hver 4. uge [1].",  # a figure that the document does not have
        "Man giver 60 mg hver 4. uge.",  # no citation
        "Man giver 60 mg hver 4. uge [7].",  # a citation that was not given
        "Man giver ikke 60 mg hver 4. uge [1].",  # the opposite
        "Man giver 60 µg hver 4. uge [1].",  # another unit
        "Man giver 60 mg hver 4. måned [1].",  # another interval
        "",
        "Det kan jeg desværre ikke hjælpe med.",
        "BROKEN",
    ],
)
def test_what_does_not_hold_is_not_said(assistant: Assistant, model: Model, reply: str) -> None:
    model.reply = lambda: (200, reply)
    answer = assistant.ask("Hvad er dosis af Veltoral?")
    assert answer.wording == "quoted"
    assert answer.text == EXTRACTIVE


def test_a_sentence_that_fails_goes_and_the_others_stay(assistant: Assistant, model: Model) -> None:
    model.reply = lambda: (200, "Dosis er 60 mg hver 4. uge [1]. Højst 120 mg om dagen [1].")
    assert assistant.ask("Hvad er dosis af Veltoral?").text == "Dosis er 60 mg hver 4. uge."


@pytest.mark.parametrize("code", [401, 429, 500])
def test_a_server_that_fails_leaves_the_documents_own_words(assistant: Assistant, model: Model, code: int) -> None:
    model.reply = lambda: (code, "no")
    assert assistant.ask("Hvad er dosis af Veltoral?").text == EXTRACTIVE


def test_a_server_that_hangs_leaves_the_documents_own_words(assistant: Assistant, model: Model) -> None:
    hung = threading.Event()

    def hang() -> tuple[int, str]:
        hung.wait(8)
        return 200, "Dosis er 60 mg hver 4. uge [1]."

    model.reply = hang
    answer = assistant.ask("Hvad er dosis af Veltoral?")
    hung.set()
    assert answer.text == EXTRACTIVE


def test_the_model_is_not_asked_where_there_is_no_answer(assistant: Assistant, model: Model) -> None:
    before = len(model.asked)
    assert assistant.ask("Hvad er dosis af Bruxamin?").abstained
    assert len(model.asked) == before


def test_the_model_sees_the_evidence_and_the_question_only(assistant: Assistant, model: Model) -> None:
    model.reply = lambda: (200, "")
    assistant.ask("Hvad er dosis af Veltoral?")
    sent = json.dumps(model.asked[-1], ensure_ascii=False)
    assert EXTRACTIVE in sent
    assert "børn" not in sent
