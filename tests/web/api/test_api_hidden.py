"""Over every route of the specification: a document that one may not read is told of as one that is not there."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from api_served import AWKWARD, DOCUMENTS, HIDDEN, Api

from assistant.access import Caller
from assistant.web.api import context

ABSENT = "ombrevan.en.md"  # as long as the hidden one's
CALLERS = {"reader": Caller("r", frozenset({"pharmacy"})), "curator": Caller("c", role="curator")}
SPAN = {"start": "30", "end": "60"}
SECRETS = ("Tersimol, price list", "The board", "1,116 kr")
# What a curator cannot help learning: that a file cannot take its name. Nothing else is told of it.
TOLD_TO_CURATORS = {("put", "/api/v1/documents/{id}")}
BODIES: dict[str, list[dict[str, Any]]] = {
    "Asked": [
        {"question": "What does Tersimol cost?"},
        {"question": "What does it cost?", "history": [["What is Tersimol?", ""]]},
        {"question": "Which document?", "among": {"documents": ["{id}"]}},
        {"question": "What does Tersimol cost?", "among": {"publishers": ["The board"]}},
        {"question": "What does Tersimol cost?", "stream": True},
    ],
    "ToVerify": [{"text": "The price of {id} is 1,116 kr. per package."}],
    "FeedbackIn": [{"answer_id": "a", "verdict": "up"}],
}
QUERIES: dict[str, list[dict[str, str]]] = {
    "/api/v1/documents": [{}, {"q": "{id}"}, {"publisher": "The board"}, {"language": "en"}],
    "/api/v1/passages": [
        {"q": "Tersimol price"},
        {"q": "price", "document": "{id}"},
        {"q": "x", "publisher": "The board"},
    ],
    "/api/v1/documents/{id}/restore": [{"token": "20250101T000000Z-00000000"}],
}


def requests(specification: dict[str, Any], id_: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation of the specification, as asked about one document: (method, pattern, what httpx is given)."""
    for pattern, operations in specification["paths"].items():
        parts = {"id": quote(id_), **SPAN}
        url = re.sub(r"{(\w+)}", lambda name, parts=parts: parts[name[1]], pattern)
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            shape = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
            for query in QUERIES.get(pattern, [{}]):
                params = {key: value.replace("{id}", id_) for key, value in query.items()}
                given: dict[str, Any] = {"method": method, "url": url, "params": params}
                if method == "put":
                    yield (
                        method,
                        pattern,
                        {**given, "content": b"Zygnosis is not meant.", "params": {"replace": "true"}},
                    )
                elif shape:
                    for body in BODIES[shape]:
                        yield method, pattern, {**given, "json": json.loads(json.dumps(body).replace("{id}", id_))}
                else:
                    yield method, pattern, given


def told(api: Api, asked: dict[str, Any], id_: str) -> tuple[int, str]:
    """What is replied, but for what differs from one request to the next, and for the id that was asked about."""
    reply = api.client.request(**asked)
    said = re.sub(r'"(answer_id|seconds|built|instance)": ?("[^"]*"|[\d.e-]+)', "", reply.text)
    return reply.status_code, said.replace(id_, "ID").replace(quote(id_), "ID")


@pytest.mark.parametrize("who", CALLERS)
def test_no_route_tells_of_a_hidden_document(own: Api, who: str) -> None:
    own.caller = CALLERS[who]
    specification = own.client.get("/openapi.json").json()
    hidden, absent = (list(requests(specification, id_)) for id_ in (HIDDEN, ABSENT))
    assert len(hidden) > 20
    for (method, pattern, about_hidden), (_, _, about_absent) in zip(hidden, absent, strict=True):
        if (method, pattern) == ("post", "/api/v1/index") or "/metrics" in pattern:
            continue  # it is about no document, and begins something
        status, said = told(own, about_hidden, HIDDEN)
        for secret in SECRETS:
            assert secret not in said or secret in json.dumps(about_hidden), (method, pattern)
        if (method, pattern) in TOLD_TO_CURATORS and who == "curator":
            assert status == 409
            continue
        assert (status, said) == told(own, about_absent, ABSENT), (method, pattern)
    assert (own.corpus / HIDDEN).read_text("utf-8") == DOCUMENTS[HIDDEN]


@pytest.mark.parametrize("door", ["answers", "lists"])
def test_that_would_be_seen(api: Api, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    """Without the filter, the walk above finds what it looks for."""
    monkeypatch.setattr(context, "seen", lambda assistant, request: assistant)
    api.caller = CALLERS["reader"]
    specification = api.client.get("/openapi.json").json()
    secret, path = ("1,116 kr", "/api/v1/ask") if door == "answers" else ("price list", "/api/v1/documents")
    said = [told(api, asked, HIDDEN)[1] for _, pattern, asked in requests(specification, HIDDEN) if pattern == path]
    assert any(secret in one for one in said)


def test_what_is_told_counts_what_may_be_read_only(api: Api) -> None:
    api.caller = CALLERS["reader"]
    listed = api.client.get("/api/v1/documents").json()
    assert [one["id"] for one in listed["documents"]] == [AWKWARD, "veltoral.da.md"]
    assert listed["total"] == 2
    assert api.client.get("/api/v1/index").json()["documents"] == 2
    assert api.client.post("/api/v1/ask", json={"question": "What does it cost?"}).json()["searched"] == 2
    assert api.client.get("/api/v1/passages?q=Tersimol").json()["searched"] == 2
