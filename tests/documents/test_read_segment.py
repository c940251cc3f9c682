"""Whatever the format, what is read is cut into sentences whose spans lie in its text, in order, and say something."""

import html
import itertools
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
from docx import Document as new_docx
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.model import Document
from assistant.documents.read import read_document
from assistant.documents.segment import segment
from assistant.errors import DocumentError

# What trips readers and cutters: figures with commas, hyphens at line ends, note marks, odd spaces, accents in two.
PIECES = st.sampled_from(
    """Veltoral bruxamin gives 2,5 −2,5.4 måned.2 1.116,10 kr. D- vitamin behand- lingen én ≥65 §
    stk. 3. Hvad? «Ja» "nej" (60 mg) dag.a 18. juli 2025 – … ; : ! 50 % · • * - 1. a) | µg/ml ½ 10⁹""".split()  # noqa: SIM905
)
ODD = st.sampled_from(["\u00ad", "\xa0", "\u200b", "e\u0301", "ﬁ", "😀", "𝔐", "\u2028", "\ufeff", "\ufffe"])
words = st.lists(PIECES, min_size=1, max_size=12).map(" ".join)
odd_words = st.lists(PIECES | ODD, min_size=1, max_size=12).map(" ".join)
kinds = st.sampled_from(["heading", "paragraph", "item", "number", "row"])
contents = st.lists(st.tuples(kinds, odd_words), min_size=1, max_size=10)


def checked(document: Document) -> list[str]:
    """The sentences of a document, as they stand in its text."""
    passages = segment(document)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    for passage in passages:
        assert 0 <= passage.start < passage.end <= len(document.text)
        assert [p.ordinal for p in passages] == list(range(len(passages)))
        for sentence in passage.sentences:
            assert passage.start <= sentence.start < sentence.end <= passage.end
            assert -1 <= sentence.lead_in < len(passage.sentences)
    assert all(sentence.text.strip() for sentence in sentences)
    assert all(sentence.start >= document.body for sentence in sentences)
    own = sorted({(s.start, s.end) for s in sentences})  # a lead-in stands in each passage of its list
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(own))
    for mark in document.marks:
        assert document.body <= mark.start < mark.end <= len(document.text)
    assert not document.boxes or len(document.boxes) == 16 * len(document.text)
    return [document.text[start:end] for start, end in own]


def written(root: Path, name: str, data: bytes) -> Document | None:
    path = root / name
    path.write_bytes(data)
    try:
        return read_document(path, root)
    except DocumentError:
        return None


def as_markdown(content: list[tuple[str, str]], newline: str) -> str:
    signs = {"heading": "## {}", "paragraph": "{}", "item": "- {}", "number": "1. {}", "row": "| {} | 60 mg |"}
    return newline.join(part for kind, text in content for part in (signs[kind].format(text), ""))


@settings(max_examples=150, deadline=None)
@given(content=contents, name=st.sampled_from(["a.md", "a.txt"]), newline=st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
def test_text_files(
    tmp_path_factory: pytest.TempPathFactory, content: list[tuple[str, str]], name: str, newline: str
) -> None:
    text = as_markdown(content, newline)
    document = written(tmp_path_factory.mktemp("corpus"), name, text.encode())
    if document is not None:
        assert document.text == text
        checked(document)


@settings(max_examples=100, deadline=None)
@given(content=contents)
def test_html(tmp_path_factory: pytest.TempPathFactory, content: list[tuple[str, str]]) -> None:
    tags = {
        "heading": "<h2>{}</h2>", "paragraph": "<p>{}</p>", "item": "<ul><li>{}</ul>", "number": "<ol><li>{}</ol>",
        "row": "<table><tr><td>{}<td>60 mg</table>",
    }  # fmt: skip
    body = "".join(tags[kind].format(html.escape(text)) for kind, text in content)
    page = f"<html lang=da><title>{html.escape(content[0][1])}</title><body id={quoteattr(content[0][1])}>{body}"
    document = written(tmp_path_factory.mktemp("corpus"), "a.html", page.encode())
    if document is not None:
        checked(document)


@settings(max_examples=40, deadline=None)
@given(content=contents)
def test_docx(tmp_path_factory: pytest.TempPathFactory, content: list[tuple[str, str]]) -> None:
    made = new_docx()
    styles = {"heading": "Heading 2", "paragraph": "Normal", "item": "List Bullet", "number": "List Number"}
    for kind, text in content:
        storable = text.replace("\ufffe", "")  # XML cannot hold it
        if kind == "row":
            row = made.add_table(rows=1, cols=2).rows[0]
            row.cells[0].text, row.cells[1].text = storable, "60 mg"
        else:
            made.add_paragraph(storable, style=styles[kind])
    root = tmp_path_factory.mktemp("corpus")
    made.save(root / "made.docx")
    document = written(root, "a.docx", (root / "made.docx").read_bytes())
    if document is not None:
        checked(document)


@settings(max_examples=40, deadline=None)
@given(pages=st.lists(st.lists(words, min_size=1, max_size=6), min_size=1, max_size=3), width=st.integers(60, 180))
def test_pdf(tmp_path_factory: pytest.TempPathFactory, pages: list[list[str]], width: int) -> None:
    made = FPDF()
    made.set_font("Helvetica", size=11)
    for paragraphs in pages:
        made.add_page()
        for text in paragraphs:
            latin = text.encode("latin-1", "replace").decode("latin-1")
            made.multi_cell(width, 6, latin, new_x="LMARGIN", new_y="NEXT")
    document = written(tmp_path_factory.mktemp("corpus"), "a.pdf", bytes(made.output()))
    assert document is not None
    checked(document)
    starts = [*document.pages, len(document.text)]
    assert starts[0] == 0
    assert len(document.pages) == len(pages)
    assert all(before < after for before, after in itertools.pairwise(starts))
    boxes = np.frombuffer(document.boxes, dtype=np.float32).reshape(-1, 4)
    for character, box in zip(document.text, boxes, strict=True):
        assert box.any() == (not character.isspace())


SAID = [
    ("heading", "Dosis"),
    ("paragraph", "Veltoral gives hver 6. måned. Det gælder jf. § 3, stk. 1, også børn."),
    ("paragraph", "Bruxamin findes som:"),
    ("item", "tabletter på 2,5 mg"),
    ("item", "saft til børn"),
]


@pytest.mark.parametrize("ending", ["md", "html", "docx", "pdf"])
def test_every_format_gives_the_same_sentences(tmp_path: Path, ending: str) -> None:
    if ending == "md":
        data = as_markdown(SAID, "\n").encode()
    elif ending == "html":
        tags = {"heading": "h2", "paragraph": "p", "item": "li"}
        data = "".join(f"<{tags[kind]}>{text}</{tags[kind]}>" for kind, text in SAID).encode()
    elif ending == "docx":
        made = new_docx()
        for kind, text in SAID:
            made.add_paragraph(text, style={"heading": "Heading 2", "item": "List Bullet"}.get(kind))
        made.save(tmp_path / "made.docx")
        data = (tmp_path / "made.docx").read_bytes()
    else:
        pdf = FPDF()
        pdf.add_page()
        pdf.set_font("Helvetica", size=11)
        for kind, text in SAID:
            pdf.multi_cell(180, 8, "· " * (kind == "item") + text, new_x="LMARGIN", new_y="NEXT")
        data = bytes(pdf.output())
    document = written(tmp_path, f"a.{ending}", data)
    assert document is not None
    assert checked(document) == [
        "Veltoral gives hver 6. måned.",
        "Det gælder jf. § 3, stk. 1, også børn.",
        "Bruxamin findes som:",
        "tabletter på 2,5 mg",
        "saft til børn",
    ]
    last = [sentence for passage in segment(document) for sentence in passage.sentences][-3:]
    assert [sentence.kind for sentence in last] == ["lead_in", "item", "item"]
