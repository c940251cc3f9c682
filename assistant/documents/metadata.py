"""What is known of a document: from a sidecar, from front matter, from the format itself; in that order."""

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.documents.model import LANGUAGES, Extracted, Metadata
from assistant.errors import DocumentError

_OPENING = re.compile(r"\ufeff?---[ \t]*\r?\n(?=\s*(?:#[^\n]*\n\s*)*[\w-]+[ \t]*:(?:\s|\Z))")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_FIELDS = frozenset(field.name for field in fields(Metadata))
_DATES = ("date", "valid_from", "valid_to")
_EXAMPLES = {**dict.fromkeys(_DATES, "2025-07-18"), "url": "https://example.org/page", "access": "[pharmacy, doctors]"}
_TITLE_CHARACTERS = 120
_MOST_CHARACTERS = 100_000  # of a sidecar or front matter
_DATE_REMEDY = "Write it as YYYY-MM-DD, YYYY-MM or YYYY"


class _PlainLoader(yaml.SafeLoader):
    """YAML's safe loader, with every value kept as it is written.

    A reference 1.10 is no number, and a title "No" is no truth value.
    """


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def front_matter(text: str, path: Path | str) -> tuple[dict[str, Any], int]:
    """The front matter of a text, and where its body starts; ({}, 0) where it has none.

    A first line "---" with no `key:` below it is a rule, and no front matter.

    Raises:
        DocumentError: it does not end, or is not YAML, or no mapping.
    """
    opening = _OPENING.match(text)
    if not opening:
        return {}, 0
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        if any(f"{name}:" in text[opening.end() : opening.end() + 200] for name in _FIELDS):
            raise DocumentError(path, "its front matter does not end", "Write a line --- below its last key")
        return {}, 0
    return _mapping(text[opening.end() : closing.start()], path, "its front matter", first_line=2), closing.end()


def sidecar(path: Path) -> Path | None:
    """The metadata file that belongs to `path`: NAME.ext.meta.yaml or NAME.meta.yaml; None where there is none."""
    for name in (f"{path.name}.meta.yaml", f"{path.stem}.meta.yaml"):
        beside = path.with_name(name)
        if beside.is_file():
            return beside
    return None


def sidecar_fields(data: bytes, path: Path | str) -> dict[str, Any]:
    """What the bytes of the sidecar at `path` state.

    Raises:
        DocumentError: it is not UTF-8, not YAML, or no mapping; the message names the sidecar.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(path, f"it is not UTF-8 (byte {error.start})", "Save it as UTF-8") from error
    return _mapping(text, path, "it", first_line=1)


def _mapping(text: str, path: Path | str, what: str, *, first_line: int) -> dict[str, Any]:
    remedy = "Write one `key: value` a line, a value with a colon in it in quotes"
    if len(text) > _MOST_CHARACTERS:
        raise DocumentError(path, f"{what} has more than {_MOST_CHARACTERS} characters", remedy)
    try:
        loaded = yaml.load(text, Loader=_PlainLoader)
    except RecursionError:
        raise DocumentError(path, f"{what} is nested too deeply", remedy) from None
    except (yaml.YAMLError, ValueError) as error:
        place = getattr(error, "problem_mark", None)
        line = f" (line {place.line + first_line})" if place else ""
        raise DocumentError(path, f"{what} is not YAML{line}", remedy) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise DocumentError(path, f"{what} does not hold keys and values", remedy)
    return {str(key): value for key, value in loaded.items()}


def checked(stated: dict[str, Any], path: Path | str) -> dict[str, Any]:
    """The fields of Metadata among `stated`, each in its own form; other keys are for others.

    Raises:
        DocumentError: a field has a value that it cannot have; the message names the key.
    """
    return {
        name: _checked(path, name, value) for name, value in stated.items() if name in _FIELDS and value is not None
    }


def merged(path: Path, extracted: Extracted, *stated: dict[str, Any]) -> Metadata:
    """Metadata from `checked` fields over what the format gave; later ones win over earlier ones.

    A title is always found: stated, or the first heading, or the first line, or the file's name. A language that the
    format claims and that is not ours stays empty.
    """
    metadata = extracted.metadata
    for known in stated:
        metadata = replace(metadata, **known)
    if metadata.language not in (*LANGUAGES, ""):
        metadata = replace(metadata, language="")
    return metadata if metadata.title else replace(metadata, title=_title(path, extracted))


def _checked(path: Path | str, name: str, value: Any) -> Any:
    if name == "access":
        is_one_group = isinstance(value, str) and value.strip() and "," not in value
        groups = [value] if is_one_group else value or []
        if not isinstance(groups, list) or not all(isinstance(group, str) and group.strip() for group in groups):
            raise DocumentError(path, "'access' is not a list of group names", _example(name))
        return tuple(group.strip() for group in groups)
    if not isinstance(value, str):
        raise DocumentError(path, f"{name!r} is not a text", _example(name))
    text = re.sub(r"\s+", " ", value).strip()
    if name in _DATES:
        return _date(path, name, text)
    if name == "language":
        return _language(path, text)
    if name == "url" and text and not re.match(r"https?://[^\s/]", text):
        raise DocumentError(path, f"'url' is {_shown(text)}", _example(name))
    return text


def _language(path: Path | str, text: str) -> str:
    code = re.split(r"[-_]", text.lower())[0]  # "da-DK" is Danish
    if code not in (*LANGUAGES, ""):
        raise DocumentError(
            path, f"'language' is {_shown(text)}", f"Write one of {', '.join(LANGUAGES)}, or leave it out"
        )
    return code


def _date(path: Path | str, name: str, text: str) -> str:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?", text)
    try:
        if match:
            year, month, day = (int(part) if part else 1 for part in match.groups())
            date(year, month, day)
            return text[:10]
    except ValueError as error:
        raise DocumentError(path, f"{name!r} is {_shown(text)}, which is no day", _DATE_REMEDY) from error
    if text:
        raise DocumentError(path, f"{name!r} is {_shown(text)}", _DATE_REMEDY)
    return ""


def _example(name: str) -> str:
    return f"Write for example: {name}: {_EXAMPLES.get(name, 'words')}"


def _shown(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:39] + "…")


def _title(path: Path, extracted: Extracted) -> str:
    heading = next((mark for mark in extracted.marks if mark.kind == "heading" and mark.start >= extracted.body), None)
    if heading:
        first = extracted.text[heading.start : heading.end]
    else:
        lines = (line.strip(" \t\r\ufeff#*_") for line in extracted.text[extracted.body :].splitlines())
        first = next((line for line in lines if line), "")
    cleaned = "".join(character for character in re.sub(r"\s+", " ", first).strip() if character.isprintable())
    return cleaned if 0 < len(cleaned) <= _TITLE_CHARACTERS else path.stem
