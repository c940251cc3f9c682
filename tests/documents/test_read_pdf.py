"""A PDF becomes text with its pages, and a box for every character."""

import re
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.model import Document
from assistant.documents.read import read_document
from assistant.errors import DocumentError

LATIN = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=["Cc", "Zs", "Cf"]), min_size=1)
WORDS = st.lists(LATIN.map(lambda word: word[:12]), min_size=1, max_size=30)


def pdf(*pages: str, width: float = 180) -> FPDF:
    made = FPDF()
    made.set_font("Helvetica", size=12)
    for text in pages:
        made.add_page()
        if text:
            made.multi_cell(width, 8, text)
    return made


def read(root: Path, made: FPDF | bytes) -> Document:
    path = root / "a.pdf"
    path.write_bytes(made if isinstance(made, bytes) else bytes(made.output()))
    return read_document(path, root)


def boxes(document: Document) -> np.ndarray:
    return np.frombuffer(document.boxes, dtype=np.float32).reshape(-1, 4)


def refusal(root: Path, made: FPDF | bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read(root, made)
    return str(caught.value)


def test_pages_are_told_apart(tmp_path: Path) -> None:
    document = read(tmp_path, pdf("Veltoral gives hver dag.", "", "Opbevares køligt."))
    assert document.text.split("\f") == ["Veltoral gives hver dag.\n", "\n\n", "\nOpbevares køligt."]
    assert len(document.pages) == 3
    assert document.page_at(document.text.index("gives")) == 1
    assert document.page_at(document.text.index("Opbevares")) == 3


def test_boxes_surround_their_characters_in_reading_order(tmp_path: Path) -> None:
    document = read(tmp_path, pdf("Ens æøå\nTo", "Ny side"))
    places = boxes(document)
    assert places.shape == (len(document.text), 4)
    for character, (left, bottom, right, top) in zip(document.text, places, strict=True):
        if character.isspace():
            assert (left, bottom, right, top) == (0, 0, 0, 0)
        else:
            assert 0 < left < right < 596
            assert 0 < bottom < top < 842
    at = document.text.index
    assert places[at("E"), 0] < places[at("n"), 0] < places[at("ø"), 0]  # a line runs to the right
    assert places[at("T"), 3] < places[at("E"), 1]  # the next stands below it
    assert places[at("N"), 1] > places[at("T"), 1]  # a new page begins at its top


def test_a_hyphen_at_a_lines_end_stays_with_its_line_break(tmp_path: Path) -> None:
    document = read(tmp_path, pdf("Giv kalk og D-\nvitamin sammen med Veltoral, så behand-\nlingen virker."))
    assert "D-\nvitamin" in document.text
    assert "behand-\nlingen" in document.text
    assert boxes(document)[document.text.index("-")].any()


def _hand_made(to_unicode: str, shown: str = "AB", font: str = "Helvetica") -> bytes:
    """A PDF whose font says by a ToUnicode map which characters its codes stand for."""
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{to_unicode}\nendcmap end end"
    )
    content = f"BT /F1 24 Tf 100 700 Td ({shown}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /ToUnicode 6 0 R >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(body)
    count = len(objects) + 1
    trailer = f"trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    return f"{body}xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


@pytest.mark.parametrize(
    ("first", "read_as"),
    [("D835DC34", "𝐴"), ("D83DDE00", "😀"), ("00660069", "fi"), ("FB01", "fi"), ("0041030A", "A\u030a")],
)
def test_one_character_of_text_has_one_box_whatever_a_code_stands_for(tmp_path: Path, first: str, read_as: str) -> None:
    made = _hand_made(f"2 beginbfchar <41> <{first}> <42> <0042> endbfchar")
    document = read(tmp_path, made)
    assert document.text == read_as + "B"
    assert len(boxes(document)) == len(document.text)
    assert boxes(document).any(axis=1).all()


def test_a_sign_of_the_symbol_font_keeps_its_meaning(tmp_path: Path) -> None:
    made = _hand_made("3 beginbfchar <41> <F0B3> <42> <0042> <43> <F06D> endbfchar", "ABC", font="Symbol")
    document = read(tmp_path, made)
    assert document.text == "≥Bµ"
    assert boxes(document).any(axis=1).all()


def test_half_a_character_does_not_break_the_text(tmp_path: Path) -> None:
    document = read(tmp_path, _hand_made("2 beginbfchar <41> <D835> <42> <0042> endbfchar", "ABBBB"))
    document.text.encode("utf-8")
    assert document.text.endswith("BBBB")
    assert len(boxes(document)) == len(document.text)


@settings(max_examples=60, deadline=None)
@given(words=WORDS, width=st.sampled_from([40, 90, 180]))
def test_every_letter_on_the_page_is_in_the_text_with_a_box(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], width: float
) -> None:
    root = tmp_path_factory.mktemp("corpus")
    document = read(root, pdf(" ".join(words), " ".join(reversed(words)), width=width))
    assert len(boxes(document)) == len(document.text)
    assert re.sub(r"\s", "", document.text) == "".join(words) + "".join(reversed(words))
    assert document.pages[0] == 0 < document.pages[1] < len(document.text)
    for character, place in zip(document.text, boxes(document), strict=True):
        assert place.any() == (not character.isspace())


def test_title_and_date_come_from_the_file_unless_they_name_a_file(tmp_path: Path) -> None:
    made = pdf("Veltoral\nGives hver dag.")
    made.set_title("Veltoral: oversigt")
    made.set_creation_date(datetime(2024, 5, 6, 7, 8))
    metadata = read(tmp_path, made).metadata
    assert (metadata.title, metadata.date) == ("Veltoral: oversigt", "2024-05-06")
    made = pdf("Veltoral\nGives hver dag.")
    made.set_title("Microsoft Word - udkast3.docx")
    assert read(tmp_path, made).metadata.title == "Veltoral"


def test_a_short_text_has_the_language_that_the_file_states(tmp_path: Path) -> None:
    for stated, language in (("da-DK", "da"), ("NL", "nl"), ("en-GB", "en")):
        made = pdf("Veltoral 60 mg")
        made.set_lang(stated)
        assert read(tmp_path, made).metadata.language == language


def test_a_password_is_asked_for_only_where_the_file_needs_one_to_open(tmp_path: Path) -> None:
    made = pdf("Veltoral gives hver dag.")
    made.set_encryption("owner", "", permissions=AccessPermission.none())
    assert read(tmp_path, made).text == "Veltoral gives hver dag."
    made = pdf("Veltoral gives hver dag.")
    made.set_encryption("owner", "user")
    assert "encrypted. Save it without a password" in refusal(tmp_path, made)


def test_scanned_pages_are_refused_with_the_remedy(tmp_path: Path) -> None:
    made = pdf("")
    made.rect(20, 20, 100, 100, style="F")
    message = refusal(tmp_path, made)
    assert "scanned pages" in message
    assert "OCR" in message


def test_fonts_that_do_not_say_their_letters_are_refused(tmp_path: Path) -> None:
    made = _hand_made("2 beginbfchar <41> <E041> <42> <E042> endbfchar")
    assert "OCR" in refusal(tmp_path, made)


def test_any_damage_gives_a_document_or_a_refusal(tmp_path: Path) -> None:
    whole = bytes(pdf("Veltoral gives hver dag.", "Opbevares koldt.").output())
    for cut in range(0, len(whole), 97):
        for damaged in (whole[:cut], whole[:cut] + b"\0\xff<<" + whole[cut + 4 :]):
            try:
                document = read(tmp_path, damaged)
            except DocumentError as error:
                assert "a.pdf: " in str(error)
            else:
                assert len(boxes(document)) == len(document.text)
