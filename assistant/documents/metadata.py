"""What is known of a document: from a sidecar, from front matter, from the format itself; in that order."""

import re
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from assistant.documents.model import LANGUAGES, Extracted, Metadata
from assistant.errors import DocumentError

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)(?:\r?\n|^)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELDS = {field.name for field in fields(Metadata)}
_TITLE_CHARACTERS = 120


def front_matter(text: str, path: Path | str) -> tuple[dict[str, Any], int]:
    """The front matter of a text, and where its body starts; ({}, 0) where it has none.

    Raises:
        DocumentError: it is not YAML, or no mapping.
    """
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, 0
    return _mapping(match["yaml"], path, "its front matter"), match.end()


def sidecar(path: Path) -> Path | None:
    """The metadata file that belongs to `path`: NAME.ext.meta.yaml or NAME.meta.yaml; None where there is none."""
    for name in (f"{path.name}.meta.yaml", f"{path.stem}.meta.yaml"):
        beside = path.with_name(name)
        if beside.is_file():
            return beside
    return None


def sidecar_fields(path: Path) -> dict[str, Any]:
    """What the sidecar of `path` states; {} without one."""
    beside = sidecar(path)
    if beside is None:
        return {}
    try:
        return _mapping(beside.read_text("utf-8"), beside, "it")
    except (UnicodeDecodeError, OSError) as error:
        raise DocumentError(beside, "it cannot be read as UTF-8 text", "Save it as UTF-8") from error


def _mapping(text: str, path: Path | str, what: str) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f" (line {place.line + 1})" if place else ""
        raise DocumentError(path, f"{what} is not YAML{line}", "Write one `key: value` a line") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise DocumentError(path, f"{what} is not a list of keys and values", "Write one `key: value` a line")
    return {str(key): value for key, value in loaded.items()}


def merged(path: Path, extracted: Extracted, stated: dict[str, Any]) -> Metadata:
    """Metadata from `stated` fields over what the format gave; a title is always found, a language may be empty.

    Raises:
        DocumentError: a field has a value that it cannot have.
    """
    known = {
        name: _checked(path, name, value) for name, value in stated.items() if name in _FIELDS and value is not None
    }
    metadata = replace(extracted.metadata, **known)
    if metadata.language not in (*LANGUAGES, ""):
        metadata = replace(metadata, language="")  # the format's own claim, about a language that is not ours
    return metadata if metadata.title else replace(metadata, title=_title(path, extracted))


def _checked(path: Path, name: str, value: Any) -> Any:
    if name == "access":
        groups = [value] if isinstance(value, str) else value
        if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
            raise DocumentError(path, "'access' is not a list of group names", "Write for example: access: [pharmacy]")
        return tuple(groups)
    if name == "date":
        return _date(path, value)
    if not isinstance(value, str | int | float):
        raise DocumentError(path, f"{name!r} is not a text", f"Write for example: {name}: …")
    text = re.sub(r"\s+", " ", str(value)).strip()
    if name == "language" and text.lower() not in LANGUAGES:
        raise DocumentError(path, f"'language' is {text!r}", f"Write one of {', '.join(LANGUAGES)}, or leave it out")
    return text.lower() if name == "language" else text


def _date(path: Path, value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    if not text or re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", text):
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise DocumentError(path, f"'date' is {text!r}", "Write it as YYYY-MM-DD, YYYY-MM or YYYY") from None


def _title(path: Path, extracted: Extracted) -> str:
    heading = next((mark for mark in extracted.marks if mark.kind == "heading"), None)
    if heading:
        first = extracted.text[heading.start : heading.end]
    else:
        lines = (line.strip(" \t\r\ufeff#*_") for line in extracted.text[extracted.body :].splitlines())
        first = next((line for line in lines if line), "")
    cleaned = re.sub(r"\s+", " ", first).strip()
    return cleaned if 0 < len(cleaned) <= _TITLE_CHARACTERS else path.stem
