"""A page of a PDF is drawn, bounded in size, and a span of its text is found on it."""

from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

from assistant.documents.model import Document
from assistant.documents.page_image import lay_out, png
from assistant.documents.read import read_document
from assistant.errors import PageImageError

CITED = "Den anbefalede dosis er 60 mg hver 6. måned."


def made(root: Path, *pages: str, size: tuple[float, float] = (595, 842), turned: int = 0) -> tuple[bytes, Document]:
    pdf = FPDF(unit="pt", format=size)
    pdf.set_font("Helvetica", size=12)
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(0, 18, text)
    data = bytes(pdf.output())
    if turned:
        import pypdfium2 as pdfium

        opened, out = pdfium.PdfDocument(data), BytesIO()
        opened[0].set_rotation(turned)
        opened.save(out)
        data = out.getvalue()
    (root / "a.pdf").write_bytes(data)
    return data, read_document(root / "a.pdf", root)


def ink(data: bytes, box: tuple[float, float, float, float]) -> float:
    """How much of a part of page 1, in percent of it, is dark."""
    image = Image.open(BytesIO(png(data, "a.pdf", 1))).convert("L")
    left, top, right, bottom = box
    part = image.crop(
        (
            int(left * image.width / 100),
            int(top * image.height / 100),
            int(right * image.width / 100) + 1,
            int(bottom * image.height / 100) + 1,
        )
    )
    return sum(part.histogram()[:128]) / (part.width * part.height)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_areas_of_a_span_lie_over_its_ink(tmp_path: Path, turned: int) -> None:
    data, document = made(tmp_path, f"Veltoral\n\n\n\n{CITED}\n\n\n\nOpbevares køligt.", turned=turned)
    start = document.text.index(CITED)
    layout = lay_out(data, document, 1, start, start + len(CITED))
    assert (layout.width > layout.height) == (turned in (90, 270))
    (area,) = layout.areas
    around = (area.left, area.top, area.left + area.width, area.top + area.height)
    assert ink(data, around) > 0.1
    beside = (around[0], around[3] + 0.5, around[2], around[3] + 1.5)
    below = (around[2] + 0.5, around[1], around[2] + 1.5, around[3])
    assert ink(data, beside if turned in (0, 180) else below) == 0


def test_a_span_over_two_lines_has_an_area_on_each(tmp_path: Path) -> None:
    data, document = made(tmp_path, "Den anbefalede dosis er\n60 mg hver 6. måned.")
    first, second = lay_out(data, document, 1, 0, len(document.text)).areas
    assert first.top + first.height <= second.top
    assert first.left == pytest.approx(second.left, abs=1)


def test_of_a_span_over_two_pages_each_shows_its_own(tmp_path: Path) -> None:
    data, document = made(tmp_path, "Den anbefalede dosis er", "60 mg hver 6. måned.")
    one = lay_out(data, document, 1, 0, len(document.text)).areas
    two = lay_out(data, document, 2, 0, len(document.text)).areas
    assert len(one) == len(two) == 1
    with pytest.raises(PageImageError, match="where on it the sentence stands"):
        lay_out(data, document, 2, 0, 5)


@pytest.mark.parametrize("size", [(595, 842), (120, 160), (14000, 9000)])
def test_an_image_is_bounded_however_large_the_page(tmp_path: Path, size: tuple[float, float]) -> None:
    data, _ = made(tmp_path, "A", size=size)
    image = Image.open(BytesIO(png(data, "a.pdf", 1)))
    assert 1500 < max(image.size) <= 1600


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_page_that_is_not_there_is_refused(tmp_path: Path, page: int) -> None:
    data, _ = made(tmp_path, "A", "B")
    with pytest.raises(PageImageError, match=r"There is no image of page .* the file has 2 pages"):
        png(data, "a.pdf", page)


def test_a_file_that_is_no_pdf_is_refused() -> None:
    with pytest.raises(PageImageError, match="no readable PDF"):
        png(b"not a PDF", "a.pdf", 1)
