"""A file becomes a Document, or one line that names it, the reason and the remedy; text files stay as they are."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents import read as reading
from assistant.documents.model import Document
from assistant.documents.read import SUFFIXES, content_hash, corpus_files, read_document
from assistant.documents.segment import segment
from assistant.errors import DocumentError

ORIGINALS = Path(__file__).parents[3] / "shared" / "corpus-originals"
LEAFLET = "Veltoral\n\nVeltoral gives én gang om måneden.\n"
any_text = st.text(
    alphabet=st.sampled_from("abcæøåëï #-*|`~=<!>.:_1\n\n\r\t\ufeff\u2028\x0b\x0c😀𝔐")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    max_size=300,
)


def stored(root: Path, name: str, data: bytes | str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refusal(path: Path, root: Path, **more: float) -> str:
    with pytest.raises(DocumentError) as caught:
        read_document(path, root, **more)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    assert str(root) not in message
    return message


@settings(max_examples=300, deadline=None)
@given(text=any_text, name=st.sampled_from(["a.txt", "a.md", "a.MARKDOWN"]))
def test_a_text_file_is_the_file_as_decoded_unchanged(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
) -> None:
    root = tmp_path_factory.mktemp("corpus")
    path = stored(root, name, text)
    try:
        document = read_document(path, root)
    except DocumentError:
        return
    assert document.text == path.read_bytes().decode("utf-8")
    assert 0 <= document.body <= len(document.text)
    ends = 0
    for mark in document.marks:
        assert document.body <= mark.start < mark.end <= len(text)
        assert ends <= mark.start
        ends = mark.end


@pytest.mark.parametrize("text", [LEAFLET.replace("\n", "\r\n"), "\ufeff" + LEAFLET, "𝔐 😀 mål\r\nslut", "a\rb\u2028c"])
@pytest.mark.parametrize("ending", ["txt", "md"])
def test_line_ends_byte_order_mark_and_astral_characters_stay(tmp_path: Path, text: str, ending: str) -> None:
    assert read_document(stored(tmp_path, f"a.{ending}", text), tmp_path).text == text


def test_utf16_with_its_mark_is_read(tmp_path: Path) -> None:
    assert read_document(stored(tmp_path, "a.txt", LEAFLET.encode("utf-16")), tmp_path).text == LEAFLET


def test_a_document_is_named_by_its_path_below_the_corpus(tmp_path: Path) -> None:
    path = stored(tmp_path, "vejledning/a b; rm -rf $HOME.txt", LEAFLET)
    document = read_document(path, tmp_path)
    assert document.id == "vejledning/a b; rm -rf $HOME.txt"
    assert document.metadata.language == "da"
    assert document.metadata.title == "Veltoral"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", ["empty"]),
        ("a.txt", b"\xef\xbb\xbf \r\n\t", ["empty"]),
        ("a.md", b"---\ntitle: Veltoral\n---\n\n", ["empty"]),
        ("a.txt", b"M\x00\x01\x02" * 50, ["binary", "text"]),
        ("a.txt", b"\x01\x02\x03Veltoral\x04" * 50, ["binary", "text"]),
        ("a.txt", "\u200b\u2060\n\xa0".encode(), ["empty"]),
        ("a.txt", "Veltoral".encode("utf-16-le"), ["UTF-16", "Save it as UTF-8"]),
        ("a.txt", "Veltoral".encode("utf-32"), ["UTF-32", "Save it as UTF-8"]),
        ("a.md", b"%PDF-1.7 ...", ["PDF under a text name"]),
        ("a.txt", b"PK\x03\x04....", ["ZIP"]),
        ("a.txt", b"\x89PNG....", ["PNG"]),
        ("a.txt", b"\x1f\x8b....", ["gzip"]),
        ("a.txt", "Linje\nfår én".encode("cp1252"), ["byte 7", "line 2", "Windows-1252", "Save it as UTF-8"]),
        ("a.txt", "får én på øen".encode("cp850"), ["byte 1", "DOS 850"]),
        ("a.txt", "får én på øen".encode("mac_roman"), ["Mac Roman"]),
        ("a.rtf", b"{\\rtf1 }", [".rtf are not read", ".docx"]),
        ("LICENSE", b"text", ["without an ending"]),
        ("a.html", b"", ["empty"]),
        ("a.html", b"<html><script>1</script></html>", ["empty"]),
        ("a.html", b"\0\1\2<p>x</p>", ["binary"]),
        ("a.html", "<p>får</p>".encode("cp1252"), ["not utf-8", "meta charset"]),
        ("a.pdf", b"<html>Not found</html>", ["no readable PDF"]),
        ("a.pdf", b"%PDF-1.7\n" + b"x" * 500, ["no readable PDF"]),
        ("a.docx", b"PK\x03\x04" + b"x" * 500, ["no readable DOCX"]),
        ("a.docx", b"plain text", ["no readable DOCX"]),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, ["encrypted", "password"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_what_to_do(tmp_path: Path, name: str, data: bytes, says: list[str]) -> None:
    message = refusal(stored(tmp_path, name, data), tmp_path)
    assert [part for part in says if part not in message] == []


def test_a_missing_file_and_a_link_to_nothing_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "gone.txt", tmp_path)
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    assert "no such file" in refusal(tmp_path / "link.txt", tmp_path)


@pytest.mark.parametrize("name", [b"f\xe5r.txt", b"a\nb.txt", b"\x1b[31m.txt", "a\u2028b.txt".encode()])
def test_a_name_that_cannot_be_stored_or_shown_is_refused_in_one_printable_line(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    try:
        path.write_text(LEAFLET)
    except OSError:
        pytest.skip("this file system takes no such name")
    [found] = corpus_files(tmp_path)
    assert len(content_hash(found)) == 64
    with pytest.raises(DocumentError, match="Rename it") as caught:
        read_document(found, tmp_path)
    assert str(caught.value).isprintable()
    str(caught.value).encode("utf-8")


@contextmanager
def somebody() -> Iterator[Path]:
    """A folder of one's own, without the rights of the superuser, who is refused nothing."""
    folder = Path(tempfile.mkdtemp())
    is_superuser = os.geteuid() == 0
    try:
        if is_superuser:
            os.chown(folder, 65534, -1)
            os.seteuid(65534)
        yield folder
    finally:
        if is_superuser:
            os.seteuid(0)
        shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="there are no such permissions here")
def test_a_file_that_may_not_be_read_is_refused() -> None:
    with somebody() as root:
        path = stored(root, "a.txt", LEAFLET)
        path.chmod(0)
        assert "permission" in refusal(path, root)
        with pytest.raises(DocumentError):
            content_hash(path)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="there are no such permissions here")
def test_documents_in_a_closed_folder_are_not_taken_for_gone() -> None:
    with somebody() as root:
        path = stored(root, "sub/a.txt", LEAFLET)
        try:
            path.parent.chmod(0o400)
            assert corpus_files(root) == [path]
            assert "permission" in refusal(path, root)
            with pytest.raises(DocumentError):
                content_hash(path)
            path.parent.chmod(0)
            with pytest.raises(DocumentError, match="cannot be listed"):
                corpus_files(root)
        finally:
            path.parent.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    assert "ordinary file" in refusal(pipe, tmp_path)
    with pytest.raises(DocumentError):
        content_hash(pipe)
    assert corpus_files(tmp_path) == []


def test_a_folder_with_a_documents_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    refusal(tmp_path / "folder.txt", tmp_path)


def test_an_over_large_file_is_refused_with_both_sizes(tmp_path: Path) -> None:
    path = stored(tmp_path, "a.txt", "x" * 2_500_000)
    message = refusal(path, tmp_path, max_file_mb=2)
    assert "2.5 MB" in message
    assert "the 2 MB" in message
    assert len(read_document(path, tmp_path, max_file_mb=2.5).text) == 2_500_000


def test_the_hash_follows_the_file_its_sidecar_and_the_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = stored(tmp_path, "a.txt", LEAFLET)
    seen = [content_hash(path)]
    assert read_document(path, tmp_path).content_hash == seen[0]
    stored(tmp_path, "a.txt.meta.yaml", "title: Veltoral")
    seen.append(content_hash(path))
    assert read_document(path, tmp_path).content_hash == seen[1]
    stored(tmp_path, "a.txt", LEAFLET + "title: Veltoral")
    (tmp_path / "a.txt.meta.yaml").unlink()
    seen.append(content_hash(path))
    monkeypatch.setattr(reading, "READER_VERSION", "another")
    seen.append(content_hash(path))
    assert len(set(seen)) == 4
    assert all(len(value) == 64 for value in seen)


def test_the_files_of_a_corpus_are_its_documents_and_nothing_else(tmp_path: Path) -> None:
    root, outside = tmp_path / "corpus", tmp_path / "outside"
    for name in ["b.txt", "a.PDF", "sub/c.md", "sub/README.md"]:
        stored(root, name, LEAFLET)
    for name in [
        "README.md", "sources.toml", "b.txt.meta.yaml", "b.meta.yaml", ".hidden.txt", ".digests/d.md", "sub/.x/e.txt",
        "data.csv", "note",
    ]:  # fmt: skip
        stored(root, name, LEAFLET)
    stored(outside, "secret.txt", LEAFLET)
    (root / "leak.txt").symlink_to(outside / "secret.txt")
    (root / "leaks").symlink_to(outside)
    (root / "ring.txt").symlink_to(root / "ring.txt")
    (root / "inside.txt").symlink_to(root / "b.txt")
    found = [path.relative_to(root).as_posix() for path in corpus_files(root)]
    assert found == sorted(["a.PDF", "b.txt", "inside.txt", "sub/README.md", "sub/c.md"])
    assert corpus_files(tmp_path / "nowhere") == []


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=400), suffix=st.sampled_from(sorted(SUFFIXES)))
def test_any_bytes_become_a_document_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    root = tmp_path_factory.mktemp("corpus")
    try:
        document = read_document(stored(root, f"a{suffix}", data), root)
    except DocumentError as error:
        assert "\n" not in str(error)
        return
    document.text.encode("utf-8")
    assert all(0 <= mark.start < mark.end <= len(document.text) for mark in document.marks)


MARKDOWN = """\
---
title: Veltoral
---
# Veltoral #

Indledning
==========

Veltoral findes som:

- tabletter
  på 5 mg
- saft
    1. med smag
> citat

| Alder | Dosis |
|-------|------:|
| voksne | 60 mg |

Navn | Pris
--- | ---
Bruxamin | 12,50 kr.

<!-- skjult
# ikke en overskrift -->
```
# heller ikke
```
Slut
"""


def marked(document: Document, kind: str) -> list[str]:
    return [document.text[mark.start : mark.end] for mark in document.marks if mark.kind == kind]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_markdown_states_its_structure(tmp_path: Path, newline: str) -> None:
    document = read_document(stored(tmp_path, "a.md", MARKDOWN.replace("\n", newline)), tmp_path)
    assert document.text[document.body :].startswith("# Veltoral")
    assert marked(document, "heading") == ["Veltoral", "Indledning"]
    assert [mark.level for mark in document.marks if mark.kind == "heading"] == [1, 1]
    assert marked(document, "item") == [f"- tabletter{newline}  på 5 mg", "- saft", "1. med smag"]
    assert [mark.level for mark in document.marks if mark.kind == "item"] == [1, 1, 3]
    assert marked(document, "row") == [
        "| Alder | Dosis |", "| voksne | 60 mg |", "Navn | Pris", "Bruxamin | 12,50 kr."
    ]  # fmt: skip
    assert marked(document, "skip") == [
        "==========", "|-------|------:|", "--- | ---", "<!-- skjult", "# ikke en overskrift -->", "```", "```"
    ]  # fmt: skip


def test_an_indented_paragraph_belongs_to_the_list_item_above_it(tmp_path: Path) -> None:
    text = (
        "Sådan:\n\n1. Vask hænderne.\n\n   Brug sæbe\n   og vand.\n\n2. Stik.\n   - lige\n\n     og dybt\n\n"
        "Ring.\n\n   Ikke en liste.\n"
    )
    document = read_document(stored(tmp_path, "a.md", text), tmp_path)
    assert marked(document, "item") == [
        "1. Vask hænderne.", "Brug sæbe\n   og vand.", "2. Stik.", "- lige", "og dybt"
    ]  # fmt: skip
    assert [mark.level for mark in document.marks] == [1, 1, 1, 2, 2]
    last = segment(document)[-1].sentences
    assert {s.lead_in for s in last if s.text not in ("Sådan:", "Ring.", "Ikke en liste.")} == {0}
    assert [s.lead_in for s in last[-2:]] == [-1, -1]


def test_plain_text_states_no_structure(tmp_path: Path) -> None:
    assert read_document(stored(tmp_path, "a.txt", "# Veltoral\n\n- én\n"), tmp_path).marks == ()


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals are not here")
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("conexxence-overview.da.txt", "da"),
        ("conexxence-overview.nl.txt", "nl"),
        ("conexxence-reimbursement-decision.da.txt", "da"),
    ],
)
def test_an_original_is_read_unchanged_in_its_language(name: str, language: str) -> None:
    document = read_document(ORIGINALS / name, ORIGINALS)
    assert document.text == (ORIGINALS / name).read_bytes().decode("utf-8")
    assert document.metadata.language == language
    assert document.metadata.title
