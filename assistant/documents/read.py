"""A file becomes a Document. What cannot be read says why, in one line, and what to do."""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from assistant.documents.language import detect_with_confidence
from assistant.documents.metadata import checked, front_matter, merged, sidecar, sidecar_fields
from assistant.documents.model import Document, Extracted, Metadata
from assistant.errors import DocumentError

READER_VERSION = "3"  # raise it when the same file would be read differently: it is then read again
SIDECAR_SUFFIX = ".meta.yaml"
_LANGUAGE_SAMPLE = 20_000  # characters
_SURE_SAMPLE = 200  # characters; from here on a confident detection outweighs what the format claims
_SURE = 0.99
_BLOCK = 1 << 20  # bytes
_UNPRINTED = frozenset(["Cc", "Cs", "Zl", "Zp"])  # categories of characters that no name can be stored or shown with


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
        path: the file, below `root`.
        root: the corpus folder; the document's id is the path below it, with forward slashes.
        max_file_mb: the largest file that is read, in megabytes (10^6 bytes).

    Returns:
        The document. A text file's text is the file as decoded, unchanged, so spans count into exactly that.

    Raises:
        DocumentError: it cannot be read; the message names the file, the reason and the remedy.
        ValueError: `path` does not lie below `root`.
    """
    name = path.relative_to(root).as_posix()
    if any(unicodedata.category(character) in _UNPRINTED for character in name):
        raise DocumentError(
            name, "its name holds control characters, or bytes that are not UTF-8", "Rename it", "unnameable"
        )
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(SUFFIXES))
        ending = f"files ending in {path.suffix}" if path.suffix else "files without an ending"
        raise DocumentError(name, f"{ending} are not read", f"Save it as one of {known}", "wrong_kind")
    data = b"".join(_blocks(path, name, max_file_mb))
    if not data.strip():
        raise DocumentError(name, "it is empty", "Put text in it, or remove it", "empty")
    beside = sidecar(path)
    side_name = beside.relative_to(root).as_posix() if beside else ""
    side_data = b"".join(_blocks(beside, side_name, max_file_mb)) if beside else None
    extracted = reader(Path(name), data)
    if not any(character.isprintable() and not character.isspace() for character in extracted.text[extracted.body :]):
        raise DocumentError(name, "it is empty", "Put text in it, or remove it", "empty")
    return Document(
        name,
        extracted.text,
        _metadata(name, extracted, side_name, side_data),
        _hash([data], None if side_data is None else [side_data]),
        extracted.body,
        extracted.pages,
        extracted.marks,
        extracted.boxes,
    )


def content_hash(path: Path) -> str:
    """SHA-256 over a file, its sidecar and the readers' version, in hex: equal means nothing to read again.

    Raises:
        DocumentError: the file or its sidecar cannot be opened.
    """
    try:
        beside = sidecar(path)
    except PermissionError:  # its folder is closed, and so is the file: opening that says so
        beside = None
    return _hash(_blocks(path, path.name), _blocks(beside, beside.name) if beside else None)


def corpus_files(root: Path) -> list[Path]:
    """The documents below a folder, sorted; none where there is no such folder.

    Left out: hidden files and folders, sidecars, what links out of the folder, what is no file (a pipe, a device),
    and the folder's own README. What may not be looked at and a link to nothing stay in, so that reading them says so.

    Raises:
        DocumentError: a folder may not be listed; its documents would seem to be gone.
    """
    base = root.resolve()
    found = []
    for folder, folders, names in os.walk(root, onerror=_unlisted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(folder) / name
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            if path.parent == root and name.lower() == "readme.md":
                continue
            if _is_candidate(path, base):
                found.append(path)
    return sorted(found)


def _is_candidate(path: Path, base: Path) -> bool:
    try:
        if path.is_symlink():
            return path.resolve().is_relative_to(base)
        return path.is_file()
    except PermissionError:
        return True
    except (OSError, RuntimeError):  # links in a ring
        return False


def _unlisted(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise DocumentError(
            str(error.filename),
            f"this folder cannot be listed ({error.strerror})",
            "Give the program permission to list it",
        ) from error


def _metadata(name: str, extracted: Extracted, side_name: str, side_data: bytes | None) -> Metadata:
    stated = checked(front_matter(extracted.text, name)[0], name) if extracted.body else {}
    beside = checked(sidecar_fields(side_data, side_name), side_name) if side_data is not None else {}
    metadata = merged(Path(name), extracted, stated, beside)
    if stated.get("language") or beside.get("language"):
        return metadata
    sample = extracted.text[extracted.body :][:_LANGUAGE_SAMPLE]
    detected, confidence = detect_with_confidence(sample)
    if metadata.language and (len(sample) < _SURE_SAMPLE or confidence < _SURE):
        return metadata
    return replace(metadata, language=detected)  # programs often claim their own language, not the text's


def _hash(data: Iterable[bytes], beside: Iterable[bytes] | None) -> str:
    digest = hashlib.sha256(READER_VERSION.encode())
    for part in (data, beside):
        own = hashlib.sha256()
        for block in part or ():
            own.update(block)
        digest.update(own.digest())
    return digest.hexdigest()


def _blocks(path: Path, name: str, max_file_mb: float | None = None) -> Iterator[bytes]:
    """A file's bytes, block by block.

    Raises:
        DocumentError: it is missing, may not be read, is no file, or is larger than `max_file_mb`.
    """
    most = None if max_file_mb is None else round(max_file_mb * 1_000_000)
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for ever.
        with open(path, "rb", opener=lambda file, flags: os.open(file, flags | getattr(os, "O_NONBLOCK", 0))) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise DocumentError(name, "it is no ordinary file", "Put the document itself there")
            if most is not None and status.st_size > most:
                raise _too_large(name, status.st_size, max_file_mb)
            read = 0
            while block := stream.read(_BLOCK):
                read += len(block)
                if most is not None and read > most:  # it grows while it is read
                    raise _too_large(name, read, max_file_mb)
                yield block
    except FileNotFoundError as error:
        raise DocumentError(name, "there is no such file", "Check its name, or where its link leads") from error
    except PermissionError as error:
        raise DocumentError(name, "it may not be read", "Give the program permission to read it") from error
    except OSError as error:
        raise DocumentError(name, f"it cannot be opened ({error.strerror})", "Check the file and its folder") from error


def _too_large(name: str, size: int, max_file_mb: float | None) -> DocumentError:
    return DocumentError(
        name,
        f"it has {size / 1_000_000:.1f} MB, more than the {max_file_mb:g} MB that are read",
        "Split it, or raise max_file_mb",
        "too_large",
    )
