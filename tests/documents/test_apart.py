"""Files are read and drawn in processes of their own: as they would be here, and what breaks a parser breaks nothing else."""

import pickle
import subprocess
from pathlib import Path

import pytest
from fpdf import FPDF

from assistant.documents import apart
from assistant.documents.apart import Apart
from assistant.documents.model import Document
from assistant.documents.page_image import lay_out, png
from assistant.documents.read import corpus_files, read_document
from assistant.errors import DocumentError, PageImageError

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


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Document]:
    folder = tmp_path_factory.mktemp("pdf")
    made = FPDF()
    made.set_font("Helvetica", size=12)
    made.add_page()
    made.multi_cell(0, 8, "Den anbefalede dosis er 60 mg.")
    made.output(str(folder / "a.pdf"))
    return (folder / "a.pdf").read_bytes(), read_document(folder / "a.pdf", folder)


def test_a_page_is_the_same_as_if_it_were_drawn_here(pdf: tuple[bytes, Document]) -> None:
    data, document = pdf
    reader = Apart(seconds=60, memory_mb=2000)
    assert reader.png(data, "a.pdf", 1) == png(data, "a.pdf", 1)
    assert reader.lay_out(data, document, 1, 4, 20) == lay_out(data, document, 1, 4, 20)
    with pytest.raises(PageImageError, match="the file has 1 pages"):
        reader.png(data, "a.pdf", 2)


def test_a_page_beyond_the_bounds_is_refused_and_the_next_one_drawn(pdf: tuple[bytes, Document]) -> None:
    data, _ = pdf
    with pytest.raises(PageImageError, match=r"more than 0\.0001 s"):
        Apart(seconds=0.0001, memory_mb=2000).png(data, "a.pdf", 1)
    assert Apart(seconds=60, memory_mb=2000).png(data, "a.pdf", 1)


def test_a_parser_that_was_taken_over_sends_nothing_that_runs() -> None:
    class Harm:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return subprocess.getoutput, ("echo harm",)

    with pytest.raises(pickle.UnpicklingError, match="neither"):
        apart._OnlyData(__import__("io").BytesIO(pickle.dumps(Harm()))).load()
