"""A packed word list is searched where it lies, and says what a dictionary of it would."""

import lzma
from pathlib import Path

import pytest

from assistant.documents.word_table import FOLDER, WordTable


@pytest.mark.parametrize("name", ["glossary.tsv.xz", "unigrams.tsv.xz"])
def test_every_line_is_found_and_nothing_else(name: str) -> None:
    table = WordTable(FOLDER / name)
    rows = [line.split("\t") for line in lzma.decompress((FOLDER / name).read_bytes()).decode("utf-8").splitlines()]
    assert [row for row in rows if table.get(*row[:-1]) != row[-1]] == []
    assert [word for word in ("", "\0", "\ud800", "ÿÿ", "zzzzzzzz", "a\tb") if table.get("da", word) is not None] == []
    assert table.get("", "") is table.get("xx", "a") is None


def test_an_empty_list_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "none.xz").write_bytes(lzma.compress(b""))
    assert WordTable(tmp_path / "none.xz").get("a") is None
