"""A page of a PDF as a picture, and where on it a span of the document's text stands."""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from assistant.documents.model import Document
from assistant.documents.readers.pdf import PDFIUM
from assistant.errors import PageImageError

_LONGEST = 1600  # pixels of the longer side, however large the page is
_SHORTEST = 40  # pixels of the shorter side; a page narrower than this shows nothing
_GRID = 100_000  # device units that a page is laid over, for places in percent

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a page, in percent of its width and height, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is shaped, and where on it a span stands, line by line."""

    width: float  # in points, as the page is turned when shown
    height: float
    areas: tuple[Area, ...]


def lay_out(data: bytes, document: Document, page: int, start: int, end: int) -> Layout:
    """Where `document.text[start:end]` stands on a page, from 1; what of it stands on another is left out.

    Args:
        data: the file that the document was read from.

    Raises:
        PageImageError: the file has no such page, or the span has no place on it.
    """
    return lay_out_boxes(data, document.id, page, boxes_of(document, page, start, end))


def lay_out_boxes(data: bytes, document_id: str, page: int, boxes: Sequence[Box]) -> Layout:
    """The same for a span of which the boxes are known; see `boxes_of`.

    Raises:
        PageImageError: the file has no such page, or there are no boxes.
    """
    with _page(data, document_id, page) as shown:
        width, height = shown.get_size()
        areas = tuple(_area(shown, line) for line in _lines(boxes))
    if not areas:
        raise PageImageError(document_id, page, "it is not known where on it the sentence stands")
    return Layout(width, height, areas)


def png(data: bytes, document_id: str, page: int) -> bytes:
    """A page, from 1, as a PNG image of at most 1600 by 1600 pixels.

    Raises:
        PageImageError: the file has no such page, or it cannot be drawn.
    """
    import pypdfium2 as pdfium

    with _page(data, document_id, page) as shown:
        width, height = shown.get_size()
        scale = _LONGEST / max(width, height)
        if min(width, height) * scale < _SHORTEST:
            raise PageImageError(document_id, page, "it is too narrow to be drawn")
        try:
            drawn = shown.render(scale=scale * 0.999)  # sizes are rounded up
        except pdfium.PdfiumError as error:
            raise PageImageError(document_id, page, "it cannot be drawn") from error
        image = BytesIO()
        drawn.to_pil().save(image, "PNG")
        drawn.close()
    return image.getvalue()


@contextmanager
def _page(data: bytes, document_id: str, page: int) -> Iterator[Any]:
    import pypdfium2 as pdfium

    with PDFIUM:
        try:
            pdf = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise PageImageError(document_id, page, "the file is no readable PDF") from error
        try:
            if not 1 <= page <= len(pdf):
                raise PageImageError(document_id, page, f"the file has {len(pdf)} pages")
            yield pdf[page - 1]
        except pdfium.PdfiumError as error:
            raise PageImageError(document_id, page, "it is broken") from error
        finally:
            pdf.close()


def boxes_of(document: Document, page: int, start: int, end: int) -> list[Box]:
    """The boxes of a span's characters on one page, in reading order; white space has none."""
    import numpy as np

    if not document.boxes or not 1 <= page <= len(document.pages):
        return []
    first = max(start, document.pages[page - 1])
    last = min(end, document.pages[page] if page < len(document.pages) else len(document.text))
    places = np.frombuffer(document.boxes, dtype=np.float32).reshape(-1, 4)[first : max(first, last)]
    return [(left, bottom, right, top) for left, bottom, right, top in places.tolist() if right > left and top > bottom]


def _lines(boxes: Sequence[Box]) -> list[Box]:
    """One box for each stretch of characters that share a line: they overlap in height and run onwards."""
    lines: list[Box] = []
    for box in boxes:
        left, bottom, right, top = box
        if lines:
            l0, b0, r0, t0 = lines[-1]
            shared = min(t0, top) - max(b0, bottom)
            near = left - r0 < 4 * (t0 - b0)  # not the next column
            if shared > 0.3 * min(t0 - b0, top - bottom) and near and right > l0:
                lines[-1] = (min(l0, left), min(b0, bottom), max(r0, right), max(t0, top))
                continue
        lines.append(box)
    return lines


def _area(page: Any, box: Box) -> Area:
    left, bottom, right, top = box
    (x0, y0), (x1, y1) = _placed(page, left, top), _placed(page, right, bottom)
    return Area(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))


def _placed(page: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the page's own space, in percent of the page as it is shown: cropped and turned."""
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return 100 * across.value / _GRID, 100 * down.value / _GRID
