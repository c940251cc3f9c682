"""Headings, lists, passages and sentences come out as a reader sees them."""

from pathlib import Path

import pytest

from assistant.documents.model import Document, Mark, Metadata, Passage
from assistant.documents.segment import segment

ORIGINALS = Path(__file__).parents[3] / "shared" / "corpus-originals"


def cut(text: str, language: str = "da", marks: tuple[Mark, ...] = (), pages: tuple[int, ...] = ()) -> list[Passage]:
    document = Document("d.txt", text, Metadata(language=language), "hash", marks=marks, pages=pages)
    passages = segment(document)
    for passage in passages:
        for sentence in passage.sentences:
            assert text[sentence.start : sentence.end].strip()
    return passages


def said(passages: list[Passage]) -> list[str]:
    return [sentence.text for passage in passages for sentence in passage.sentences]


WRAPPED = """Veltoral (bruxin)
Hvad er Veltoral?

Veltoral er et middel mod gigt, som gives til voksne, når anden behandling ikke har
virket godt nok. Det må ikke gives til børn.

Hvordan gives Veltoral?

Veltoral gives som en indsprøjtning i låret:

• til voksne én gang om ugen, så længe der er brug for det, og lægen finder det
forsvarligt
• til ældre hver anden uge.

Kontakt lægen ved tvivl.
"""


def test_headings_sections_and_lists_of_wrapped_text() -> None:
    passages = cut(WRAPPED)
    assert passages[0].section[-1] == "Hvad er Veltoral?"
    assert said(passages[:1]) == [
        "Veltoral er et middel mod gigt, som gives til voksne, når anden behandling ikke har virket godt nok.",
        "Det må ikke gives til børn.",
    ]
    listing = passages[1]
    assert listing.section == ("Hvordan gives Veltoral?",)
    assert [s.kind for s in listing.sentences[:3]] == ["lead_in", "item", "item"]
    assert [s.lead_in for s in listing.sentences] == [-1, 0, 0, -1]
    assert listing.sentences[1].text.endswith("finder det forsvarligt")


def test_double_spaced_text_keeps_its_sentences_whole() -> None:
    text = "\n\n".join(
        [
            "Afgørelse",
            "Veltoral får tilskud til voksne, når anden behandling ikke har virket, og når lægen",
            "har skrevet det på recepten. Tilskuddet gælder fra den dag, midlet kommer på",
            "markedet.",
            "\nBegrundelse",
            "Midlet er billigere end andre midler til samme sygdom, og det er lige så sikkert i",
            "brug.",
        ]
    )
    passages = cut(text)
    assert [p.section for p in passages] == [("Afgørelse",), ("Begrundelse",)]
    assert said(passages)[1] == "Tilskuddet gælder fra den dag, midlet kommer på markedet."


def test_a_page_footer_does_not_cut_a_sentence() -> None:
    text = (
        "Veltoral (bruxin)\nEt overblik over midlet og dets brug i EU\n\nAgenturet fandt, at fordelene ved midlet er\n\n"
        "\n \nVeltoral (bruxin)\nEMA/1234/2024 Side 2/3\n\n \n\nstørre end risiciene for voksne.\n"
    )
    assert "Agenturet fandt, at fordelene ved midlet er større end risiciene for voksne." in said(cut(text))


def test_a_bare_link_is_no_sentence() -> None:
    passages = cut("Læs mere på siden.\n\nhttps://www.example.org/veltoral\n\nSpørg lægen.\n")
    assert said(passages) == ["Læs mere på siden.", "Spørg lægen."]


def test_a_numbered_list_goes_on_past_footnotes() -> None:
    text = (
        "Der gives ikke tilskud til midlet, hvis\n\n1) det kan misbruges,\n\n2) det er for dyrt,\n\n\n"
        "a Priser fra januar.\n\n3) det ikke er prøvet.\n\n\nBegge dele er vurderet.\n"
    )
    listing = next(p for p in cut(text) if any(s.kind == "lead_in" for s in p.sentences))
    assert [s.text[:2] for s in listing.sentences if s.kind == "item"] == ["1)", "2)", "3)"]


def test_marks_of_the_format_decide_headings_and_items() -> None:
    text = "Dosis\nGiv 5 mg.\n\n- børn\n- voksne\n"
    marks = (Mark(0, 5, "heading", 1), Mark(17, 23, "item"), Mark(24, 32, "item"))
    passages = cut(text, marks=marks)
    assert passages[0].section == ("Dosis",)
    assert [s.kind for s in passages[0].sentences] == ["sentence", "item", "item"]
    assert passages[0].sentences[1].text == "børn"


def test_pages_count_from_one() -> None:
    text = "Første side her.\n\fAnden side her.\n"
    passages = cut(text, pages=(0, text.index("Anden")))
    assert [p.page for p in passages if "Anden" in p.text] in ([2], [1])
    document = Document("d.pdf", text, Metadata(), "h", pages=(0, text.index("Anden")))
    assert document.page_at(text.index("Anden")) == 2


def test_a_long_list_is_split_with_its_lead_in() -> None:
    items = "\n".join(f"• punkt {n} om noget, der fylder en god del af en linje i teksten her" for n in range(120))
    passages = cut(f"Der er mange punkter, nemlig:\n\n{items}\n")
    assert len(passages) > 1
    assert all(p.sentences[0].kind == "lead_in" for p in passages)


@pytest.mark.parametrize("text", ["", " \n \n", "\f\f", "---"])
def test_nothing_to_read_gives_no_passages(text: str) -> None:
    assert cut(text) == []


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the original documents are not here")
def test_the_originals_are_cut_cleanly() -> None:
    for path in ORIGINALS.glob("*.txt"):
        text = path.read_bytes().decode("utf-8")
        language = path.suffixes[0].strip(".")
        passages = segment(Document(path.name, text, Metadata(language=language), "h"))
        sentences = [s for p in passages for s in p.sentences]
        assert len(sentences) >= 40
        whole = [s for s in sentences if s.kind == "sentence" and len(s.text) > 60]
        assert sum(s.text[-1] in ".:;”" for s in whole) / len(whole) > 0.9
        assert not [s.text for s in sentences if "Blz. 3/3" in s.text or s.text.startswith("http")]


def test_a_question_above_a_list_leads_it_in() -> None:
    leaflet = Path(__file__).parents[1] / "data" / "veltoral" / "veltoral-bijsluiter.nl.txt"
    sentences = [s for p in cut(leaflet.read_text("utf-8"), "nl") for s in p.sentences]
    asked = next(at for at, s in enumerate(sentences) if s.text == "Wanneer mag u dit middel niet gebruiken?")
    assert [s.kind for s in sentences[asked : asked + 4]] == ["lead_in", "item", "item", "item"]
    assert len({s.lead_in for s in sentences[asked + 1 : asked + 4]} - {-1}) == 1
