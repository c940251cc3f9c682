"""Files are read in a process of their own: as they would be here, and what breaks a parser breaks nothing else."""

import pickle
import subprocess
from pathlib import Path

import pytest

from assistant.documents import apart
from assistant.documents.apart import Apart
from assistant.documents.read import corpus_files, read_document
from assistant.errors import DocumentError

DATA = Path(__file__).parents[1] / "data" / "veltoral"
LARGE = "<p>Den anbefalede dosis af Veltoral er <b>60 mg</b> én gang hver 4. uge.</p>\n" * 60_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    (folder / "large.html").write_text(LARGE, "utf-8")
    (folder / "small.txt").write_text("Den anbefalede dosis af Veltoral er 60 mg.", "utf-8")
    return folder


def test_a_document_is_the_same_as_if_it_were_read_here() -> None:
    reader = Apart(seconds=60, memory_mb=2000)
    files = corpus_files(DATA)
    assert files
    for file in files:
        assert reader.read(file, DATA, max_file_mb=50) == read_document(file, DATA)


def test_an_error_is_the_same_as_if_it_were_read_here(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", "utf-8")
    with pytest.raises(DocumentError) as here:
        read_document(tmp_path / "empty.txt", tmp_path)
    with pytest.raises(DocumentError) as there:
        Apart(seconds=60, memory_mb=2000).read(tmp_path / "empty.txt", tmp_path, max_file_mb=50)
    assert (str(there.value), there.value.trouble) == (str(here.value), "empty")


@pytest.mark.parametrize(("bounds", "said"), [((0.05, 2000), "more than 0.05 s"), ((60, 8), "more than 8 MB")])
def test_a_file_beyond_the_bounds_is_refused_and_the_next_one_read(
    large: Path, bounds: tuple[float, int], said: str
) -> None:
    seconds, memory = bounds
    with pytest.raises(DocumentError, match=said):
        Apart(seconds=seconds, memory_mb=memory).read(large / "large.html", large, max_file_mb=50)
    assert "60 mg" in Apart(seconds=60, memory_mb=memory).read(large / "small.txt", large, max_file_mb=50).text


def test_a_parser_that_was_taken_over_sends_nothing_that_runs() -> None:
    class Harm:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return subprocess.getoutput, ("echo harm",)

    with pytest.raises(pickle.UnpicklingError, match="neither"):
        apart._OnlyDocuments(__import__("io").BytesIO(pickle.dumps(Harm()))).load()
