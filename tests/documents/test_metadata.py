"""Metadata stands in a sidecar, in front matter or in the format, in that order; what is wrong in it is named."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.metadata import front_matter
from assistant.documents.model import Document, Metadata
from assistant.documents.read import read_document
from assistant.errors import DocumentError

BODY = "Veltoral gives som indsprøjtning hver måned.\n"


def read(root: Path, text: str, *, name: str = "veltoral.md", **sidecars: str) -> Document:
    (root / name).write_text(text, "utf-8", newline="")
    for beside, content in sidecars.items():
        (root / beside.replace("_", ".")).write_text(content, "utf-8")
    return read_document(root / name, root)


def test_all_fields_are_read_from_front_matter(tmp_path: Path) -> None:
    text = f"""---
title: "Veltoral: en oversigt"
publisher: Agenturet
reference: 1.10
language: da
date: 2025-07-18
url: https://example.org/veltoral
jurisdiction: Denmark
version: "2"
valid_from: 2025-08-01
valid_to: 2026-12-31
superseded_by: veltoral-2.md
access: [apotek, læger]
---
{BODY}"""
    document = read(tmp_path, text)
    assert document.metadata == Metadata(
        title="Veltoral: en oversigt",
        publisher="Agenturet",
        reference="1.10",
        language="da",
        date="2025-07-18",
        url="https://example.org/veltoral",
        jurisdiction="Denmark",
        version="2",
        valid_from="2025-08-01",
        valid_to="2026-12-31",
        superseded_by="veltoral-2.md",
        access=("apotek", "læger"),
    )
    assert document.text == text
    assert document.text[document.body :] == BODY


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["---", "...", "---  "])
def test_front_matter_is_found_with_any_line_ends(tmp_path: Path, start: str, newline: str, end: str) -> None:
    text = start + newline.join(["---", "# om teksten", "title: Veltoral", end, BODY])
    document = read(tmp_path, text)
    assert document.metadata.title == "Veltoral"
    assert document.text[document.body :].startswith("Veltoral gives")


@pytest.mark.parametrize(
    "text", ["---\nVeltoral gives dagligt.\n---\nSlut.\n", "---\n\n# Veltoral\n\n---\n", "--- \nA: b"]
)
def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).body == 0


def test_a_sidecar_wins_over_front_matter_and_that_over_the_format(tmp_path: Path) -> None:
    html = f'<html lang="nl"><title>Fra siden</title><meta name="date" content="2020-01-01"><p>{BODY}</p>'
    document = read(tmp_path, html, name="a.html", a_html_meta_yaml="title: Fra siden af\nlanguage: da")
    assert (document.metadata.title, document.metadata.language) == ("Fra siden af", "da")
    assert document.metadata.date == "2020-01-01"
    text = f"---\ntitle: Foroven\npublisher: Agenturet\n---\n{BODY}"
    document = read(tmp_path, text, veltoral_md_meta_yaml="title: Ved siden af")
    assert (document.metadata.title, document.metadata.publisher) == ("Ved siden af", "Agenturet")


def test_a_sidecar_is_named_after_the_file_with_or_without_its_ending(tmp_path: Path) -> None:
    assert read(tmp_path, BODY, veltoral_meta_yaml="title: Kort").metadata.title == "Kort"
    assert read(tmp_path, BODY, veltoral_md_meta_yaml="title: Lang").metadata.title == "Lang"


def test_unknown_keys_are_left_to_others(tmp_path: Path) -> None:
    sidecar = "title: Veltoral\nshelf: 3\nkeywords: [a, b]\ndigest_of: {a: b}\n"
    assert read(tmp_path, BODY, veltoral_meta_yaml=sidecar).metadata.title == "Veltoral"


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("language: klingon", ["'language' is 'klingon'", "da, nl, en"]),
        ("language: no", ["'language' is 'no'"]),
        ("date: soon", ["'date' is 'soon'", "YYYY-MM-DD"]),
        ("date: 18-07-2025", ["'date' is '18-07-2025'", "YYYY-MM-DD"]),
        ("date: 2025-02-30", ["'date' is '2025-02-30'", "no day"]),
        ("access: {a: b}", ["'access' is not a list"]),
        ("access: apotek, læger", ["'access' is not a list", "[pharmacy, doctors]"]),
        ("access: [[a], b]", ["'access' is not a list"]),
        ("title: [a, b]", ["'title' is not a text"]),
        ("url: javascript:alert(1)", ["'url' is 'javascript:alert(1)'", "https://"]),
        ("title: Veltoral: oversigt", ["not YAML", "in quotes"]),
        ("title: !!python/object/apply:os.system [ls]", ["not YAML"]),
        ("title: " + "[" * 5000, ["nested too deeply"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["front matter", "sidecar"])
def test_a_value_that_cannot_be_is_named_with_the_remedy(
    tmp_path: Path, stated: str, says: list[str], place: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        if place == "sidecar":
            read(tmp_path, BODY, veltoral_meta_yaml=stated)
        else:
            read(tmp_path, f"---\n{stated}\n---\n{BODY}")
    message = str(caught.value)
    assert [part for part in says if part not in message] == []
    assert message.startswith("veltoral.meta.yaml: " if place == "sidecar" else "veltoral.md: ")
    assert "\n" not in message


def test_front_matter_that_is_broken_is_said_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"veltoral\.md: its front matter is not YAML \(line 3\)"):
        read(tmp_path, f"---\ntitle: a\npublisher: b: c\n---\n{BODY}")
    with pytest.raises(DocumentError, match="does not end"):
        read(tmp_path, f"---\ntitle: a\n\n{BODY}")


def test_a_sidecar_that_is_no_mapping_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="does not hold keys and values"):
        read(tmp_path, BODY, veltoral_meta_yaml="- a\n- b")
    (tmp_path / "veltoral.meta.yaml").write_bytes("title: Får".encode("cp1252"))
    with pytest.raises(DocumentError, match="Save it as UTF-8"):
        read_document(tmp_path / "veltoral.md", tmp_path)


@pytest.mark.parametrize("content", ["", "# kun en note\n", "title:\nlanguage: ~\naccess: []\n"])
def test_what_is_left_open_counts_as_not_stated(tmp_path: Path, content: str) -> None:
    metadata = read(tmp_path, f"# Overskrift\n\n{BODY}", veltoral_meta_yaml=content).metadata
    assert (metadata.title, metadata.language, metadata.access) == ("Overskrift", "da", ())


def test_one_group_needs_no_list(tmp_path: Path) -> None:
    assert read(tmp_path, BODY, veltoral_meta_yaml="access: apotek").metadata.access == ("apotek",)


@pytest.mark.parametrize(
    ("stated", "date"),
    [("2025-07-18", "2025-07-18"), ("2025-07", "2025-07"), ("2025", "2025"), ("2025-07-18T09:30:00Z", "2025-07-18")],
)
def test_dates_are_kept_as_exact_as_they_are_stated(tmp_path: Path, stated: str, date: str) -> None:
    assert read(tmp_path, BODY, veltoral_meta_yaml=f"date: {stated}").metadata.date == date


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Tekst før.\n\n# Veltoral *forte* #\n", "Veltoral *forte*"),
        ("\n\n  **Veltoral**  \nGives dagligt.\n", "Veltoral"),
        ("\ufeffVeltoral\u00ad \x07og  Bruxamin\n", "Veltoral og Bruxamin"),
        ("Ord " * 50, "veltoral"),
    ],
)
def test_a_title_is_always_found(tmp_path: Path, text: str, title: str) -> None:
    assert read(tmp_path, text).metadata.title == title


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("-.:#\n\r ab\"'[]{}&*!|>%@`\t\ufeff") | st.characters(exclude_categories=["Cs"])))
def test_the_body_lies_in_the_text_whatever_stands_before_it(text: str) -> None:
    for whole in (text, f"---\ntitle: {text}", f"---\ntitle: {text}\n---\n{BODY}"):
        try:
            stated, body = front_matter(whole, "a.md")
        except DocumentError as error:
            assert "\n" not in str(error)
        else:
            assert 0 <= body <= len(whole)
            assert stated == {} or body > 0
