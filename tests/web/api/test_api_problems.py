"""Whatever is wrong with a request, the reply is a problem as RFC 9457 has it, and says what to do."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from api_served import Api, started

from assistant.access import Caller
from assistant.engine import Assistant
from assistant.web.api.problems import KINDS

ASK = "/api/v1/ask"


def is_a_problem(reply: httpx.Response, status: int, kind: str) -> dict[str, object]:
    """The problem that a reply tells, which is of a kind that is described."""
    told: dict[str, object] = reply.json()
    assert reply.headers["content-type"] == "application/problem+json"
    assert (reply.status_code, told["status"], told["type"]) == (status, status, f"/docs#{kind}")
    assert (KINDS[kind].status, KINDS[kind].title) == (status, told["title"])
    assert told["detail"]
    assert "Traceback" not in reply.text
    return told


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.question"),
        ({"question": 5}, "body.question"),
        ({"question": "x", "language": "fr"}, "body.language"),
        ({"question": "x", "history": "y"}, "body.history"),
        ({"question": "x", "history": [["a"]]}, "body.history.0.1"),
        ({"question": "x", "as_of": "tomorrow"}, "body.as_of"),
        ({"question": "x", "as_of": 0}, "body.as_of"),
        ({"question": "x", "among": {"since": "2025-02-30"}}, "body.among.since"),
        ({"question": "x", "quesiton": "y"}, "body.quesiton"),
        ({"question": "x", "stream": "yes"}, "body.stream"),
        ([], "body"),
    ],
)
def test_what_is_not_as_documented_is_named(api: Api, body: object, field: str) -> None:
    told = is_a_problem(api.client.post(ASK, json=body), 422, "invalid")
    assert [fault["field"] for fault in told["errors"]] == [field]  # type: ignore[index,attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"question": NaN}',
        b'{"question": "x", "id": -Infinity}',
        b'{"question": "\\ud800"}',
        b"[" * 100_000,
        b'{"question": ' + b"[" * 50 + b"]" * 50 + b"}",
        b'{"question": "x", "id": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_json_is_malformed(api: Api, body: bytes) -> None:
    reply = api.client.post(ASK, content=body, headers={"Content-Type": "application/json"})
    if body:
        is_a_problem(reply, 400, "malformed")
    else:
        is_a_problem(reply, 422, "invalid")


def test_a_number_without_end_is_refused(api: Api) -> None:
    reply = api.client.post(
        ASK, content=b'{"question": "x", "id": 1e999}', headers={"Content-Type": "application/json"}
    )
    is_a_problem(reply, 422, "invalid")


def test_another_content_type_is_refused(api: Api) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        is_a_problem(api.client.post(ASK, content=b"{}", headers={"Content-Type": kind}), 415, "media-type")


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        (ASK, {"question": "x" * 2001}, "question"),
        (ASK, {"question": "x", "history": [["x", "y"]] * 101}, "invalid"),
        (ASK, {"question": "x", "history": [["x" * 20_001, "y"]]}, "invalid"),
        ("/api/v1/verify", {"text": "x" * 10_001}, "invalid"),
        ("/api/v1/verify", {"text": " \n"}, "invalid"),
        ("/api/v1/verify", {"text": "x", "sources": []}, "invalid"),
        ("/api/v1/verify", {"text": "x", "sources": ["y", ""]}, "invalid"),
        ("/api/v1/verify", {"text": "\x1c"}, "invalid"),
        ("/api/v1/verify", {"text": "x", "sources": ["y"] * 21}, "invalid"),
        ("/api/v1/feedback", {"answer_id": "../x", "verdict": "up"}, "invalid"),
    ],
)
def test_too_much_or_nothing_is_refused(api: Api, path: str, body: object, kind: str) -> None:
    is_a_problem(api.client.post(path, json=body), 422, kind)


def test_too_many_bytes_are_not_read(api: Api) -> None:
    body = json.dumps({"question": "x" * 1_100_000}).encode()
    headers = {"Content-Type": "application/json"}
    assert api.client.post(ASK, content=body, headers=headers).status_code == 413
    in_pieces = (body[at : at + 10_000] for at in range(0, len(body), 10_000))  # of no length that is said
    assert api.client.post(ASK, content=in_pieces, headers=headers).status_code == 413
    sources = ["y" * 150_000, "z" * 150_000]
    is_a_problem(api.client.post("/api/v1/verify", json={"text": "x", "sources": sources}), 413, "too-large")


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v2/ask", "/api/v1/ask/", "/api/v1/a%0Ab", "/api/%00"]
)
def test_an_unknown_path_is_said_to_be_unknown(api: Api, path: str) -> None:
    is_a_problem(api.client.get(path), 404, "no-path")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", ASK, "POST"),
        ("PATCH", "/api/v1/documents/a/b.md", "DELETE, GET, PUT"),
        ("POST", "/api/v1/documents", "GET"),
        ("DELETE", "/api/v1/index", "GET, POST"),
        ("POST", "/healthz", "GET"),
    ],
)
def test_an_unknown_method_is_told_the_known_ones(api: Api, method: str, path: str, allowed: str) -> None:
    reply = api.client.request(method, path)
    is_a_problem(reply, 405, "method")
    assert reply.headers["allow"] == allowed


def test_what_nobody_expected_says_nothing_of_the_machine(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Assistant) -> list[object]:
        raise OSError("/a/folder/of/the/machine")

    monkeypatch.setattr(Assistant, "documents", broken)
    reply = api.client.get("/api/v1/documents")
    is_a_problem(reply, 500, "internal")
    assert "machine" not in reply.text


@pytest.fixture
def without_an_index(tmp_path: Path) -> Iterator[Api]:
    with ExitStack() as ends, pytest.MonkeyPatch.context() as patch:
        made = started(tmp_path, patch, ends)
        made.assistant.close()
        (tmp_path / "index").rename(tmp_path / "gone")
        yield made


def test_without_an_index_the_command_to_run_is_said(without_an_index: Api) -> None:
    client = without_an_index.client
    replies = [client.post(ASK, json={"question": "x"}), client.post(ASK, json={"question": "x", "stream": True})]
    replies += [client.get(f"/api/v1/{path}") for path in ("documents", "documents/a.md", "passages?q=x", "audit")]
    replies += [client.post("/api/v1/verify", json={"text": "Veltoral gives."}), client.get("/readyz")]
    for reply in replies:
        assert "assistant index" in str(is_a_problem(reply, 503, "no-index")["detail"])
    assert client.get("/healthz").json() == {"status": "ok"}
    status = client.get("/api/v1/index").json()
    assert (status["generation"], status["documents"]) == (None, 0)


def test_metrics_count_and_tell_nothing_of_what_was_asked(api: Api) -> None:
    for question in ("Hvor ofte gives Veltoral?", "Hvad koster Zygnosimab?"):
        assert api.client.post(ASK, json={"question": question}).status_code == 200
    api.client.get("/api/v1/documents/zygnosimab.md")
    api.client.request("PROPFIND", "/api/v1/zygnosimab")
    told = api.client.get("/metrics").text
    assert 'assistant_questions_total{language="da",outcome="abstained"}' in told
    assert 'assistant_http_requests_total{method="GET",route="/api/v1/documents/{id}",status="404"}' in told
    assert 'assistant_http_requests_total{method="other",route="none",status="404"}' in told
    assert "assistant_documents 3.0" in told
    assert "assistant_generation_age_seconds" in told
    assert "assistant_question_seconds_bucket" in told
    assert "zygnosimab" not in told.casefold()
    api.caller = Caller("c", role="curator")
    is_a_problem(api.client.get("/metrics"), 403, "forbidden")


def test_the_documentation_is_this_servers_own(api: Api) -> None:
    page = api.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert "://" not in page.text
    for kind in KINDS:
        assert f'id="{kind}"' in page.text
    for path in api.client.get("/openapi.json").json()["paths"]:
        assert path in page.text
