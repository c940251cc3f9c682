"""A library that is open stays readable, also for a thread that first reads once its file has gone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.errors import IndexDamagedError
from assistant.retrieval.library import Library


@pytest.fixture
def file(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "veltoral.en.md").write_text("# Veltoral\n\nTake 20 mg in the morning.\n", "utf-8")
    assistant = Assistant(Settings(corpus=corpus, index=tmp_path / "index"))
    assistant.index()
    assistant.close()
    (found,) = (tmp_path / "index").rglob("library.sqlite")
    return found


def test_a_thread_reads_a_replaced_generation_that_another_opened(file: Path) -> None:
    library = Library.open(file)
    file.unlink()
    with ThreadPoolExecutor(1) as other:
        assert "20 mg" in other.submit(library.document, "veltoral.en.md").result().text
    library.close()


def test_without_the_file_nothing_is_opened(file: Path) -> None:
    file.unlink()
    with pytest.raises(IndexDamagedError, match=r"library.sqlite is missing"):
        Library.open(file)
