"""A bad file never enters the corpus folder, nothing is overwritten unasked, and what was removed can come back."""

from pathlib import Path

import pytest
from fpdf import FPDF

from assistant.documents.read import corpus_files
from assistant.documents.shelf import Shelf, safe_name
from assistant.errors import DocumentError, LibraryError

TEXT = "Veltoral gives hver 4. uge.\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    root = tmp_path / "corpus"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text(TEXT, "utf-8")
    (root / "sub" / "b.txt").write_text(TEXT, "utf-8")
    return Shelf(root, max_file_mb=0.001)


def ids(shelf: Shelf) -> list[str]:
    return [path.relative_to(shelf.root).as_posix() for path in corpus_files(shelf.root)]


def add(shelf: Shelf, name: str, data: bytes, *, replace: bool = False) -> None:
    with shelf.incoming(name) as place:
        before = ids(shelf)
        place.write_bytes(data)
        assert ids(shelf) == before  # what is arriving is no document yet
        shelf.add(place, replace=replace)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Veltoral.PDF", "Veltoral.pdf"),
        ("../../etc/Veltoral.md", "Veltoral.md"),
        (r"C:\Users\me\Veltoral: dosis?.docx", "Veltoral dosis.docx"),
        (".hidden.txt", "hidden.txt"),
        ("Bijsluiter\u202e\n2025.html", "Bijsluiter 2025.html"),
        ("Indlægsseddel.txt", "Indlægsseddel.txt"),
        ("a" * 400 + ".txt", "a" * 176 + ".txt"),
    ],
)
def test_a_name_is_made_safe_and_stays_recognisable(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize("name", ["x.exe", "x", "x.meta.yaml", "..", "", "pdf"])
def test_a_kind_of_file_that_is_not_read_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(DocumentError) as refused:
        safe_name(name)
    assert refused.value.trouble == "wrong_kind"


@pytest.mark.parametrize("name", [".txt", "con.txt", "README.md", "...pdf"])
def test_a_name_that_no_document_can_have_is_refused(name: str) -> None:
    with pytest.raises(DocumentError):
        safe_name(name)


@pytest.mark.parametrize(
    ("name", "data", "trouble"),
    [
        ("c.txt", b"", "empty"),
        ("c.txt", b"  \n", "empty"),
        ("c.pdf", b"%PDF-1.4 broken", "damaged"),
        ("c.txt", b"%PDF-1.4", "encoding"),
        ("c.txt", b"x" * 1001, "too_large"),
        ("c.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "locked"),
    ],
)
def test_a_bad_file_says_why_and_never_enters(shelf: Shelf, name: str, data: bytes, trouble: str) -> None:
    with pytest.raises(DocumentError) as refused:
        add(shelf, name, data)
    assert refused.value.trouble == trouble
    assert ids(shelf) == ["a.txt", "sub/b.txt"]
    assert sorted(path.name for path in shelf.root.iterdir()) == ["a.txt", "sub"]


def test_a_pdf_with_a_password_says_so_and_never_enters(shelf: Shelf) -> None:
    made = FPDF()
    made.set_encryption(owner_password="a", user_password="b")
    made.add_page()
    with pytest.raises(DocumentError) as refused:
        add(Shelf(shelf.root, max_file_mb=1), "c.pdf", bytes(made.output()))
    assert refused.value.trouble == "locked"
    assert ids(shelf) == ["a.txt", "sub/b.txt"]


def test_a_good_file_enters_under_its_name(shelf: Shelf) -> None:
    add(shelf, "c.txt", TEXT.encode())
    assert ids(shelf) == ["a.txt", "c.txt", "sub/b.txt"]
    assert (shelf.root / "c.txt").read_text("utf-8") == TEXT


@pytest.mark.parametrize("name", ["a.txt", "A.TXT"])
def test_nothing_is_overwritten_unasked_and_what_is_replaced_can_be_put_back(shelf: Shelf, name: str) -> None:
    with pytest.raises(LibraryError) as refused:
        add(shelf, name, b"Newer.\n")
    assert refused.value.trouble == "exists"
    assert (shelf.root / "a.txt").read_text("utf-8") == TEXT
    add(shelf, name, b"Newer.\n", replace=True)
    [before] = shelf.removed()
    assert before.document_id == "a.txt"
    assert (shelf.root / safe_name(name)).read_text("utf-8") == "Newer.\n"


def test_what_was_removed_comes_back_to_its_place_with_its_sidecar(shelf: Shelf) -> None:
    (shelf.root / "sub" / "b.meta.yaml").write_text("title: Veltoral\n", "utf-8")
    removed = shelf.remove("sub/b.txt")
    assert ids(shelf) == ["a.txt"]
    assert list((shelf.root / "sub").iterdir()) == []
    assert shelf.removed() == [removed]
    assert shelf.restore(removed.token) == "sub/b.txt"
    assert ids(shelf) == ["a.txt", "sub/b.txt"]
    assert (shelf.root / "sub" / "b.meta.yaml").is_file()
    assert shelf.removed() == []


def test_a_sidecar_that_two_files_share_stays_with_the_other(shelf: Shelf) -> None:
    (shelf.root / "a.md").write_text(TEXT, "utf-8")
    (shelf.root / "a.meta.yaml").write_text("title: Veltoral\n", "utf-8")
    shelf.remove("a.txt")
    assert (shelf.root / "a.meta.yaml").is_file()


def test_putting_back_never_overwrites(shelf: Shelf) -> None:
    removed = shelf.remove("a.txt")
    add(shelf, "a.txt", b"Newer.\n")
    with pytest.raises(LibraryError) as refused:
        shelf.restore(removed.token)
    assert refused.value.trouble == "taken"
    assert (shelf.root / "a.txt").read_text("utf-8") == "Newer.\n"
    assert shelf.removed() == [removed]


def test_only_documents_can_be_removed_and_not_the_last(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x", "utf-8")
    for id_ in ("../secret.txt", str(tmp_path / "secret.txt"), "sub", "nothing.txt", ""):
        with pytest.raises(LibraryError) as refused:
            shelf.remove(id_)
        assert refused.value.trouble == "gone"
    shelf.remove("a.txt")
    with pytest.raises(LibraryError) as refused:
        shelf.remove("sub/b.txt")
    assert refused.value.trouble == "last"
    for token in ("..", "../..", "20250101T000000Z-00000000", ""):
        with pytest.raises(LibraryError):
            shelf.restore(token)
