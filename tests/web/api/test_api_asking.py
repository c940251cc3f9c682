"""Questions over HTTP: whole answers and streams; texts verified; feedback kept."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from api_served import AWKWARD, DOCUMENTS, Api

from assistant.answering.answer import Answer, Statement
from assistant.engine import Assistant

QUESTION = "Hvor ofte gives Veltoral?"


def ask(api: Api, **body: object) -> httpx.Response:
    return api.client.post("/api/v1/ask", json={"question": QUESTION, **body})


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    """The server-sent events of a stream."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_an_answer_is_that_of_the_engine(api: Api) -> None:
    said = ask(api, id="7").json()
    direct = api.assistant.ask(QUESTION).as_dict()
    for told in (said, direct):
        told.pop("seconds")
    assert said.pop("id") == "7"
    assert api.recorder.log.find("ask", said.pop("answer_id")) is not None
    assert said == direct
    cited = said["citations"][0]
    assert DOCUMENTS[cited["path"]][cited["start"] : cited["end"]] == cited["quote"]


def test_an_answer_comes_from_among_the_documents_asked_for(api: Api) -> None:
    assert ask(api, among={"languages": ["nl"]}).json()["searched"] == 1
    assert ask(api, among={"documents": [AWKWARD, "veltoral.da.md"]}).json()["searched"] == 2
    assert ask(api, among={"since": "2025-03-15"}).json()["searched"] == 1
    assert ask(api, among={"publishers": ["Styrelsen"], "until": "2025-03-01"}).json()["searched"] == 1


@pytest.mark.parametrize("way", [{"headers": {"Accept": "text/event-stream"}}, {"json": {"stream": True}}])
def test_a_stream_tells_statements_and_then_the_whole(api: Api, way: dict[str, dict[str, object]]) -> None:
    body = {"question": QUESTION, **way.get("json", {})}
    reply = api.client.post("/api/v1/ask", json=body, headers=way.get("headers"))
    assert reply.headers["content-type"].startswith("text/event-stream")
    *statements, (last, answer) = events(reply.text)
    assert {name for name, _ in statements} == {"statement"}
    assert last == "answer"
    assert [told for _, told in statements] == answer["statements"]
    assert answer["answer"] == ask(api).json()["answer"]


def test_a_stream_that_cannot_begin_is_an_ordinary_error(api: Api) -> None:
    reply = ask(api, question="x" * 2001, stream=True)
    assert (reply.status_code, reply.json()["type"]) == (422, "/docs#question")


def test_a_stream_that_breaks_off_ends_in_a_problem(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Iterator[Statement | Answer]:
        yield Statement("Så langt.", (1,))
        raise OSError("a secret of the machine")

    monkeypatch.setattr(Assistant, "stream", broken)
    reply = ask(api, stream=True)
    assert reply.status_code == 200
    assert [name for name, _ in events(reply.text)] == ["statement", "error"]
    assert events(reply.text)[-1][1]["type"] == "/docs#internal"
    assert "secret" not in reply.text


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_away_stops_the_work(api: Api, monkeypatch: pytest.MonkeyPatch, stream: bool) -> None:
    closed = threading.Event()

    def endless(*_: object, **__: object) -> Iterator[Statement | Answer]:
        try:
            while True:
                yield Statement("Og så.", (1,))
                time.sleep(0.05)
        finally:
            closed.set()

    monkeypatch.setattr(Assistant, "stream", endless)
    with ExitStack() as waiting:
        if not stream:  # it never ends
            waiting.enter_context(pytest.raises(httpx.ReadTimeout))
        asked = {"question": "x", "stream": stream}
        reply = waiting.enter_context(api.client.stream("POST", "/api/v1/ask", json=asked, timeout=3))
        next(reply.iter_lines())
    assert closed.wait(20)


def test_while_nothing_is_said_the_stream_says_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    whole = Assistant.stream

    def slow(self: Assistant, *asked: object, **how: object) -> Iterator[Statement | Answer]:
        go_on.wait(60)
        yield from whole(self, *asked, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Assistant, "stream", slow)
    monkeypatch.setattr("assistant.web.api.asking._HEARTBEAT_SECONDS", 0.05)
    with api.client.stream("POST", "/api/v1/ask", json={"question": QUESTION, "stream": True}) as reply:
        lines = reply.iter_lines()
        assert next(lines).startswith(":")
        go_on.set()
        assert "event: answer" in list(lines)


def test_a_text_is_held_against_the_documents(api: Api) -> None:
    text = "Veltoral gives én gang hver 4. uge. Veltoral gives én gang hver 9. uge."
    said = api.client.post("/api/v1/verify", json={"text": text}).json()
    assert [one["status"] for one in said["sentences"]] == ["backed", "refused"]
    assert [text[one["start"] : one["end"]] for one in said["sentences"]] == [o["text"] for o in said["sentences"]]
    assert said["sentences"][1]["faults"][0]["kind"] == "figure"
    assert not said["backed"]


def test_a_text_is_held_against_sources_sent_along(api: Api) -> None:
    sources = ["Bruxamin is given twice a day.", "Zoranel is given once a week."]
    body = {"text": "Zoranel is given once a week.", "sources": sources}
    said = api.client.post("/api/v1/verify", json=body).json()
    assert said["backed"]
    assert said["searched"] == 2
    assert said["sentences"][0]["citations"][0]["document"] == "text 2"


def test_feedback_is_kept_once_a_person_and_answer(api: Api) -> None:
    answer_id = ask(api).json()["answer_id"]
    for verdict, reason in (("up", ""), ("down", "outdated")):
        body = {"answer_id": answer_id, "verdict": verdict, "reason": reason, "comment": "Se <b>2026</b>"}
        assert api.client.post("/api/v1/feedback", json=body).status_code == 201
    kept = api.recorder.feedback_store.of(answer_id, "local")
    assert kept is not None
    assert (kept.verdict, kept.reason, kept.comment) == ("down", "outdated", "Se <b>2026</b>")
