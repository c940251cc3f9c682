"""DOCX: paragraphs, headings, list items and table rows in document order, then footnotes."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.documents.model import Extracted, Metadata
from assistant.documents.readers.blocks import BlockText, raised
from assistant.documents.readers.docx_styles import Styles
from assistant.documents.readers.symbols import is_private, of_symbol_font
from assistant.errors import DocumentError

_MOST_UNPACKED = 200_000_000  # bytes; a document of that size is a trap
_MOST_PARTS = 10_000
_BROKEN = "Open it in a word processor and save it again as DOCX"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_WRAPPERS = frozenset(_W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
# Deleted and moved-away text, a second version of a drawing, and properties are no text of the document.
_LEFT_OUT = frozenset(_W + name for name in ("del", "moveFrom", "pPr", "sdtPr", "instrText", "delText")) | {
    _MC + "Fallback"
}
_CHARACTERS = {
    _W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-", _W + "softHyphen": "\u00ad",
}  # fmt: skip


def read(path: Path, data: bytes) -> Extracted:
    """Read a DOCX file. Headers and footers are left out, and so is what tracked changes delete or what is struck out.

    Blocks are separated by an empty line; items start with "• " or their number; cells are joined by " | ".

    Raises:
        DocumentError: it is encrypted, broken, or unpacks to too much.
    """
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    _check(path, data)
    broken = (
        OpcError, LxmlError, zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, LookupError, ValueError,
        TypeError, AttributeError, RuntimeError, NotImplementedError, AssertionError,
    )  # fmt: skip
    try:
        from docx import Document as open_docx

        document = open_docx(io.BytesIO(data))
        blocks = BlockText()
        styles = Styles(document)
        _write(document.element.body, styles, blocks)
        for root in _footnotes(document):
            _write(root, styles, blocks)
        return Extracted(blocks.text, _metadata(document), marks=tuple(blocks.marks))
    except broken as error:  # the parsers below raise many kinds for one broken file
        raise DocumentError(path, f"it is no readable DOCX ({type(error).__name__})", _BROKEN, "damaged") from error


def _check(path: Path, data: bytes) -> None:
    """Look before opening: a small archive may unpack to more than the memory there is."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentError(
            path, "it is encrypted or in the old Word format", "Save it as DOCX without a password", "locked"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError) as error:
        raise DocumentError(path, "it is no readable DOCX (not a whole archive)", _BROKEN, "damaged") from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise DocumentError(path, "it is encrypted", "Save it as DOCX without a password", "locked")
    if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        most = _MOST_UNPACKED // 1_000_000
        raise DocumentError(path, f"it unpacks to more than {most} MB", "Save it anew without embedded media")


def _write(root: Any, styles: Styles, blocks: BlockText) -> None:
    for element in _elements(root):
        if element.tag == _W + "tbl":
            for row in _rows(element):
                blocks.add(row, "row")
            continue
        text = _text(element)
        if text:
            kind, level, label = styles.kind(element)
            blocks.add(label + text, kind, level)
        for box in element.iter(_W + "txbxContent"):
            if not any(parent.tag in _LEFT_OUT or parent.tag == _W + "txbxContent" for parent in box.iterancestors()):
                _write(box, styles, blocks)


def _elements(root: Any) -> Iterator[Any]:
    """Paragraphs and tables below `root`, also those in content controls and tracked insertions, in order."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag in (_W + "p", _W + "tbl"):
            yield element
        elif element.tag in _WRAPPERS or element.tag in (_W + "footnote", _W + "endnote"):
            stack.extend(reversed(element))


def _text(paragraph: Any) -> str:
    """The text of one paragraph, as it reads with all tracked changes accepted."""
    parts: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag == _W + "r":
            if any(_is_on(element, name) for name in ("vanish", "strike", "dstrike")):
                continue  # what somebody struck out does not hold any more
            align = element.find(f"{_W}rPr/{_W}vertAlign")
            text = "".join(_run(element))
            is_raised = align is not None and align.get(_W + "val") == "superscript"
            parts.append(raised(text, parts[-1] if parts else "") if is_raised else text)
        elif element.tag == _FORMULA_TEXT:
            parts.append(element.text or "")
        elif element.tag not in _LEFT_OUT:
            stack.extend(reversed(element))
    lines = (re.sub(r"[ \t\xa0\r\f\v]+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _is_on(run: Any, name: str) -> bool:
    """Whether a run has a property such as "vanish"; one that is there may still be switched off."""
    stated = run.find(f"{_W}rPr/{_W}{name}")
    return stated is not None and stated.get(_W + "val", "1").lower() not in ("0", "false", "off")


def _run(run: Any) -> Iterator[str]:
    fonts = run.find(f"{_W}rPr/{_W}rFonts")
    is_symbol = fonts is not None and fonts.get(_W + "ascii", "").lower() == "symbol"
    for element in run:
        if element.tag == _W + "t":
            text = element.text or ""
            yield "".join(of_symbol_font(ord(c)) if is_private(ord(c)) else c for c in text) if is_symbol else text
        elif element.tag == _W + "sym":  # in other fonts than Symbol most often a bullet or a box to tick
            yield of_symbol_font(int(element.get(_W + "char"), 16)) if _is_symbol(element) else " "
        else:
            yield _CHARACTERS.get(element.tag, "")


def _is_symbol(element: Any) -> bool:
    return str(element.get(_W + "font", "")).lower() == "symbol"


def _rows(table: Any) -> Iterator[str]:
    """Each row as its cells; a cell merged downwards stands in its first row only."""
    for row in _below(table, _W + "tr"):
        cells = []
        for cell in _below(row, _W + "tc"):
            texts = (_text(part) if part.tag == _W + "p" else "; ".join(_rows(part)) for part in _elements(cell))
            cells.append(re.sub(r"\s+", " ", " ".join(text for text in texts if text)).strip())
        if any(cells):
            yield " | ".join(cells).strip()


def _below(root: Any, tag: str) -> Iterator[Any]:
    """Children with a tag, also those inside content controls and tracked insertions."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            if element.find(f"{_W}trPr/{_W}del") is None:
                yield element
        elif element.tag in _WRAPPERS:
            stack.extend(reversed(element))


def _footnotes(document: Any) -> Iterator[Any]:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.parser import parse_xml

    for kind in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES):
        for relation in document.part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                yield parse_xml(relation.target_part.blob)


def _metadata(document: Any) -> Metadata:
    properties = document.core_properties
    changed = properties.modified or properties.created
    return Metadata(
        title=re.sub(r"\s+", " ", properties.title or "").strip(),
        language=re.split(r"[-_]", properties.language or "")[0].lower(),
        date=changed.date().isoformat() if changed and changed.year > 2013 else "",  # 2013: python-docx's template
    )
