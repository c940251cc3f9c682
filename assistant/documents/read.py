"""A file becomes a Document. What cannot be read says why, in one line, and what to do."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.documents.language import detect
from assistant.documents.metadata import front_matter, merged, sidecar, sidecar_fields
from assistant.documents.model import Document, Extracted
from assistant.errors import DocumentError

READER_VERSION = "1"  # raise it when the same file would be read differently: it is then read again
_LANGUAGE_SAMPLE = 20_000  # characters


def _text(path: Path, data: bytes) -> Extracted:
    from assistant.documents.readers.text import read

    return read(path, data)


def _html(path: Path, data: bytes) -> Extracted:
    from assistant.documents.readers.html import read

    return read(path, data)


def _pdf(path: Path, data: bytes) -> Extracted:
    from assistant.documents.readers.pdf import read

    return read(path, data)


def _docx(path: Path, data: bytes) -> Extracted:
    from assistant.documents.readers.docx import read

    return read(path, data)


_READERS: dict[str, Callable[[Path, bytes], Extracted]] = {
    ".txt": _text, ".md": _text, ".markdown": _text, ".html": _html, ".htm": _html, ".pdf": _pdf, ".docx": _docx,
}  # fmt: skip
SUFFIXES = frozenset(_READERS)


def read_document(path: Path, root: Path, *, max_file_mb: float = 50.0) -> Document:
    """Read one file of the corpus.

    Args:
        root: the corpus folder; the document's id is the path below it.
        max_file_mb: the largest file that is read, in megabytes.

    Raises:
        DocumentError: it cannot be read; the message names the file, the reason and the remedy.
    """
    name = path.relative_to(root).as_posix()
    data = _bytes(path, name, max_file_mb)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(SUFFIXES))
        raise DocumentError(
            name, f"files ending in {path.suffix or 'nothing'} are not read", f"Save it as one of {known}"
        )
    try:
        extracted = reader(Path(name), data)
        stated: dict[str, object] = {}
        if extracted.body:
            stated, _ = front_matter(extracted.text, name)
        metadata = merged(Path(name), extracted, {**stated, **sidecar_fields(path)})
    except RecursionError:
        raise DocumentError(name, "it is nested too deeply", "Save it anew from its program") from None
    if not extracted.text[extracted.body :].strip():
        raise DocumentError(name, "it is empty", "Put text in it, or remove it")
    if not metadata.language:
        metadata = replace(metadata, language=detect(extracted.text[extracted.body :][:_LANGUAGE_SAMPLE]))
    return Document(
        name,
        extracted.text,
        metadata,
        content_hash(path),
        extracted.body,
        extracted.pages,
        extracted.marks,
        extracted.boxes,
    )


def content_hash(path: Path) -> str:
    """SHA-256 over a file, its sidecar and the readers' version, in hex: equal means nothing to read again."""
    digest = hashlib.sha256(READER_VERSION.encode())
    for file in (path, sidecar(path)):
        digest.update(b"\0")
        if file is not None:
            with file.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def corpus_files(root: Path) -> list[Path]:
    """The documents below a folder, sorted. Hidden files, sidecars, links out of the folder and its README are none."""
    base = root.resolve()
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(folder) / name
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            if path.parent == root and name.lower() == "readme.md":
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(base):
                continue
            found.append(path)
    return sorted(found)


def _bytes(path: Path, name: str, max_file_mb: float) -> bytes:
    try:
        size = path.stat().st_size
        if size > max_file_mb * 1_000_000:
            raise DocumentError(
                name,
                f"it has {size / 1_000_000:.1f} MB, more than the {max_file_mb:g} MB that are read",
                "Split it, or raise max_file_mb",
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError(name, "there is no such file", "Check its name") from None
    except OSError as error:
        raise DocumentError(name, f"it cannot be opened ({error.strerror})", "Check its permissions") from error
    if not data.strip():
        raise DocumentError(name, "it is empty", "Put text in it, or remove it")
    return data
