"""Who calls is told by a key or by the proxy that signs people in, and by nothing else; then every door heeds it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import httpx2
import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import Client
from openai import AuthenticationError, OpenAI
from serving import served

from assistant import Assistant, Settings
from assistant.records.keys import KeyStore
from assistant.records.recorder import Recorder

PROXY, SOMEBODY = "127.0.0.2", "127.0.0.3"
# Each document has a word of its own in its name, its title and its text.
DOCUMENTS = {
    "veltoral.da.md": ("", "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."),
    "grelmin.da.md": ("a", "Den anbefalede dosis af Veltoral er 75 mg én gang hver 4. uge ifølge Grelmin."),
    "ombrevan.nl.md": ("a, b", "De aanbevolen dosering van Ombrevan is 12 mg per dag."),
    "tersimol.en.md": ("c", "The price of Tersimol is 1,116 kr. per package."),
    "plimfor.pdf": ("b", "Plimfor is kept in the cellar of the house."),
}
WORDS = {name: name.partition(".")[0].capitalize() for name in DOCUMENTS}
QUESTIONS = (
    "Hvor meget Veltoral skal man have?",
    "Wat is de aanbevolen dosering?",
    "What does a package cost?",
    "Where is it kept?",
)


@dataclass
class House:
    """A server on which people sign in at a proxy and programs have keys."""

    address: str
    keys: KeyStore
    recorder: Recorder

    def get(self, path: str, headers: dict[str, str] | None = None, *, sender: str = SOMEBODY) -> httpx.Response:
        return self.send("GET", path, headers, sender=sender)

    def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, *, sender: str = SOMEBODY, **more: object
    ) -> httpx.Response:
        with httpx.Client(transport=httpx.HTTPTransport(local_address=sender), timeout=120) as client:
            return client.request(method, self.address + path, headers=headers, **more)  # type: ignore[arg-type]


def person(groups: str = "", name: str = "anna") -> dict[str, str]:
    return {"X-Forwarded-User": name, "X-Forwarded-Groups": groups}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("house")
    (folder / "corpus").mkdir()
    for name, (access, text) in DOCUMENTS.items():
        about = f"title: {WORDS[name]}\naccess: [{access}]\n"
        place = folder / "corpus" / name
        if name.endswith(".pdf"):
            pdf = FPDF()
            pdf.add_page()
            pdf.set_font("Helvetica", size=14)
            pdf.write(text=text)
            pdf.output(str(place))
            place.with_name("plimfor.meta.yaml").write_text(f"{about}language: en\n", "utf-8")
        else:
            place.write_text(f"---\n{about}language: {name[-5:-3]}\n---\n# {WORDS[name]}\n\n{text}\n", "utf-8")
    chosen = Settings(
        corpus=folder / "corpus",
        index=folder / "index",
        records_folder=folder / "records",
        sso_proxies=(PROXY,),
        sso_curators=("editors",),
        sso_admins=("keepers",),
    )
    assistant = Assistant(chosen)
    assistant.index()
    recorder = Recorder.open(assistant)
    with served(assistant, recorder) as address:
        yield House(address, KeyStore(recorder.log.records), recorder)
    recorder.close()
    assistant.close()


PATHS = ("/", "/api/v1/documents", "/v1/models", "/mcp", "/library/documents", "/metrics", "/docs", "/gradio_api/info")


@pytest.mark.parametrize("path", PATHS)
def test_nobody_in_particular_gets_in(house: House, path: str) -> None:
    refused = house.get(path)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith(("Bearer", "Basic"))
    assert "key" in refused.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/page/page.css"])
def test_whether_it_is_well_anybody_may_know(house: House, path: str) -> None:
    assert house.get(path).status_code == 200


def test_the_proxy_says_who_calls(house: House) -> None:
    assert house.get("/api/v1/documents", person(), sender=PROXY).json()["total"] == 1
    assert house.get("/api/v1/documents", person("a, c"), sender=PROXY).json()["total"] == 4
    assert house.get("/", person(), sender=PROXY).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        person("keepers"),
        {**person("keepers"), "X-Forwarded-For": PROXY, "X-Real-IP": PROXY, "Forwarded": f"for={PROXY}"},
    ],
)
def test_nobody_else_does(house: House, headers: dict[str, str]) -> None:
    assert house.get("/api/v1/documents", headers).status_code == 401


@pytest.mark.parametrize("name", ["", "key:intranet", "x" * 201])
def test_a_name_that_is_none_signs_nobody_in(house: House, name: str) -> None:
    assert house.get("/api/v1/documents", person(name=name), sender=PROXY).status_code == 401


def test_two_names_sign_nobody_in(house: House) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=PROXY)) as client:
        names = [("X-Forwarded-User", "anna"), ("X-Forwarded-User", "boss")]
        assert client.get(f"{house.address}/api/v1/documents", headers=names).status_code == 401


def test_a_key_opens_every_door_to_what_it_is_for(house: House) -> None:
    kept, key = house.keys.create("intranet", groups=["b"])
    sent = {"Authorization": f"Bearer {key}"}
    assert house.get("/api/v1/documents", sent).json()["total"] == 3
    client = OpenAI(base_url=f"{house.address}/v1", api_key=key, max_retries=0)
    asked = [{"role": "user", "content": "Wat is de aanbevolen dosering van Ombrevan?"}]
    said = client.chat.completions.create(model="assistant", messages=asked)  # type: ignore[arg-type]
    assert "12 mg" in (said.choices[0].message.content or "")
    assert asyncio.run(_listed(house, sent)) == {"veltoral.da.md", "ombrevan.nl.md", "plimfor.pdf"}
    assert house.get("/", {"Authorization": httpx.BasicAuth("", key)._auth_header}).status_code == 200
    assert house.recorder.log.find("ask", said.model_extra["assistant"]["answer_id"]).who == "key:intranet"  # type: ignore[index,union-attr]
    house.keys.revoke(kept.id)
    assert house.get("/api/v1/documents", sent).status_code == 401
    with pytest.raises(AuthenticationError):
        client.models.list()


def test_a_key_that_opens_nothing_is_not_made_good_by_a_proxy(house: House) -> None:
    sent = {"Authorization": f"Bearer ask_{'0' * 12}_{'0' * 64}", **person("keepers")}
    assert house.get("/api/v1/documents", sent, sender=PROXY).status_code == 401


async def _listed(house: House, headers: dict[str, str]) -> set[str]:
    from mcp.client.streamable_http import streamable_http_client

    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{house.address}/mcp", http_client=http)) as client,  # type: ignore[arg-type]
    ):
        reply = await client.call_tool("list_documents", {})
        return {one["path"] for one in reply.structured_content["documents"]}  # type: ignore[index]


OWN = {"Sec-Fetch-Site": "same-origin"}
CURATORS = [
    ("PUT", "/api/v1/documents/new.md"),
    ("DELETE", "/api/v1/documents/nothing.md"),
    ("POST", "/api/v1/index"),
    ("POST", "/library/files?name=new.exe"),
    ("POST", "/library/remove?id=nothing.md"),
    ("POST", "/library/restore?token=x"),
]


@pytest.mark.parametrize(("method", "path"), CURATORS)
def test_only_a_curator_changes_anything(house: House, method: str, path: str) -> None:
    assert house.send(method, path, {**person("a, b, c"), **OWN}, sender=PROXY).status_code == 403
    assert house.send(method, path, {**person("editors"), **OWN}, sender=PROXY).status_code not in (401, 403, 500)


@pytest.mark.parametrize("path", ["/api/v1/log", "/metrics"])
def test_only_an_admin_reads_the_log(house: House, path: str) -> None:
    for groups in ("a, b, c", "editors"):
        assert house.get(path, person(groups), sender=PROXY).status_code == 403
    assert house.get(path, person("keepers"), sender=PROXY).status_code == 200


def test_the_log_is_read_on_from_where_it_was_left(house: House) -> None:
    for name in ("one", "two", "three"):
        house.recorder.happened("index", door="cli", who=name)
    first = house.get("/api/v1/log?kind=index&limit=1", person("keepers"), sender=PROXY).json()
    rest = house.get(f"/api/v1/log?kind=index&after={first['next']}", person("keepers"), sender=PROXY).json()
    assert rest["next"] is None
    assert [entry["who"] for entry in rest["entries"]][-2:] == ["two", "three"]


def everything_told(house: House, groups: str) -> str:
    """What the page, the API, /v1 and /mcp tell a person, of every document by name and of every question."""
    told: list[str] = []

    def ask(method: str, path: str, **more: object) -> None:
        reply = house.send(
            method, path, {**person(groups), "Accept": "application/json, text/event-stream"}, sender=PROXY, **more
        )
        assert reply.status_code < 500
        told.append(reply.text)

    def call(tool: str, **arguments: object) -> None:
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        ask("POST", "/mcp", json=body)

    for path in (
        "/library/documents",
        "/library/disagreements",
        "/api/v1/documents",
        "/api/v1/audit",
        "/api/v1/index",
        "/v1/models",
    ):
        ask("GET", path)
    for name in DOCUMENTS:
        id_ = quote(name)
        for path in (
            f"/library/document?id={id_}",
            f"/page-image/{id_}/1.png",
            f"/api/v1/documents/{id_}",
            f"/api/v1/documents/{id_}/spans/0-9",
        ):
            reply = house.get(path, person(groups), sender=PROXY)
            told.append(
                f"image of {WORDS[name]}" if "png" in reply.headers["content-type"] else reply.text.replace(name, "")
            )
    for question in QUESTIONS:
        ask("POST", "/api/v1/ask", json={"question": question})
        ask(
            "POST",
            "/v1/chat/completions",
            json={"model": "assistant", "messages": [{"role": "user", "content": question}]},
        )
        ask("GET", "/api/v1/passages?q=" + quote(question))
        call("search_passages", query=question)
    for tool in ("list_documents", "list_conflicts"):
        call(tool)
    return "\n".join(told)


def tells_only_what_may_be_read(house: House, groups: set[str]) -> None:
    told = everything_told(house, ", ".join(sorted(groups))).lower()
    for name, (access, _) in DOCUMENTS.items():
        may = not access or bool(groups & set(access.split(", ")))
        assert (WORDS[name].lower() in told) == may, (name, groups)
    assert (
        f'"total":{sum(not access or bool(groups & set(access.split(", "))) for access, _ in DOCUMENTS.values())}'
        in told
    )


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(["a", "b", "c", "d"])))
def test_a_document_one_may_not_read_shows_at_no_door(house: House, groups: set[str]) -> None:
    tells_only_what_may_be_read(house, groups)


def test_that_would_be_seen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the filter, the walk above finds what it looks for."""
    unfiltered: Callable[..., Assistant] = lambda self, caller: self  # noqa: E731
    monkeypatch.setattr(Assistant, "seen_by", unfiltered)
    with pytest.raises(AssertionError):
        tells_only_what_may_be_read(house, {"d"})


def test_on_this_machine_nobody_signs_in_but_nothing_comes_through_a_proxy(assistant: Assistant, address: str) -> None:
    assert httpx.get(f"{address}/api/v1/index").status_code == 200
    for header in ("X-Forwarded-For", "Forwarded", "X-Forwarded-User"):
        refused = httpx.get(f"{address}/api/v1/index", headers={header: "10.0.0.1"})
        assert refused.status_code == 401
        assert "sso_proxies" in json.loads(refused.text)["detail"]
