"""PDF: the text of all pages, with a box for every character."""

import re
from pathlib import Path
from typing import Any

from assistant.documents.model import Extracted, Metadata
from assistant.errors import DocumentError

PAGE_BREAK = "\n\f\n"  # between two pages
_HYPHEN = "\u00ad"  # what pdfium's mark for a hyphen at a line's end becomes: repair joins the word there


def read(path: Path, data: bytes) -> Extracted:
    """Read a PDF file; pages are separated by `PAGE_BREAK`.

    Raises:
        DocumentError: it needs a password, is broken, or has no text.
    """
    import numpy as np
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise DocumentError(path, "it is encrypted", "Save it without a password") from error
        raise DocumentError(path, "it is no readable PDF", "Open it in a PDF program and save it again") from error
    text, pages = "", list[int]()
    boxes: list[tuple[float, float, float, float]] = []
    try:
        for page in pdf:
            if pages:
                text += PAGE_BREAK
                boxes += [(0.0, 0.0, 0.0, 0.0)] * len(PAGE_BREAK)
            pages.append(len(text))
            words, places = _page(page)
            text += words
            boxes += places
        metadata = _metadata(pdf)
    except pdfium.PdfiumError as error:
        raise DocumentError(
            path, f"page {len(pages)} is broken", "Open it in a PDF program and save it again"
        ) from error
    finally:
        pdf.close()
    if not text.strip():
        raise DocumentError(path, "its pages are pictures without text", "Run text recognition (OCR) over it first")
    return Extracted(text, metadata, pages=tuple(pages), boxes=np.asarray(boxes, dtype=np.float32).tobytes())


def _page(page: Any) -> tuple[str, list[tuple[float, float, float, float]]]:
    """A page's text, and for each character of it (left, bottom, right, top) in points."""
    textpage = page.get_textpage()
    text = ""
    boxes: list[tuple[float, float, float, float]] = []
    try:
        for index in range(textpage.count_chars()):
            code = _code(textpage, index)
            if code in (0, 0x0D):  # line ends come as \r\n; one of them will do
                continue
            character = _HYPHEN if code in (2, 0xFFFE) else chr(code) if code < 0x110000 else "\ufffd"
            if 0xDC00 <= code <= 0xDFFF and text and 0xD800 <= ord(text[-1]) <= 0xDBFF:
                high = ord(text[-1])
                text = text[:-1] + chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00))
                continue
            text += character
            boxes.append((0.0, 0.0, 0.0, 0.0) if character.isspace() else textpage.get_charbox(index))
    finally:
        textpage.close()
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text), boxes


def _code(textpage: Any, index: int) -> int:
    import pypdfium2.raw as raw

    return int(raw.FPDFText_GetUnicode(textpage, index))


def _metadata(pdf: Any) -> Metadata:
    known = pdf.get_metadata_dict(skip_empty=True)
    date = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", known.get("ModDate") or known.get("CreationDate") or "")
    title = re.sub(r"\s+", " ", known.get("Title", "")).strip()
    return Metadata(
        title="" if re.search(r"\.(?:docx?|pdf|indd)$|^untitled$|^microsoft word", title, re.IGNORECASE) else title,
        date="-".join(date.groups()) if date else "",
    )
