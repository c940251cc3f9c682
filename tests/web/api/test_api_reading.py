"""Documents, spans, passages and disagreements over HTTP: what is said of a text is true of it."""

from datetime import date
from urllib.parse import quote

import pytest
from api_served import AWKWARD, DOCUMENTS, Api


def test_the_list_goes_on_page_by_page(api: Api) -> None:
    seen, at = [], "/api/v1/documents?limit=2"
    while at:
        part = api.client.get(at).json()
        assert part["total"] == len(DOCUMENTS)
        seen += [one["id"] for one in part["documents"]]
        at = part["next"]
    assert seen == sorted(DOCUMENTS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=veltoral", ["oversigt æøå/veltoral 100%.nl.md", "veltoral.da.md"]),
        ("q=OVERZICHT", [AWKWARD]),
        ("language=en", ["tersimol.en.md"]),
        ("publisher=Styrelsen", ["veltoral.da.md"]),
        ("publisher=Styrelsen&language=nl", []),
    ],
)
def test_the_list_is_of_what_is_asked_for(api: Api, query: str, found: list[str]) -> None:
    part = api.client.get(f"/api/v1/documents?{query}").json()
    assert [one["id"] for one in part["documents"]] == found
    assert part["total"] == len(found)


def test_how_a_document_stands_is_said_for_the_day(api: Api) -> None:
    for day, status in (("2024-12-31", "not yet"), (date.today().isoformat(), "in force")):
        listed = api.client.get("/api/v1/documents", params={"q": "indlægsseddel", "as_of": day}).json()
        assert [one["status"] for one in listed["documents"]] == [status]


@pytest.mark.parametrize("escaped", [quote(AWKWARD), quote(AWKWARD, safe="")])
def test_a_document_is_read_whole_whatever_it_is_called(api: Api, escaped: str) -> None:
    read = api.client.get(f"/api/v1/documents/{escaped}")
    assert read.json()["text"] == DOCUMENTS[AWKWARD]
    assert api.client.get(read.json()["href"]).json() == read.json()
    again = api.client.get(read.json()["href"], headers={"If-None-Match": read.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_span_is_the_text_that_stands_there(api: Api) -> None:
    text = DOCUMENTS[AWKWARD]
    start = text.index("389 vrouwen")
    said = api.client.get(f"/api/v1/documents/{quote(AWKWARD)}/spans/{start}-{start + 11}?around=12").json()
    assert said["text"] == "389 vrouwen"
    assert said["before"] == text[start - 12 : start]
    assert said["after"] == text[start + 11 : start + 23]
    assert said["section"] == "Veltoral"


@pytest.mark.parametrize("span", ["5-5", "7-3", "0-100000", "-1-3", "a-b", "5", "0-" + "9" * 5000])
def test_a_span_that_is_none_is_said_to_be_none(api: Api, span: str) -> None:
    reply = api.client.get(f"/api/v1/documents/veltoral.da.md/spans/{span}")
    assert reply.status_code in (404, 422)
    assert reply.headers["content-type"] == "application/problem+json"


def test_passages_are_found_with_their_spans(api: Api) -> None:
    found = api.client.get("/api/v1/passages", params={"q": "Hvor ofte gives Veltoral?"}).json()
    best = found["passages"][0]
    assert "hver 4. uge" in best["sentences"][best["best"]]["text"]
    assert found["searched"] == len(DOCUMENTS)
    assert [one["score"] for one in found["passages"]] == sorted((p["score"] for p in found["passages"]), reverse=True)
    for passage in found["passages"]:
        assert DOCUMENTS[passage["path"]][passage["start"] : passage["end"]] == passage["text"]
        assert api.client.get(passage["href"]).json()["text"] == passage["text"]
        for sentence in passage["sentences"]:
            assert passage["start"] <= sentence["start"] < sentence["end"] <= passage["end"]


def test_passages_come_from_among_the_documents_asked_for(api: Api) -> None:
    found = api.client.get("/api/v1/passages", params={"q": "Veltoral", "language": ["nl", "en"], "limit": 50}).json()
    assert {passage["path"] for passage in found["passages"]} <= {AWKWARD, "tersimol.en.md"}
    assert found["searched"] == 2


def test_where_documents_disagree_is_listed_for_the_day(api: Api) -> None:
    found = api.client.get("/api/v1/audit").json()
    values = [{side["value"] for side in one["sides"]} for one in found["disagreements"]]
    assert {"412 kvinder", "389 vrouwen"} in values
    assert found["total"] == len(found["disagreements"])
    for side in found["disagreements"][0]["sides"]:
        cited = side["citation"]
        assert DOCUMENTS[cited["path"]][cited["start"] : cited["end"]] == cited["quote"]
    before = api.client.get("/api/v1/audit?as_of=2024-12-31").json()  # the leaflet did not hold yet
    assert before == {"disagreements": [], "total": 0, "next": None}
