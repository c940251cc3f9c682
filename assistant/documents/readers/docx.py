"""DOCX: paragraphs, headings, list items and table rows in document order."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.documents.model import Extracted, Mark, MarkKind, Metadata
from assistant.errors import DocumentError

_MOST_BYTES = 500_000_000  # unpacked; a document of that size is a trap
_BROKEN = "Open it in a word processor and save it again"


def read(path: Path, data: bytes) -> Extracted:
    """Read a DOCX file. Blocks are separated by an empty line; items start with "• "; cells are joined by " | ".

    Raises:
        DocumentError: it is encrypted, broken, or unpacks to too much.
    """
    document = _open(path, data)
    text, marks = "", list[Mark]()
    for kind, level, block in _blocks(document):
        if text:
            text += "\n\n"
        start = len(text)
        text += block
        marks.append(Mark(start, len(text), kind, level))
    properties = document.core_properties
    date = properties.modified or properties.created
    return Extracted(
        text,
        Metadata(
            title=(properties.title or "").strip(),
            publisher="",
            language=(properties.language or "").split("-")[0].lower(),
            date=date.date().isoformat() if date and date.year > 2013 else "",
        ),
        marks=tuple(marks),
    )


def _open(path: Path, data: bytes) -> Any:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentError(path, "it is encrypted or in the old Word format", "Save it as DOCX without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                raise DocumentError(path, "it unpacks to more than 500 MB", "Save it anew without embedded media")
        from docx import Document as open_docx

        return open_docx(io.BytesIO(data))
    except DocumentError:
        raise
    except Exception as error:  # the parsers raise many kinds for one broken file
        raise DocumentError(path, f"it is no readable DOCX ({type(error).__name__})", _BROKEN) from error


def _blocks(document: Any) -> Iterator[tuple[MarkKind, int, str]]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
            continue
        text = re.sub(r"[ \t\xa0]*[\n\v\r]+", "\n", block.text).strip()
        if not text:
            continue
        style = (block.style.name if block.style is not None else "") or ""
        heading = re.fullmatch(r"(?:Heading|Overskrift|Kop) (\d)", style)
        if heading or style == "Title":
            yield "heading", int(heading[1]) if heading else 1, text
        elif style.startswith("List") or (block._p.pPr is not None and block._p.pPr.numPr is not None):
            yield "item", 1, f"• {text}"
        else:
            yield "paragraph", 0, text


def _rows(table: Any) -> Iterator[tuple[MarkKind, int, str]]:
    for row in table.rows:
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:
            if id(cell._tc) not in seen:  # merged cells come once per column
                seen.add(id(cell._tc))
                cells.append(re.sub(r"\s+", " ", cell.text).strip())
        if any(cells):
            yield "row", 0, " | ".join(cells)
