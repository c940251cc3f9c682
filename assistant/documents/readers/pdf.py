"""PDF: the text of all pages, with a box for every character."""

import ctypes
import re
import threading
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

from assistant.documents.model import Extracted, Metadata
from assistant.documents.readers.symbols import is_private, of_symbol_font
from assistant.errors import DocumentError

PAGE_BREAK = "\n\f\n"  # between two pages
PDFIUM = threading.Lock()  # pdfium is not made for several threads
_LINE_END_HYPHEN = (0x02, 0xFFFE)  # pdfium's marks for one; it leaves out the line break behind it
_SAVE_ANEW = "Open it in a PDF program and save it again"
_OCR = "Run text recognition (OCR) over it first"
_LEAST_READABLE = 0.5  # of the characters; below, the fonts do not say which letters they draw
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|indd|rtf|pptx?|xlsx?)$|^untitled$|^microsoft word", re.IGNORECASE)

Box = tuple[float, float, float, float]
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


def read(path: Path, data: bytes) -> Extracted:
    """Read a PDF file.

    Returns:
        The text of all pages, separated by `PAGE_BREAK` ("\\n", form feed, "\\n"), lines by "\\n"; where each page
        starts; boxes (characters, 4) float32: left, bottom, right, top in points from the page's lower left corner,
        zeros for white space and for what stands on no page. A hyphen at a line's end stays, with its line break.

    Raises:
        DocumentError: it needs a password, is broken, or has no text.
    """
    import numpy as np
    import pypdfium2 as pdfium

    with PDFIUM:
        try:
            pdf = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if "assword" in str(error) or "ecurity" in str(error):
                raise DocumentError(path, "it is encrypted", "Save it without a password", "locked") from error
            raise DocumentError(path, "it is no readable PDF", _SAVE_ANEW, "damaged") from error
        try:
            text, pages, boxes = _pages(path, pdf)
            metadata = _metadata(pdf)
        finally:
            pdf.close()
    if not text.strip():
        raise DocumentError(path, "it has no text, only scanned pages or pictures", _OCR, "scanned")
    if _readable(text) < _LEAST_READABLE:
        raise DocumentError(path, "its fonts do not say which letters they draw", _OCR, "scanned")
    return Extracted(text, metadata, pages=pages, boxes=np.asarray(boxes, dtype=np.float32).tobytes())


def _pages(path: Path, pdf: Any) -> tuple[str, tuple[int, ...], list[Box]]:
    import pypdfium2 as pdfium

    parts: list[str] = []
    starts: list[int] = []
    boxes: list[Box] = []
    for number in range(len(pdf)):
        try:
            page = pdf[number]
            characters, places = _page(page)
            page.close()
        except pdfium.PdfiumError as error:
            raise DocumentError(path, f"page {number + 1} is broken", _SAVE_ANEW, "damaged") from error
        if parts:
            parts.append(PAGE_BREAK)
            boxes += [_NOWHERE] * len(PAGE_BREAK)
        starts.append(len(boxes))
        parts.append(characters)
        boxes += places
    if not starts:
        raise DocumentError(path, "it has no pages", _SAVE_ANEW, "damaged")
    return "".join(parts), tuple(starts), boxes


def _page(page: Any) -> tuple[str, list[Box]]:
    """A page's text, and for each character of it its box."""
    import pypdfium2.raw as pdfium

    textpage = page.get_textpage()
    characters: list[str] = []
    boxes: list[Box] = []
    edges = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = edges
    by_reference = [ctypes.byref(edge) for edge in edges]
    high = 0  # the first half of a character beyond the basic plane, waiting for its second
    try:
        for index in range(textpage.count_chars()):
            code = pdfium.FPDFText_GetUnicode(textpage, index)
            if 0xD800 <= code <= 0xDBFF:
                high = code
                continue
            if is_private(code) and _is_symbol_font(textpage, index):
                character = of_symbol_font(code)
            else:
                character = _character(code, high)
            high = 0
            if not character:
                continue
            characters.append(character)
            if character.isspace() or not pdfium.FPDFText_GetCharBox(textpage, index, *by_reference):
                boxes.append(_NOWHERE)
            else:
                boxes.append((left.value, bottom.value, right.value, top.value))
            if code in _LINE_END_HYPHEN:
                characters.append("\n")
                boxes.append(_NOWHERE)
    finally:
        textpage.close()
    return "".join(characters), boxes


def _is_symbol_font(textpage: Any, index: int) -> bool:
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(200)
    length = pdfium.FPDFText_GetFontInfo(textpage, index, name, len(name), ctypes.c_int())
    return 0 < length <= len(name) and b"symbol" in name.value.lower()


def _character(code: int, high: int) -> str:
    """The character of a code, and of the half before it, if any; "" where it stands for nothing to read."""
    if code in _LINE_END_HYPHEN:
        return "-"
    if 0xDC00 <= code <= 0xDFFF:
        return chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)) if high else "\ufffd"
    if code in (0, 0x0D, 0x0C):  # line ends come as \r\n, and one of the two will do; \f is ours
        return ""
    return chr(code) if code < 0x110000 else "\ufffd"


def _readable(text: str) -> float:
    """How much of a text is characters that people read, 0 to 1."""
    seen = [character for character in text if not character.isspace()]
    unread = sum(character == "\ufffd" or unicodedata.category(character) in ("Co", "Cc", "Cn") for character in seen)
    return 1 - unread / len(seen)


def _metadata(pdf: Any) -> Metadata:
    known = pdf.get_metadata_dict(skip_empty=True)
    title = re.sub(r"\s+", " ", known.get("Title", "")).strip()
    return Metadata(
        title="" if _FILE_NAME.search(title) else title,
        language=_language(pdf),
        date=_day(known.get("ModDate", "")) or _day(known.get("CreationDate", "")),
    )


def _language(pdf: Any) -> str:
    import pypdfium2.raw as pdfium

    stated = (ctypes.c_ushort * 50)()
    size = pdfium.FPDFCatalog_GetLanguage(pdf.raw, stated, ctypes.sizeof(stated))  # bytes of UTF-16, with an end
    text = bytes(stated)[: max(0, size - 2)].decode("utf-16-le", "replace") if size <= ctypes.sizeof(stated) else ""
    return re.split(r"[-_]", text)[0].lower()


def _day(stated: str) -> str:
    match = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", stated)
    try:
        return date(*map(int, match.groups())).isoformat() if match else ""
    except ValueError:
        return ""
