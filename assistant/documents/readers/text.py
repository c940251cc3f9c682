"""Plain text and Markdown: the file as decoded, unchanged; spans count into exactly that."""

import codecs
from pathlib import Path

from assistant.documents.metadata import front_matter
from assistant.documents.model import Extracted
from assistant.documents.readers.markdown import markdown_marks
from assistant.errors import DocumentError

_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or Office file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF87a": "a GIF picture",
    b"GIF89a": "a GIF picture",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x7fELF": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"{\\rtf": "an RTF file",
}
_LETTERS = frozenset("æøåÆØÅéèëïíóöüúáàçñÉËÏÖÜ°µ±²³×–—’‘“”•…€®™§½≤≥")  # what texts of our languages hold beyond ASCII
_LIKELY = ("cp1252", "cp850", "mac_roman")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b"))
_MOST_CONTROLS = 0.05  # of the bytes; extracted text may hold some, a binary file holds many
_NAMES = {"cp1252": "Windows-1252", "cp850": "DOS 850", "mac_roman": "Mac Roman"}
_SAVE = "Save it as UTF-8"


def read(path: Path, data: bytes) -> Extracted:
    """Read a text file. Markdown's headings, items and rows are marked; its text stays as it is.

    Raises:
        DocumentError: it is binary, or in another encoding than UTF-8 (or UTF-16 with its mark), or its front
            matter cannot be read.
    """
    text = decode(path, data)
    _, body = front_matter(text, path)
    marks = markdown_marks(text, body) if path.suffix.lower() in (".md", ".markdown") else ()
    return Extracted(text, body=body, marks=marks)


def decode(path: Path, data: bytes) -> str:
    """Bytes as text, with nothing changed: line ends and a byte order mark of UTF-8 (as U+FEFF) stay.

    Raises:
        DocumentError: see `read`.
    """
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise DocumentError(
                path, f"it is {kind} under a text name", "Give it its own ending, or save it as text", "encoding"
            )
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise DocumentError(path, "it is UTF-32", _SAVE, "encoding")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(path, data)
    if b"\0" in data:
        halves = data[::2].count(0), data[1::2].count(0)
        if max(halves) > 0.9 * (len(data) // 2) and min(halves) == 0:
            raise DocumentError(path, "it is probably UTF-16 without a byte order mark", _SAVE, "encoding")
        raise DocumentError(path, "it is a binary file under a text name", "Save it as text in UTF-8", "encoding")
    if len(data) - len(data.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(data):
        raise DocumentError(path, "it is a binary file under a text name", "Save it as text in UTF-8", "encoding")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DocumentError(
            path,
            f"it is not UTF-8 (byte {error.start}, in line {line}; perhaps {_likely(data)})",
            _SAVE,
            "encoding",
        ) from error


def _utf16(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise DocumentError(path, f"its UTF-16 text is broken at byte {error.start}", _SAVE, "encoding") from error
    if "\0" in text:
        raise DocumentError(path, "it is a binary file under a text name", "Save it as text in UTF-8", "encoding")
    return text


def _likely(data: bytes) -> str:
    """The name of the encoding in which the bytes beyond ASCII most often are letters of our languages."""
    beyond = bytes(byte for byte in data[:200_000] if byte > 0x7F)
    counts = {name: sum(c in _LETTERS for c in beyond.decode(name, "replace")) for name in _LIKELY}
    return _NAMES[max(_LIKELY, key=lambda name: counts[name])]
