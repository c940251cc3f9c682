"""Whether a document is in force on a day, and which one replaces it. Every test passes its day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.model import Metadata
from assistant.documents.validity import Succession, first_day, is_newer, is_same_work, last_day, preference, standing

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
DAY = date(2024, 6, 1)


def meta(**known: str) -> Metadata:
    return Metadata(**known)  # type: ignore[arg-type]


@given(DAYS, DAYS, DAYS)
def test_a_document_is_in_force_from_its_first_day_to_its_last_and_on_no_other(
    one: date, other: date, on: date
) -> None:
    start, end = sorted((one, other))
    stands = standing(meta(valid_from=start.isoformat(), valid_to=end.isoformat()), on)
    expected = "not yet" if on < start else "lapsed" if on > end else "in force"
    assert stands.status == expected
    assert stands.turned == {"not yet": start, "lapsed": end, "in force": None}[expected]
    assert stands.holds == (expected == "in force")


@given(DAYS)
def test_a_coarse_date_runs_from_its_first_day_to_its_last(day: date) -> None:
    for coarse in (f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"):
        first, last = first_day(coarse), last_day(coarse)
        assert first is not None and last is not None
        assert first <= day <= last
        assert not (last + timedelta(days=1)).isoformat().startswith(coarse)
        assert not (first - timedelta(days=1)).isoformat().startswith(coarse)


@pytest.mark.parametrize("text", ["", "in 2023", "2023-13", "2023-02-30", "23"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert first_day(text) is None
    assert last_day(text) is None


def test_nothing_known_says_nothing_and_costs_nothing() -> None:
    assert standing(meta(), DAY).status == ""
    assert preference(meta(), DAY) == 1.0


def test_a_document_in_force_is_preferred_to_one_that_is_not() -> None:
    in_force = preference(meta(valid_from="2024-01-01"), DAY)
    for other in (meta(valid_to="2023-12-31"), meta(valid_from="2025-01-01"), meta(superseded_by="v2")):
        assert 0 < preference(other, DAY) < in_force


def test_a_later_version_of_the_same_reference_replaces_the_earlier_from_its_own_first_day() -> None:
    old = meta(title="Guide", reference="AB-12", version="1", valid_from="2020-01-01")
    new = meta(title="Guide, second version", reference="ab-12", version="2", valid_from="2024-03-01")
    succession = Succession({"old.md": old, "new.md": new})
    assert succession.standing("old.md", date(2024, 2, 29)).status == "in force"
    replaced = succession.standing("old.md", date(2024, 3, 1))
    assert (replaced.status, replaced.turned, replaced.by) == (
        "superseded",
        date(2024, 3, 1),
        "Guide, second version",
    )
    assert succession.standing("new.md", date(2024, 2, 29)).status == "not yet"
    assert succession.replaces("new.md", "old.md")
    assert not succession.replaces("old.md", "new.md")


@pytest.mark.parametrize("called", ["new.md", "AB-13", "The new guide"])
def test_superseded_by_may_name_a_path_a_reference_or_a_title(called: str) -> None:
    old = meta(title="The old guide", superseded_by=called, date="2020-01-01")
    new = meta(title="The new guide", reference="AB-13", date="2024-03-01")
    succession = Succession({"old.md": old, "new.md": new})
    assert succession.standing("old.md", DAY).by == "The new guide"
    assert succession.standing("old.md", date(2023, 1, 1)).status != "superseded"


def test_versions_that_name_each_other_in_a_circle_are_no_endless_walk() -> None:
    one, two = meta(title="One", superseded_by="Two"), meta(title="Two", superseded_by="One")
    succession = Succession({"a": one, "b": two})
    assert succession.standing("a", DAY).by == "Two"
    assert succession.standing("b", DAY).by == "One"


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ({"version": "10"}, {"version": "9"}),
        ({"version": "2.1"}, {"version": "2.0"}),
        ({"version": "rev. B"}, {"version": "rev. A"}),
        ({"valid_from": "2024-01-01"}, {"valid_from": "2023"}),
        ({"date": "2024-01-01"}, {"date": "2023-05"}),
        ({"version": "3", "date": "2020"}, {"version": "2", "date": "2024"}),
    ],
)
def test_version_then_first_day_then_date_decides_which_is_newer(newer: dict[str, str], older: dict[str, str]) -> None:
    one, other = meta(reference="R", **newer), meta(reference="R", **older)
    assert is_newer(one, other)
    assert not is_newer(other, one)


def test_a_translation_that_came_out_later_replaces_nothing() -> None:
    danish = meta(reference="EMA/1/2025", language="da", date="2025-01-10")
    dutch = replace(danish, language="nl", date="2025-03-02")
    assert not is_newer(dutch, danish)
    assert is_newer(replace(dutch, version="2"), replace(danish, version="1"))


def test_a_leaflet_and_a_decision_of_one_number_are_no_versions() -> None:
    leaflet = meta(title="Package leaflet: Ostrava", reference="EU/1/24", date="2024")
    decision = meta(title="Decision on Ostrava", reference="EU/1/24", date="2025")
    assert not is_same_work(leaflet, decision)
    assert not is_newer(decision, leaflet)


@given(st.lists(st.builds(meta, reference=st.sampled_from(["", "R"]), version=st.sampled_from(["", "1", "2"]),
                          valid_from=st.sampled_from(["", "2020", "2024"]), date=st.sampled_from(["", "2021", "2023"]),
                          superseded_by=st.sampled_from(["", "d0", "d1", "R", "elsewhere"])), max_size=4), DAYS)  # fmt: skip
def test_every_document_stands_somehow_and_none_replaces_itself(documents: list[Metadata], on: date) -> None:
    known = {f"d{n}": one for n, one in enumerate(documents)}
    succession = Succession(known)
    for id_ in known:
        assert 0 < succession.preference(id_, on) <= 1
        assert not succession.replaces(id_, id_)
        assert not any(is_newer(known[id_], other) and is_newer(other, known[id_]) for other in documents)
