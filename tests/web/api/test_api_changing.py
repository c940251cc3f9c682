"""Documents put, removed and restored over HTTP; the index follows, once a change and never for nothing."""

import time
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
from api_served import AWKWARD, HIDDEN, LEAFLET, Api

from assistant.access import Caller

BRUXAMIN = b"---\ntitle: Bruxamin, leaflet\nlanguage: en\n---\nThe recommended dose of Bruxamin is 30 mg once a week.\n"
OTHER = BRUXAMIN.replace(b"30 mg", b"45 mg")
CURATOR = Caller("c", role="curator")


def put(api: Api, name: str, data: bytes, query: str = "", **headers: str) -> httpx.Response:
    return api.client.put(f"/api/v1/documents/{quote(name)}{query}", content=data, headers=headers)


def settled(api: Api) -> dict[str, object]:
    """The index, once nothing is on its way."""
    until = time.monotonic() + 100
    while (now := api.client.get("/api/v1/index").json())["state"] == "running":
        assert time.monotonic() < until, "indexing does not end"
        time.sleep(0.1)
    return now


def answer(api: Api) -> str:
    asked = {"question": "What is the recommended dose of Bruxamin?"}
    return str(api.client.post("/api/v1/ask", json=asked).json()["answer"])


@pytest.mark.parametrize("name", ["bruxamin.en.md", "Bruxamin 100% æøå #1.en.md"])
def test_a_document_that_is_put_is_answered_from(own: Api, name: str) -> None:
    sent = put(own, name, BRUXAMIN)
    assert (sent.status_code, sent.json()["came"]) == (201, "created")
    assert settled(own)["state"] == "done"
    assert "30 mg once a week" in answer(own)
    read = own.client.get(sent.headers["location"])
    assert read.json()["text"].encode() == BRUXAMIN
    assert read.headers["etag"] == sent.headers["etag"]


def test_the_same_document_once_more_changes_nothing(own: Api) -> None:
    first = put(own, "bruxamin.en.md", BRUXAMIN)
    generation = settled(own)["generation"]
    again = put(own, "bruxamin.en.md", BRUXAMIN)
    assert (again.status_code, again.json()["came"]) == (200, "unchanged")
    assert again.headers["etag"] == first.headers["etag"]
    assert settled(own)["generation"] == generation
    assert not (own.corpus / ".removed").exists()


def test_another_document_takes_a_name_only_knowingly(own: Api) -> None:
    known = put(own, "bruxamin.en.md", BRUXAMIN).headers["etag"]
    assert put(own, "bruxamin.en.md", OTHER).status_code == 409
    assert put(own, "bruxamin.en.md", OTHER, **{"If-Match": '"another"'}).status_code == 412
    assert put(own, "nothing.en.md", OTHER, **{"If-Match": known}).status_code == 412
    assert (own.corpus / "bruxamin.en.md").read_bytes() == BRUXAMIN
    assert not (own.corpus / "nothing.en.md").exists()
    replaced = put(own, "bruxamin.en.md", OTHER, **{"If-Match": known})
    assert (replaced.status_code, replaced.json()["came"]) == (200, "replaced")
    back = put(own, "bruxamin.en.md", BRUXAMIN, "?replace=true")
    assert (back.status_code, back.json()["came"]) == (200, "replaced")
    assert (own.corpus / "bruxamin.en.md").read_bytes() == BRUXAMIN


def test_a_document_that_is_removed_can_be_restored(own: Api) -> None:
    at = f"/api/v1/documents/{quote(AWKWARD)}"
    removed = own.client.delete(at)
    assert removed.status_code == 200
    settled(own)
    assert own.client.get(at).status_code == own.client.delete(at).status_code == 404
    assert own.client.post(f"{at}/restore?token=20250101T000000Z-00000000").status_code == 404
    elsewhere = f"/api/v1/documents/veltoral.da.md/restore?token={removed.json()['token']}"
    assert own.client.post(elsewhere).status_code == 404
    back = own.client.post(removed.json()["restore"])
    assert back.json() == {"id": AWKWARD, "href": at}
    settled(own)
    assert own.client.get(at).status_code == 200
    assert own.client.post(removed.json()["restore"]).json()["type"] == "/docs#no-token"


@pytest.mark.parametrize(
    ("name", "data", "status", "kind"),
    [
        ("bruxamin.exe", BRUXAMIN, 415, "media-type"),
        ("bruxamin.en.md", b"", 422, "unreadable"),
        ("bruxamin.en.md", b"a" * 1_000_001, 413, "too-large"),
        ("bruxamin.pdf", BRUXAMIN, 422, "unreadable"),
        ("folder/bruxamin.md", BRUXAMIN, 422, "unreadable"),
        ("../bruxamin.md", BRUXAMIN, 422, "unreadable"),
        (".md", BRUXAMIN, 415, "media-type"),
        ("README.md", BRUXAMIN, 422, "unreadable"),
        ("veltoral.da.md/restore", BRUXAMIN, 415, "media-type"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(
    api: Api, name: str, data: bytes, status: int, kind: str
) -> None:
    before = sorted(api.corpus.rglob("*"))
    refused = api.client.put(f"/api/v1/documents/{quote(name, safe='')}", content=data)
    assert (refused.status_code, refused.json()["type"]) == (status, f"/docs#{kind}")
    assert sorted(api.corpus.rglob("*")) == before


def test_the_last_document_stays(own: Api) -> None:
    for name in (AWKWARD, HIDDEN):
        assert own.client.delete(f"/api/v1/documents/{quote(name)}").status_code == 200
    last = own.client.delete("/api/v1/documents/veltoral.da.md")
    assert (last.status_code, last.json()["type"]) == (409, "/docs#last")
    settled(own)


CHANGES: list[Callable[[httpx.Client], httpx.Response]] = [
    lambda client: client.put("/api/v1/documents/bruxamin.en.md", content=BRUXAMIN),
    lambda client: client.delete("/api/v1/documents/veltoral.da.md"),
    lambda client: client.post("/api/v1/documents/veltoral.da.md/restore?token=x"),
    lambda client: client.post("/api/v1/index"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_reader_changes_nothing(api: Api, change: Callable[[httpx.Client], httpx.Response]) -> None:
    api.caller = Caller("r")
    refused = change(api.client)
    assert (refused.status_code, refused.json()["type"]) == (403, "/docs#forbidden")
    assert (api.corpus / "veltoral.da.md").read_text("utf-8") == LEAFLET


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_elsewhere_changes_nothing(api: Api, change: Callable[[httpx.Client], httpx.Response]) -> None:
    with httpx.Client(base_url=api.client.base_url, headers={"Origin": "https://elsewhere.example"}) as foreign:
        assert change(foreign).status_code == 403
    with httpx.Client(base_url=api.client.base_url, headers={"Sec-Fetch-Site": "cross-site"}) as foreign:
        assert change(foreign).status_code == 403
    assert (api.corpus / "veltoral.da.md").read_text("utf-8") == LEAFLET


def test_a_curator_may_change_and_it_is_written_down(own: Api) -> None:
    own.caller = CURATOR
    assert put(own, "bruxamin.en.md", BRUXAMIN).status_code == 201
    assert own.client.delete("/api/v1/documents/bruxamin.en.md").status_code == 200
    started = own.client.post("/api/v1/index")
    assert (started.status_code, started.headers["location"]) == (202, "/api/v1/index")
    settled(own)
    written = [(entry.kind, entry.who, entry.subject) for entry in own.recorder.log.entries()]
    assert written == [("upload", "c", "bruxamin.en.md"), ("remove", "c", "bruxamin.en.md"), ("index", "c", "")]


def test_a_curator_neither_replaces_nor_removes_what_they_may_not_read(api: Api) -> None:
    api.caller = CURATOR
    before = (api.corpus / HIDDEN).read_bytes()
    assert put(api, HIDDEN, BRUXAMIN, "?replace=true").status_code == 409
    assert put(api, HIDDEN, before).status_code == 409  # the same file is not told to be the same
    assert put(api, HIDDEN, BRUXAMIN, **{"If-Match": "*"}).status_code == 412
    assert api.client.delete(f"/api/v1/documents/{HIDDEN}").status_code == 404
    assert (api.corpus / HIDDEN).read_bytes() == before
