"""Hosts, origins, frames, limits, headers: as the settings choose, and refused where they do not; keys in no log."""

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
from serving import served

from assistant import Assistant, Settings
from assistant.records.keys import KeyStore
from assistant.records.recorder import Recorder
from assistant.web.limits import Buckets, Limits

INTRANET = "https://intranet.example.org"
ELSEWHERE = "https://elsewhere.example"


@dataclass
class Chosen:
    """A server with settings of each kind, and a key for it."""

    address: str
    recorder: Recorder

    def send(self, method: str, path: str, *, key: str | None = None, **more: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.caller()}", **more.pop("headers", {})}  # type: ignore[dict-item]
        return httpx.request(method, self.address + path, headers=headers, timeout=120, **more)  # type: ignore[arg-type]

    def caller(self, role: str = "reader") -> str:
        return KeyStore(self.recorder.log.records).create(secrets.token_hex(4), role)[1]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def chosen(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chosen]:
    settings = assistant.settings.model_copy(
        update={
            "sign_in": True,
            "records_folder": tmp_path_factory.mktemp("chosen"),
            "allowed_hosts": ("ask.example.org",),
            "cors_origins": (INTRANET,),
            "frame_ancestors": (INTRANET,),
            "requests_per_minute": 20,
        }
    )
    made = Assistant(settings)
    recorder = Recorder.open(made)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("assistant.web.server.Limits", partial(Limits, clock=lambda: 0.0))  # no minute ever passes
        with served(made, recorder) as address:
            yield Chosen(address, recorder)
    recorder.close()
    made.close()


def test_it_answers_to_its_names_only(chosen: Chosen) -> None:
    for host, status in (("ask.example.org", 200), ("ask.example.org:8443", 200), ("evil.example", 400), ("", 400)):
        assert chosen.send("GET", "/healthz", headers={"Host": host}).status_code == status, host


def test_a_page_of_an_allowed_origin_may_read_a_reply_and_no_other(chosen: Chosen) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    allowed = httpx.options(f"{chosen.address}/api/v1/ask", headers={"Origin": INTRANET, **asking})
    assert allowed.headers["access-control-allow-origin"] == INTRANET
    for origin in (ELSEWHERE, "null", f"{INTRANET}.evil.example"):
        refused = httpx.options(f"{chosen.address}/api/v1/ask", headers={"Origin": origin, **asking})
        assert "access-control-allow-origin" not in refused.headers
        assert (
            "access-control-allow-origin"
            not in chosen.send("GET", "/api/v1/documents", headers={"Origin": origin}).headers
        )
    change = {"Origin": INTRANET, "Access-Control-Request-Method": "DELETE"}
    assert httpx.options(f"{chosen.address}/api/v1/documents/x.md", headers=change).status_code == 400
    assert (
        "access-control-allow-origin"
        not in httpx.get(f"{chosen.address}/healthz", headers={"Origin": INTRANET}).headers
    )


def test_even_a_refusal_can_be_read_by_an_allowed_origin(chosen: Chosen) -> None:
    refused = httpx.get(f"{chosen.address}/api/v1/documents", headers={"Origin": INTRANET})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, INTRANET)


def test_frames_are_for_the_ancestors_that_are_set(chosen: Chosen, address: str) -> None:
    here = chosen.send("GET", "/").headers
    assert f"frame-ancestors 'self' {INTRANET}" in here["content-security-policy"]
    assert "x-frame-options" not in here
    default = httpx.get(address).headers
    assert default["content-security-policy"].endswith("frame-ancestors 'self'")
    assert default["x-frame-options"] == "SAMEORIGIN"


def test_every_reply_carries_the_headers(chosen: Chosen) -> None:
    replies = [
        chosen.send("GET", path) for path in ("/", "/api/v1/documents", "/nothing", "/v1/models", "/page/page.css")
    ]
    for reply in [*replies, httpx.get(chosen.address), chosen.send("GET", "/", headers={"Host": "evil.example"})]:
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "unsafe-inline" not in reply.headers["content-security-policy"].partition("style-src")[0]
        assert "server" not in reply.headers


def test_one_caller_asks_so_often_and_no_other_suffers(chosen: Chosen) -> None:
    key = chosen.caller()
    said = [chosen.send("GET", "/api/v1/documents", key=key) for _ in range(25)]
    assert [one.status_code for one in said[:20]] == [200] * 20
    assert said[-1].status_code == 429
    assert 0 < int(said[-1].headers["retry-after"]) <= 3
    assert said[-1].json()["type"] == "/docs#too-many"
    limited = chosen.send("GET", "/v1/models", key=key)
    assert (limited.status_code, limited.json()["error"]["code"]) == (429, "rate_limit_exceeded")
    assert chosen.send("GET", "/api/v1/documents").status_code == 200
    assert chosen.send("GET", "/healthz", key=key).status_code == 200


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    buckets = Buckets(60, lambda: now[0])
    assert [buckets.wait_seconds("a") for _ in range(61)] == [0.0] * 60 + [1.0]
    now[0] = 0.75
    assert buckets.wait_seconds("a") == 0.25
    now[0] = 2.0
    assert [buckets.wait_seconds("a") for _ in range(3)] == [0.0, 0.0, 1.0]
    assert buckets.wait_seconds("b") == 0.0


def test_what_is_too_large_is_not_read(chosen: Chosen) -> None:
    for path, size in (
        ("/gradio_api/queue/join", 5_000_000),
        ("/api/v1/ask", 2_000_000),
        ("/v1/chat/completions", 2_000_000),
        ("/mcp", 2_000_000),
    ):
        sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        assert chosen.send("POST", path, headers=sent, content=b" " * size).status_code == 413, path
    pieces = chosen.send("POST", "/gradio_api/queue/join", content=iter([b"{}"]))
    assert pieces.status_code == 413


def test_a_key_is_in_no_log(chosen: Chosen, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    right = chosen.caller()
    wrong = f"{right[:-8]}{'0' * 8}"
    for key in (right, wrong):
        chosen.send("POST", "/api/v1/ask", key=key, json={"question": "Hvor ofte gives Veltoral?"})
        assert key[-40:] not in chosen.send("GET", "/nothing", key=key).text
    with (tmp_path / "log.jsonl").open("w") as out:
        assert chosen.recorder.log.export(out) >= 1
    told = caplog.text + (tmp_path / "log.jsonl").read_text()
    assert "opens nothing" in told
    assert right[-64:] not in told and wrong[-64:] not in told


@pytest.mark.parametrize(
    "given",
    [
        {"cors_origins": "*"},
        {"cors_origins": "https://x.example/path"},
        {"frame_ancestors": "https://x.example; script-src *"},
        {"allowed_hosts": "*"},
        {"allowed_hosts": "https://x.example"},
        {"sso_proxies": "anywhere"},
        {"sso_user_header": "X User"},
    ],
)
def test_a_setting_that_would_open_too_much_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(given))):
        Settings(**given)  # type: ignore[arg-type]
