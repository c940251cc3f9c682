"""Of an HTML page, what a person sees becomes text, block by block."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.model import Document
from assistant.documents.read import read_document
from assistant.errors import DocumentError


def page(root: Path, html: str | bytes) -> Document:
    path = root / "a.html"
    path.write_bytes(html.encode() if isinstance(html, str) else html)
    return read_document(path, root)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(mark.kind, document.text[mark.start : mark.end]) for mark in document.marks]


PAGE = """<!doctype html><html lang="nl-NL"><head><title>Veltoral &amp; u</title>
<meta name="dcterms.modified" content="2025-03-04T10:00:00"><meta property="og:site_name" content="Agentschap">
<link rel="canonical" href="https://example.org/veltoral"><style>p {}</style></head>
<body class="cookies-accepted"><nav>Menu</nav><div id="cookie-banner">Wij gebruiken cookies</div>
<header><h1>Veltoral</h1></header>
<p>Veltoral   wordt één keer<br>per maand gegeven.<br><br>Bewaren onder 25&nbsp;°C.</p><!-- weg -->
<h2>Bijwerkingen</h2><p>Vaak:</p><ul><li><p>hoofdpijn</p></li><li>jeuk<ul><li>erge jeuk</li></ul></li><li></li></ul>
<p>Meld ze.</p><ol start="3"><li>spoelen<li>drogen</ol>
<table><tr><th>Wie</th><th>Dosis</th></tr><tr><td><p>Volwassenen</p></td><td><ul><li>60 mg</li><li>30 mg</li></ul></td>
</tr><tr><td></td><td> </td></tr></table>
<p hidden>verborgen</p><p style="display: none">verborgen</p><p aria-hidden="true">verborgen</p><p style="visibility:hidden">weg</p>
<form><p>Bel ons.</p><button>Stuur</button></form>
<aside>Lees ook</aside><footer>Colofon</footer><script>var x = "verborgen"</script></body></html>"""


def test_a_page_becomes_the_blocks_that_are_seen(tmp_path: Path) -> None:
    document = page(tmp_path, PAGE)
    assert blocks(document) == [
        ("heading", "Veltoral"),
        ("paragraph", "Veltoral wordt één keer\nper maand gegeven."),
        ("paragraph", "Bewaren onder 25 °C."),
        ("heading", "Bijwerkingen"),
        ("paragraph", "Vaak:"),
        ("item", "• hoofdpijn"),
        ("item", "• jeuk"),
        ("item", "• erge jeuk"),
        ("paragraph", "Meld ze."),
        ("item", "3. spoelen"),
        ("item", "4. drogen"),
        ("row", "Wie | Dosis"),
        ("row", "Volwassenen | 60 mg; 30 mg"),
        ("paragraph", "Bel ons."),
    ]
    assert document.text == "\n\n".join(text for _, text in blocks(document))
    assert [mark.level for mark in document.marks if mark.kind == "item"] == [1, 1, 2, 1, 1]


def test_a_page_states_its_metadata(tmp_path: Path) -> None:
    metadata = page(tmp_path, PAGE).metadata
    assert (metadata.title, metadata.publisher, metadata.language) == ("Veltoral & u", "Agentschap", "nl")
    assert (metadata.date, metadata.url) == ("2025-03-04", "https://example.org/veltoral")


def test_a_language_that_the_text_belies_is_not_believed(tmp_path: Path) -> None:
    text = "Veltoral gives som indsprøjtning under huden hver måned, og patienten skal have kalk. " * 4
    assert page(tmp_path, f'<html lang="en"><p>{text}</p>').metadata.language == "da"
    assert page(tmp_path, '<html lang="da"><p>Veltoral 60 mg').metadata.language == "da"


def test_superscript_never_makes_another_figure(tmp_path: Path) -> None:
    text = page(tmp_path, "<p>10<sup>9</sup> celler, −2,5<sup>4</sup> %, hver dag<sup>a</sup>, m<sup>2</sup></p>").text
    assert text == "10⁹ celler, −2,5⁴ %, hver dagᵃ, m²"
    text = page(
        tmp_path, "<p>60 mg<sup>a)</sup> og 2,5<sup>1, 2</sup> %, Veltoral<sup>TM</sup>, 1<sup>st</sup></p>"
    ).text
    assert text == "60 mgᵃ⁾ og 2,5¹, ² %, Veltoral™, 1st"
    assert page(tmp_path, "<p>de 2<sup>e</sup> dosis per dag<sup>e</sup></p>").text == "de 2e dosis per dagᵉ"


def test_what_stands_in_an_item_belongs_to_its_list(tmp_path: Path) -> None:
    html = (
        "<p>Giv:<ul><li><p>Veltoral</p><p>med vand</p><li>Bruxamin<ul><li>saft</ul>efter mad</ul>"
        "<dl><dt>Dosis<dd>60 mg</dl><ul><li><h3>Mere</h3><p>Ring.</p></ul><p>Slut."
    )
    document = page(tmp_path, html)
    assert [mark.level for mark in document.marks if mark.kind == "item"] == [1, 1, 1, 2, 1, 1]
    assert blocks(document) == [
        ("paragraph", "Giv:"), ("item", "• Veltoral"), ("item", "med vand"), ("item", "• Bruxamin"), ("item", "• saft"),
        ("item", "efter mad"), ("paragraph", "Dosis"), ("item", "• 60 mg"), ("heading", "Mere"), ("paragraph", "Ring."),
        ("paragraph", "Slut."),
    ]  # fmt: skip


def test_struck_text_does_not_hold(tmp_path: Path) -> None:
    html = '<p>Giv <s>30 mg</s><del>20 mg</del><span style="text-decoration: line-through">10 mg</span> 60 mg.</p>'
    assert page(tmp_path, html).text == "Giv 60 mg."


def test_a_table_that_lays_out_the_page_is_read_as_its_content(tmp_path: Path) -> None:
    inner = "<table><tr><td>a</td><td>b</td></tr></table>"
    html = f"<table><tr><td><h2>Dosis</h2><p>60 mg</p></td><td>{inner}</td></tr></table>"
    assert blocks(page(tmp_path, html)) == [("heading", "Dosis"), ("paragraph", "60 mg"), ("row", "a | b")]


def test_a_page_that_is_all_frame_is_read_all_the_same(tmp_path: Path) -> None:
    assert page(tmp_path, "<aside><p>Veltoral gives hver dag.</p></aside>").text == "Veltoral gives hver dag."


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"), ("", "utf-8-sig"), ("", "utf-16"), ('<meta charset="windows-1252">', "cp1252"),
        ('<meta charset="iso-8859-1">', "cp1252"), ('<?xml version="1.0" encoding="utf-8"?>', "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15">', "iso-8859-15"),
        ('<meta charset="klingon">', "utf-8"),
    ],
)  # fmt: skip
def test_the_encoding_is_the_one_that_is_stated(tmp_path: Path, head: str, encoding: str) -> None:
    text = "Prøv én – €" if encoding != "iso-8859-15" else "Prøv én €"
    assert page(tmp_path, f"{head}<p>{text}</p>".encode(encoding)).text == text


def test_a_wrongly_stated_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="not utf-8"):
        page(tmp_path, '<meta charset="utf-8"><p>får</p>'.encode("cp1252"))


@pytest.mark.parametrize("tag", ["div", "span", "ul", "li", "table", "sup", "blockquote"])
def test_a_page_nested_without_end_is_read(tmp_path: Path, tag: str) -> None:
    deep = 20_000 if tag != "div" else 100_000
    document = page(tmp_path, f"<{tag}>" * deep + "Veltoral gives dagligt." + f"</{tag}>" * deep + "<p>Slut.</p>")
    assert "Veltoral gives dagligt." in document.text
    assert document.text.endswith("Slut.")


TAGS = """p div ul ol li table tr td th h1 h3 br pre sup nav aside main form b dl dd hr a section"""
pieces = st.lists(
    st.sampled_from(TAGS.split()).flatmap(lambda tag: st.sampled_from([f"<{tag}>", f"</{tag}>", f"<{tag} hidden>"]))
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(pieces=pieces)
def test_marks_cover_the_text_of_any_page(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    try:
        document = page(tmp_path_factory.mktemp("corpus"), "".join(pieces))
    except DocumentError:
        return
    document.text.encode("utf-8")
    assert document.text == "\n\n".join(text for _, text in blocks(document))
    assert all(text.strip() for _, text in blocks(document))
