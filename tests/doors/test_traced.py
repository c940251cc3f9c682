"""Each request has an id and a line in the log; neither tells of questions, documents, keys, or more than one may keep."""

import io
import json
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from serving import served

from assistant import Assistant, logs
from assistant.records.keys import KeyStore
from assistant.records.recorder import Recorder

QUESTION = "Hvor ofte gives Veltoral?"
MADE = re.compile(r"[0-9a-f]{16}")


@dataclass
class Logged:
    """A service that believes the proxy on this machine, and what it logs."""

    address: str
    key: str
    recorder: Recorder
    log: io.StringIO

    def send(self, method: str, path: str, **more: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}  # type: ignore[dict-item]
        return httpx.request(method, self.address + path, headers=headers, timeout=120, **more)  # type: ignore[arg-type]

    def line(self, id_: str) -> dict[str, object]:
        """The line of a request, which is written when the reply has been sent: a moment after it came."""
        for _ in range(600):
            lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
            found = [line for line in lines if line.get("request_id") == id_ and "milliseconds" in line]
            if found:
                (line,) = found
                return line
            time.sleep(0.05)
        raise AssertionError(f"{id_} has no line")


@pytest.fixture(scope="module")
def logged(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    chosen = {"sso_proxies": ("127.0.0.1",), "records_folder": tmp_path_factory.mktemp("traced"), "log_format": "json"}
    made = Assistant(assistant.settings.model_copy(update=chosen))
    recorder = Recorder.open(made)
    key = KeyStore(recorder.log.records).create("ward 5")[1]
    root, ours = logging.getLogger(), logging.getLogger("assistant")
    before = root.handlers[:], root.level, ours.level
    stream = io.StringIO()
    logs.configure("json", stream)
    with served(made, recorder) as address:
        yield Logged(address, key, recorder, stream)
    root.handlers = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    recorder.close()
    made.close()


def test_a_line_says_how_a_request_went_and_nothing_of_what_was_said(logged: Logged) -> None:
    asked = logged.send("POST", "/api/v1/ask?x=secret", json={"question": QUESTION})
    read = logged.send("GET", "/api/v1/documents/veltoral.da.md")
    refused = httpx.get(f"{logged.address}/page-image/veltoral.da.md/1.png")
    line = logged.line(asked.headers["x-request-id"])
    assert line.pop("milliseconds") > 0  # type: ignore[operator]
    assert line.pop("time")
    assert line == {
        "level": "info", "logger": "assistant.web.traced", "request_id": asked.headers["x-request-id"], "door": "http",
        "method": "POST", "path": "/api/v1/ask", "status": asked.status_code, "caller": "key:ward 5",
    }  # fmt: skip
    assert logged.line(read.headers["x-request-id"])["path"] == "/api/v1/documents/{id}"
    line = logged.line(refused.headers["x-request-id"])
    assert (line["path"], line["status"], line["caller"]) == ("/page-image/{id}/{page}.png", 401, "")
    for secret in (QUESTION, "secret", "veltoral.da.md", logged.key, logged.key[-20:]):
        assert secret not in logged.log.getvalue()


@pytest.mark.parametrize(
    ("path", "door", "template"),
    [
        ("/v1/models", "openai", "/v1/models"),
        ("/v1/models/x y", "openai", "/v1/models/{name}"),
        ("/mcp", "mcp", "/mcp"),
        ("/", "page", "/"),
        ("/page/page.css", "page", "/{files}"),
        ("/api/v1/nothing", "http", "none"),
        ("/etc/passwd%0d%0ax", "page", "none"),
        ("/healthz", "http", "/healthz"),
    ],
)
def test_every_door_has_its_line(logged: Logged, path: str, door: str, template: str) -> None:
    line = logged.line(logged.send("GET", path).headers["x-request-id"])
    assert (line["door"], line["path"]) == (door, template)


@pytest.mark.parametrize("sent", ["", "short", "x" * 65, "has a space in it", "../../etc/passwd", "æøåæøåæøå"])
def test_an_id_that_is_not_well_formed_is_replaced(logged: Logged, sent: str) -> None:
    reply = logged.send("GET", "/healthz", headers={"X-Request-ID": sent.encode()})
    assert MADE.fullmatch(reply.headers["x-request-id"])


def test_the_proxys_id_is_in_the_reply_the_problem_the_log_and_the_audit_log(logged: Logged) -> None:
    id_ = "proxy-7.2_0001"
    headers = {"X-Request-ID": id_}
    answer = logged.send("POST", "/v1/chat/completions", headers=headers, json={
        "model": "assistant", "messages": [{"role": "user", "content": QUESTION}],
    })  # fmt: skip
    assert answer.headers["x-request-id"] == id_ == logged.line(id_)["request_id"]
    export = io.StringIO()
    logged.recorder.log.export(export)
    assert id_ in [json.loads(line)["request_id"] for line in export.getvalue().splitlines()]
    problem = logged.send("GET", "/api/v1/documents/none.md", headers={"X-Request-ID": "proxy-problem"})
    assert problem.json()["instance"] == "proxy-problem"
    refused = httpx.get(f"{logged.address}/api/v1/documents", headers={"X-Request-ID": "proxy-refused"})
    assert (refused.status_code, refused.json()["instance"]) == (401, "proxy-refused")


def test_an_id_from_anybody_else_is_replaced(address: str) -> None:
    reply = httpx.get(f"{address}/healthz", headers={"X-Request-ID": "proxy-7.2_0001"})
    assert MADE.fullmatch(reply.headers["x-request-id"])


def test_names_are_hidden_where_records_hide_them(assistant: Assistant, logged: Logged, tmp_path: Path) -> None:
    chosen = {**dict(logged.recorder._settings), "log_personal": False, "records_folder": tmp_path}
    made = Assistant(assistant.settings.model_copy(update=chosen))
    with served(made) as address:
        reply = httpx.get(f"{address}/api/v1/documents", headers={"X-Forwarded-User": "ida.hansen"}, timeout=120)
    assert reply.status_code == 200
    caller = str(logged.line(reply.headers["x-request-id"])["caller"])
    assert caller.startswith("hmac-sha256:") and "ida" not in caller


def test_text_is_a_line_each_however_hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    logs.configure("text", out)
    logging.getLogger("assistant.x").warning("a name %s", "x\n00:00:00 forged\x1b[2J")
    logging.getLogger("assistant.x").info("request", extra={logs.FACTS: {"door": "http", "status": 200, "caller": ""}})
    first, second = out.getvalue().splitlines()
    assert re.fullmatch(r"[\d:]{8} warning: a name x.00:00:00 forged.\[2J", first) and "\x1b" not in first
    assert re.fullmatch(r"[\d:]{8} http 200", second)
    try:
        raise ValueError("x")
    except ValueError:
        logs.configure("json", out)
        logging.getLogger("assistant.x").exception("it failed")
    line = json.loads(out.getvalue().splitlines()[-1])
    assert (line["message"], line["level"]) == ("it failed", "error") and "ValueError: x" in line["exception"]
