"""Plain text and Markdown: the file as decoded, unchanged; spans count into exactly that."""

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.documents.metadata import front_matter
from assistant.documents.model import Extracted, Mark
from assistant.errors import DocumentError

_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or Office file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x7fELF": "a program",
    b"{\\rtf": "an RTF file",
}
_HEADING = re.compile(r"^ {0,3}(?P<signs>#{1,6})[ \t]+(?P<words>[^\n]*?)[ \t]*#*[ \t]*\r?$", re.MULTILINE)
_SETEXT = re.compile(r"^(?P<words>[^\s#>|\-*+][^\n]*?)[ \t]*\r?\n(?P<signs>=+|-+)[ \t]*\r?$", re.MULTILINE)
_ITEM = re.compile(r"^(?P<indent>[ \t]*)(?:[-*+•]|\d{1,3}[.)])[ \t]+\S")
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*\r?$", re.MULTILINE)
_SKIP = re.compile(
    r"<!--.*?-->|^[ \t]*(?:```|~~~)[^\n]*$|^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*\r?$",
    re.MULTILINE | re.DOTALL,
)


def read(path: Path, data: bytes) -> Extracted:
    """Read a text file. Markdown's headings, items and rows are marked; its text stays as it is.

    Raises:
        DocumentError: it is binary, or in another encoding than UTF-8 (or UTF-16 with its mark).
    """
    text = decode(path, data)
    _, body = front_matter(text, path)
    marks = tuple(_marks(text, body)) if path.suffix.lower() in (".md", ".markdown") else ()
    return Extracted(text, body=body, marks=marks)


def decode(path: Path, data: bytes) -> str:
    """Bytes as text, with nothing changed.

    Raises:
        DocumentError: see `read`.
    """
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise DocumentError(path, f"it is {kind} under a text name", "Give it its own ending, or save it as text")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise DocumentError(path, "its UTF-16 text is broken", "Save it as UTF-8") from error
    if b"\0" in data:
        raise DocumentError(path, "it is a binary file under a text name", "Save it as text in UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DocumentError(
            path,
            f"it is not UTF-8 (byte {error.start}, line {line}; perhaps Windows-1252)",
            "Save it as UTF-8",
        ) from error


def _marks(text: str, body: int) -> Iterator[Mark]:
    marks = [Mark(m.start("words"), m.end("words"), "heading", len(m["signs"])) for m in _HEADING.finditer(text, body)]
    for match in _SETEXT.finditer(text, body):
        marks.append(Mark(match.start("words"), match.end("words"), "heading", 1 if match["signs"][0] == "=" else 2))
        marks.append(Mark(match.start("signs"), match.end("signs"), "skip"))
    marks += [Mark(*match.span(), "skip") for match in _SKIP.finditer(text, body)]
    skipped = [(mark.start, mark.end) for mark in marks if mark.kind == "skip"]
    for match in _ROW.finditer(text, body):
        if not any(start < match.end() and match.start() < end for start, end in skipped):
            marks.append(Mark(*match.span(), "row"))
    marks += _items(text, body)
    return iter(sorted((m for m in marks if m.start < m.end), key=lambda m: (m.start, m.end)))


def _items(text: str, body: int) -> list[Mark]:
    """List items with the lines that continue them."""
    items: list[Mark] = []
    at, open_item = body, -1
    for line in text[body:].splitlines(keepends=True):
        end = at + len(line.rstrip())
        match = _ITEM.match(line)
        if match:
            open_item = len(items)
            items.append(Mark(at + len(match["indent"]), end, "item", 1 + len(match["indent"].expandtabs(4)) // 2))
        elif not line.strip() or (open_item >= 0 and not line[0].isspace() and _interrupts(line)):
            open_item = -1
        elif open_item >= 0:
            begun = items[open_item]
            items[open_item] = Mark(begun.start, end, "item", begun.level)
        at += len(line)
    return items


def _interrupts(line: str) -> bool:
    return line.startswith(("#", "|", "```", "~~~", ">"))
