"""A DOCX becomes its blocks in order, as it reads with all tracked changes accepted."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document as new_docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.model import Document
from assistant.documents.read import read_document
from assistant.errors import DocumentError


def read(root: Path, made: Any) -> Document:
    path = root / "a.docx"
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        made.save(path)
    return read_document(path, root)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(mark.kind, document.text[mark.start : mark.end]) for mark in document.marks]


def packed(made: Any) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return stream.getvalue()


def test_blocks_come_in_document_order(tmp_path: Path) -> None:
    made = new_docx()
    made.sections[0].header.paragraphs[0].text = "Sidehoved"
    made.add_heading("Veltoral", 0)
    made.add_paragraph("Veltoral gives én gang\nom måneden.")
    made.add_heading("Dosis", 2)
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Alder", "Dosis", "Voksne", "60 mg"], strict=True):
        cell.text = text
    made.add_paragraph("Hyppige bivirkninger:")
    made.add_paragraph("hovedpine", style="List Bullet")
    made.add_paragraph("")
    for text in ("Skyl.", "Tør."):
        made.add_paragraph(text, style="List Number")
    document = read(tmp_path, made)
    assert blocks(document) == [
        ("heading", "Veltoral"),
        ("paragraph", "Veltoral gives én gang\nom måneden."),
        ("heading", "Dosis"),
        ("row", "Alder | Dosis"),
        ("row", "Voksne | 60 mg"),
        ("paragraph", "Hyppige bivirkninger:"),
        ("item", "• hovedpine"),
        ("item", "1. Skyl."),
        ("item", "2. Tør."),
    ]
    assert [mark.level for mark in document.marks if mark.kind == "heading"] == [1, 2]
    assert document.text == "\n\n".join(text for _, text in blocks(document))


def test_what_goes_on_in_a_list_has_no_bullet_of_its_own(tmp_path: Path) -> None:
    made = new_docx()
    made.add_paragraph("hovedpine", style="List Bullet")
    made.add_paragraph("går over igen", style="List Continue")
    made.add_paragraph("Slut.")
    found = blocks(read(tmp_path, made))
    assert found == [("item", "• hovedpine"), ("item", "går over igen"), ("paragraph", "Slut.")]


def test_cells_that_are_merged_come_once(tmp_path: Path) -> None:
    made = new_docx()
    table = made.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Voksne og børn"
    table.cell(0, 2).text = "60 mg"
    table.cell(1, 2).add_table(rows=1, cols=2).rows[0].cells[0].text = "indre"
    assert blocks(read(tmp_path, made)) == [("row", "Voksne og børn | 60 mg"), ("row", "|  | indre |")]


def _in(tag: str, text: str, run_tag: str = "w:t") -> Any:
    return parse_xml(
        f'<w:{tag} {nsdecls("w")} w:id="1" w:author="x"><w:r><{run_tag} xml:space="preserve">{text}</{run_tag}></w:r>'
        f"</w:{tag}>"
    )


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    made = new_docx()
    paragraph = made.add_paragraph("Giv ")
    paragraph._p.append(_in("del", "30 mg", "w:delText"))
    paragraph._p.append(_in("ins", "60 mg"))
    paragraph._p.append(_in("moveFrom", " flyttet"))
    paragraph.add_run(" dagligt.")
    assert read(tmp_path, made).text == "Giv 60 mg dagligt."


def test_content_controls_links_and_text_boxes_are_read(tmp_path: Path) -> None:
    made = new_docx()
    made.add_paragraph("Før.")
    body = made.element.body
    for xml in (
        f"<w:ins {nsdecls('w')} w:id='9' w:author='x'><w:p><w:r><w:t>Tilføjet.</w:t></w:r></w:p></w:ins>",
        f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent>"
        "<w:p><w:r><w:t>I felt.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        f"<w:p {nsdecls('w')}><w:hyperlink><w:r><w:t>Et link</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>D</w:t>"
        "<w:noBreakHyphen/><w:t>vitamin</w:t></w:r></w:p>",
        f"<w:p {nsdecls('w')}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Advarsel!</w:t></w:r></w:p></w:txbxContent>"
        "</w:pict></w:r><w:r><w:t>Ved siden af.</w:t></w:r></w:p>",
    ):
        body.insert(len(body) - 1, parse_xml(xml))
    assert [text for _, text in blocks(read(tmp_path, made))] == [
        "Før.", "Tilføjet.", "I felt.", "Et link D-vitamin", "Ved siden af.", "Advarsel!"
    ]  # fmt: skip


def test_superscript_never_makes_another_figure_and_hidden_text_stays_hidden(tmp_path: Path) -> None:
    made = new_docx()
    paragraph = made.add_paragraph("Faldet var 2,5")
    paragraph.add_run("4").font.superscript = True
    paragraph.add_run(" skjult").font.hidden = True
    paragraph.add_run(" %.")
    assert read(tmp_path, made).text == "Faldet var 2,5⁴ %."


def test_struck_text_does_not_hold_and_a_property_switched_off_is_off(tmp_path: Path) -> None:
    made = new_docx()
    paragraph = made.add_paragraph("Giv ")
    paragraph.add_run("30 mg").font.strike = True
    paragraph.add_run("20 mg").font.double_strike = True
    visible = paragraph.add_run("60 mg")
    visible.font.strike = visible.font.hidden = False
    assert read(tmp_path, made).text == "Giv 60 mg"


def test_signs_of_the_symbol_font_keep_their_meaning(tmp_path: Path) -> None:
    made = new_docx()
    paragraph = made.add_paragraph("Til patienter ")
    for font, code in (("Symbol", "F0B3"), ("Wingdings", "F0A8")):
        sign = parse_xml(f'<w:sym {nsdecls("w")} w:font="{font}" w:char="{code}"/>')
        paragraph.add_run()._r.append(sign)
    paragraph.add_run("65 år: 5 ")
    paragraph.add_run("\uf06d").font.name = "Symbol"
    paragraph.add_run("g.")
    assert read(tmp_path, made).text == "Til patienter ≥ 65 år: 5 µg."


def test_headings_are_known_by_outline_and_by_what_a_style_is_based_on(tmp_path: Path) -> None:
    made = new_docx()
    style = made.styles.add_style("Kapitel", 1)
    style.base_style = made.styles["Heading 2"]
    made.add_paragraph("Efter stil", style="Kapitel")
    outlined = made.add_paragraph("Efter niveau")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "2")
    outlined._p.get_or_add_pPr().append(level)
    made.add_paragraph("Brødtekst.")
    document = read(tmp_path, made)
    assert [(mark.kind, mark.level) for mark in document.marks] == [("heading", 2), ("heading", 3), ("paragraph", 0)]


def test_footnotes_follow_the_body(tmp_path: Path) -> None:
    made = new_docx()
    made.add_paragraph("Veltoral virker.")
    xml = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>Målt efter et år.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        xml.encode(),
        made.part.package,
    )
    made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert read(tmp_path, made).text == "Veltoral virker.\n\nMålt efter et år."


def test_properties_become_metadata(tmp_path: Path) -> None:
    made = new_docx()
    made.add_paragraph("Veltoral gives dagligt.")
    made.core_properties.title = "Veltoral:  oversigt"
    made.core_properties.modified = datetime(2024, 5, 6)
    metadata = read(tmp_path, made).metadata
    assert (metadata.title, metadata.date) == ("Veltoral: oversigt", "2024-05-06")


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    data = packed(new_docx())
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/media/image1.bin", b"\0" * 210_000_000)
    with pytest.raises(DocumentError, match="unpacks to more than 200 MB"):
        read(tmp_path, stream.getvalue())


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hemmelig")
    made = new_docx()
    made.add_paragraph("Veltoral MARK")

    def change(name: str, data: bytes) -> bytes:
        if name != "word/document.xml":
            return data
        entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]><w:document'
        return data.replace(b"<w:document", entity.encode(), 1).replace(b"MARK", b"&e;")

    with suppress(DocumentError):
        assert "hemmelig" not in read(tmp_path, repacked(packed(made), change)).text


def test_other_office_files_under_this_name_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(DocumentError, match="no readable DOCX"):
        read(tmp_path, stream.getvalue())


def test_a_document_without_text_is_empty(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="it is empty"):
        read(tmp_path, new_docx())


def test_any_damage_gives_a_document_or_a_refusal(tmp_path: Path) -> None:
    made = new_docx()
    made.add_paragraph("Veltoral gives dagligt.")
    whole = packed(made)
    for cut in range(0, len(whole), 499):
        for damaged in (whole[:cut], whole[:cut] + b"\0\xff<<" + whole[cut + 4 :]):
            try:
                read(tmp_path, damaged)
            except DocumentError as error:
                assert "a.docx: " in str(error)
    for name in ("word/document.xml", "word/styles.xml", "word/numbering.xml", "[Content_Types].xml"):
        for old, new in ((b"w:val=", b"w:was="), (b"<w:", b"<x:"), (b"w:body", b"w:bodi"), (b"0", b"-1"), (b"1", b"")):
            changed = repacked(
                whole, lambda at, data, name=name, old=old, new=new: data.replace(old, new) if at == name else data
            )
            try:
                read(tmp_path, changed)
            except DocumentError as error:
                assert "a.docx: " in str(error)


kinds = st.sampled_from(["paragraph", "List Bullet", "List Number", "Heading 1", "table"])
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\u00ad😀"), min_size=1, max_size=30
)


@settings(max_examples=50, deadline=None)
@given(content=st.lists(st.tuples(kinds, texts), min_size=1, max_size=8))
def test_marks_cover_the_text_of_any_document(
    tmp_path_factory: pytest.TempPathFactory, content: list[tuple[str, str]]
) -> None:
    made = new_docx()
    try:
        for kind, text in content:
            if kind == "table":
                made.add_table(rows=1, cols=1).rows[0].cells[0].text = text
            else:
                made.add_paragraph(text, style=None if kind == "paragraph" else kind)
    except ValueError:  # characters that XML cannot hold
        return
    try:
        document = read(tmp_path_factory.mktemp("corpus"), made)
    except DocumentError:
        return
    assert document.text == "\n\n".join(text for _, text in blocks(document))
    assert all(text.strip() for _, text in blocks(document))
