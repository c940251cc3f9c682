"""What benchmarks measure with: the same documents for the same seed, changes where they are meant, honest figures."""

from pathlib import Path

import pytest

from assistant.documents.read import read_document
from assistant.documents.segment import segment
from benchmarks import leaflets
from benchmarks.growth import exponent
from benchmarks.measured import percentile


def test_leaflets_are_the_same_for_a_seed_and_have_as_many_passages_as_asked_for(tmp_path: Path) -> None:
    files = leaflets.write(tmp_path / "one", 60, seed=3)
    again = leaflets.write(tmp_path / "two", 60, seed=3)
    other = leaflets.write(tmp_path / "three", 60, seed=4)
    assert [file.read_text("utf-8") for file in files] == [file.read_text("utf-8") for file in again]
    assert [file.read_text("utf-8") for file in files] != [file.read_text("utf-8") for file in other]
    read = [read_document(file, tmp_path / "one") for file in files]
    assert sum(len(segment(document)) for document in read) == 60
    assert {document.metadata.language for document in read} == {"da", "nl", "en"}


def test_another_edition_differs_in_its_last_paragraph_only() -> None:
    before, now = leaflets.leaflet(7).split("\n\n"), leaflets.leaflet(7, edition=1).split("\n\n")
    assert before[:-1] == now[:-1]
    assert before[-1] != now[-1]


def test_growth_as_fast_as_what_it_depends_on_has_the_exponent_1() -> None:
    assert exponent(2, 20, 10) == pytest.approx(1)
    assert exponent(2, 200, 10) == pytest.approx(2)
    assert exponent(5, 5, 10) == 0
    assert exponent(0, 5, 10) is None


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([5, 1, 3], 0.5) == 3
    assert percentile([1, 2], 0.99) == 2
