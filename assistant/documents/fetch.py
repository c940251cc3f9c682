"""Downloads the originals that the corpus carries digests of. Nothing is replaced before the original reads well."""

import hashlib
import ipaddress
import os
import re
import tempfile
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from assistant.documents.apart import Apart
from assistant.documents.metadata import checked, sidecar, sidecar_fields
from assistant.documents.model import Document, Metadata
from assistant.documents.read import SIDECAR_SUFFIX, SUFFIXES
from assistant.errors import DocumentError, FetchError

DIGESTS = ".digests"  # where a digest goes when its original has come; hidden, so it is not read
_KEYS = frozenset(["file", "url", "replaces", "sha256"])
_STATED = tuple(field.name for field in fields(Metadata))  # the other keys of an entry
_WAIT_SECONDS = 30.0  # for the server's next sign of life
_MOST_SECONDS = 600.0  # for one file
_MOST_REDIRECTS = 5
_REMEDY = "An entry is: [[source]] with file, url, and optionally replaces, sha256, " + ", ".join(_STATED)
Progress = Callable[[int, int, str], None]
Read = Callable[..., Document]  # as `read_document`


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of sources.toml."""

    file: str  # its name in the corpus folder
    url: str
    replaces: str  # the digest whose place it takes; "": none
    sha256: str  # in lower case hex; "": any content
    stated: dict[str, Any]  # metadata for its sidecar


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What became of one source."""

    file: str
    url: str
    replaced: str = ""  # the digest that was moved away; "": none stood there
    changed: bool = False  # whether the file is another than before
    error: FetchError | None = None  # None: the file stands in the corpus


class _RefusedError(Exception):
    """Why one source is not taken."""


def fetch(
    corpus: Path,
    sources: Path | None = None,
    *,
    read: Read | None = None,
    on_progress: Progress | None = None,
    max_file_mb: float = 50.0,
) -> list[FetchResult]:
    """Download each source into the corpus, with its metadata beside it, and put its digest away.

    A source that fails leaves everything as it was, and the others go on.

    Args:
        sources: the list of sources; None: sources.toml of the corpus.
        read: reads what came; None: a process of its own, with the bounds that settings have by default.
        on_progress: told (done, total, file) before each source and at the end.
        max_file_mb: the largest file that is taken, in megabytes.

    Returns:
        One result a source, in the order of the list.

    Raises:
        DocumentError: the list is missing or is not as specified; nothing was fetched.
    """
    listed = read_sources(sources or corpus / "sources.toml")
    read = read or Apart(seconds=60, memory_mb=2000).read
    tell = on_progress or (lambda done, total, what: None)
    results = []
    for done, source in enumerate(listed):
        tell(done, len(listed), source.file)
        try:
            results.append(_fetch_one(corpus, source, read, max_file_mb))
        except (_RefusedError, OSError) as error:
            reason = str(error) if isinstance(error, _RefusedError) else f"it cannot be stored: {error.strerror}"
            results.append(
                FetchResult(source.file, source.url, error=FetchError(source.file, source.url, reason or "no reason"))
            )
    tell(len(listed), len(listed), "")
    return results


def read_sources(path: Path) -> list[Source]:
    """The entries of a sources.toml.

    Raises:
        DocumentError: it is missing, is not TOML, or an entry is not as specified.
    """
    try:
        loaded = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DocumentError(path, f"it cannot be opened ({error.strerror})", "Name a list of sources") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DocumentError(path, f"it is not TOML ({error})", _REMEDY) from error
    entries = loaded.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DocumentError(path, "it holds no [[source]] entries", _REMEDY)
    found = [_source(path, number, entry) for number, entry in enumerate(entries, 1)]
    names = [source.file for source in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise DocumentError(path, f"two entries have the file {twice!r}", "Give each its own name")
    eaten = next((source.replaces for source in found if source.replaces in names), None)
    if eaten:
        raise DocumentError(path, f"{eaten!r} is both fetched and replaced", "Let 'replaces' name a digest")
    return found


def _source(path: Path, number: int, entry: dict[str, Any]) -> Source:
    def refuse(reason: str) -> DocumentError:
        return DocumentError(path, f"entry {number}: {reason}", _REMEDY)

    unknown = sorted(set(entry) - _KEYS - set(_STATED))
    if unknown:
        raise refuse(f"unknown key {unknown[0]!r}")
    for key in _KEYS:
        if not isinstance(entry.get(key, ""), str):
            raise refuse(f"{key!r} is not a text")
    file, url, replaces = entry.get("file", ""), entry.get("url", ""), entry.get("replaces", "")
    for key, name in (("file", file), ("replaces", replaces)):
        if name and not _is_plain_name(name):
            raise refuse(f"{key!r} is {name!r}, not the name of a document in the corpus folder itself")
    if not file or not url:
        raise refuse("'file' or 'url' is missing")
    if file == replaces:
        raise refuse("'file' and 'replaces' are the same")
    sha256 = entry.get("sha256", "").lower()
    if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise refuse("'sha256' is not 64 hexadecimal digits")
    texts = {key: str(value) if key == "date" else value for key, value in entry.items() if key in _STATED}
    del texts["url"]  # one that cannot be fetched is that entry's failure alone
    stated = {key: value for key, value in checked(texts, f"{path}, entry {number}").items() if value}
    return Source(file, url, replaces, sha256, {**stated, "url": url})


def _is_plain_name(name: str) -> bool:
    """Whether a name is a document's, in the corpus folder itself: it may lead nowhere else."""
    return (
        not re.search(r'[/\\:*?"<>|\x00-\x1f]', name)
        and not name.startswith(".")
        and Path(name).suffix.lower() in SUFFIXES
        and name.lower() != "readme.md"
    )


def _fetch_one(corpus: Path, source: Source, read: Read, max_file_mb: float) -> FetchResult:
    """Download, look, then replace: first the metadata, then the file, then the digest goes."""
    corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=corpus) as folder:  # hidden: indexing does not see it
        fresh = Path(folder) / source.file
        digest = _download(source, fresh, max_file_mb)
        if source.sha256 and digest != source.sha256:
            raise _RefusedError(f"its SHA-256 is {digest}, not the one in the list")
        metadata = Path(folder) / (source.file + SIDECAR_SUFFIX)
        _write_synced(metadata, _sidecar_text(corpus, source, read, max_file_mb).encode())
        try:
            read(fresh, Path(folder), max_file_mb=max_file_mb)
        except DocumentError as error:
            raise _RefusedError(f"what came is not the document: {error.reason}") from error
        target = corpus / source.file
        changed = not target.is_file() or target.read_bytes() != fresh.read_bytes()
        metadata.replace(corpus / metadata.name)
        fresh.replace(target)
    return FetchResult(source.file, source.url, replaced=_put_away(corpus, source.replaces), changed=changed)


def _download(source: Source, target: Path, max_file_mb: float) -> str:
    """Store what the address gives, and return its SHA-256 in hex."""
    import httpx

    is_local = _is_loopback(source.url)

    def check(request: httpx.Request) -> None:
        """Each address on the way, also after a redirect, is safe from listeners, or on this machine from the start."""
        if not (request.url.scheme == "https" or (is_local and _is_loopback(str(request.url)))):
            raise _RefusedError(f"{request.url.scheme}://{request.url.host} is not https")

    most, digest, size, started = max_file_mb * 1_000_000, hashlib.sha256(), 0, time.monotonic()
    try:
        with (
            httpx.Client(
                timeout=_WAIT_SECONDS,
                follow_redirects=True,
                max_redirects=_MOST_REDIRECTS,
                event_hooks={"request": [check]},
                trust_env=not is_local,  # a proxy of the house serves the world outside
            ) as client,
            client.stream("GET", source.url) as response,
            target.open("wb") as stream,
        ):
            if response.status_code != httpx.codes.OK:
                raise _RefusedError(f"the server answers {response.status_code} {response.reason_phrase}")
            for block in response.iter_bytes():
                size += len(block)
                if size > most:
                    raise _RefusedError(f"it is larger than {max_file_mb:g} MB")
                if time.monotonic() - started > _MOST_SECONDS:
                    raise _RefusedError(f"it takes more than {_MOST_SECONDS:g} seconds")
                digest.update(block)
                stream.write(block)
            stream.flush()
            os.fsync(stream.fileno())
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise _RefusedError(f"{error or type(error).__name__}".rstrip(".")) from error
    return digest.hexdigest()


def _is_loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _sidecar_text(corpus: Path, source: Source, read: Read, max_file_mb: float) -> str:
    """What stands beside the file: what the list states, over what stood there before.

    Who may read the digest may read the original, and nobody else: its groups are taken over where the list is silent.
    """
    stood: dict[str, Any] = {}
    beside = sidecar(corpus / source.file)
    try:
        if beside is not None:
            stood = sidecar_fields(beside.read_bytes(), beside.name)
        if "access" not in stood and source.replaces and (corpus / source.replaces).is_file():
            digest = read(corpus / source.replaces, corpus, max_file_mb=max_file_mb)
            stood["access"] = list(digest.metadata.access)
    except DocumentError as error:
        raise _RefusedError(f"{error.path}: {error.reason}") from error
    stated = {key: list(value) if isinstance(value, tuple) else value for key, value in source.stated.items()}
    fields_beside = {key: value for key, value in {**stood, **stated}.items() if value}
    return yaml.safe_dump(fields_beside, allow_unicode=True, sort_keys=False)


def _put_away(corpus: Path, name: str) -> str:
    """Move a digest and its sidecar into the hidden folder; a digest that was put away before is kept too."""
    digest = corpus / name
    if not name or not digest.is_file():
        return ""
    folder = corpus / DIGESTS
    folder.mkdir(exist_ok=True)
    beside = sidecar(digest)
    digest.replace(_free(folder, name))
    if beside is not None and beside.name == name + SIDECAR_SUFFIX:
        beside.replace(_free(folder, beside.name))
    return name


def _free(folder: Path, name: str) -> Path:
    free, number = folder / name, 1
    while free.exists():
        number += 1
        free = folder / f"{name}.{number}"
    return free


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
