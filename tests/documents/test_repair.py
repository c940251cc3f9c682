"""The reading view reads well, and every character of it has its place in the source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.lines import content_lines
from assistant.documents.model import Document, Metadata
from assistant.documents.repair import BLANK, ReadingView, habits, repair
from assistant.documents.segment import segment


def document(text: str, language: str = "da", name: str = "d.txt") -> Document:
    return Document(name, text, Metadata(language=language), "hash")


def reading(text: str, language: str = "da", name: str = "d.txt") -> ReadingView:
    source = document(text, language, name)
    lines = content_lines(source)
    return repair(source, lines, habits(source, lines))


awkward = st.text(
    alphabet=st.sampled_from("abcæøåABC 123.,;:-–()%\n\n\n\r\f\t\xa0\u00ad\u200bﬁﬂé\u0301§[]”\"'*_`#•😀")
    | st.characters(exclude_categories=["Cs"]),
    max_size=400,
)


@settings(max_examples=300, deadline=None)
@given(text=awkward)
def test_every_character_read_has_its_place_in_the_source(text: str) -> None:
    view = reading(text)
    assert len(view.text) == len(view.starts) == len(view.ends)
    assert all(0 <= start <= end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))
    assert list(view.starts) == sorted(view.starts)
    assert list(view.ends) == sorted(view.ends)


@settings(max_examples=300, deadline=None)
@given(text=awkward, name=st.sampled_from(["d.txt", "d.md"]))
def test_spans_of_sentences_lie_in_the_text_in_order_and_do_not_overlap(text: str, name: str) -> None:
    for passage in segment(document(text, name=name)):
        assert 0 <= passage.start < passage.end <= len(text)
        for sentence in passage.sentences:
            assert passage.start <= sentence.start < sentence.end <= passage.end
            assert sentence.text.strip()


@settings(max_examples=200, deadline=None)
@given(words=st.lists(st.sampled_from(["Giv", "hver", "dag", "60", "mg", "én", "gang", "voksne"]), min_size=1))
def test_plain_sentences_read_as_they_are_written(words: list[str]) -> None:
    text = " ".join(words)
    assert reading(text).text == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Giv calcium- og D-\nvitamintilskud.", "Giv calcium- og D-vitamintilskud."),
        ("Bruges hos ældre pati-\nenter med gigt.", "Bruges hos ældre patienter med gigt."),
        ("En DXA-\nskanning er mulig.", "En DXA-skanning er mulig."),
        ("Smerter i knogle-\nog muskelvæv.", "Smerter i knogle- og muskelvæv."),
        ("Postmenopausale kvinder, post-\nmenopausale kvinder.", "Postmenopausale kvinder, postmenopausale kvinder."),
        ("be\u00adhand\u00adling", "behandling"),
        ("ef\ufb01cacy and \ufb02uid", "efficacy and fluid"),
        ("cafe\u0301 au lait", "café au lait"),
        ("60\u00a0mg\u2009dagligt", "60 mg dagligt"),
        ("\ufeffHvem må få det?", "Hvem må få det?"),
    ],
)
def test_what_typesetting_did_is_undone(written: str, read: str) -> None:
    assert reading(written).text == read


NOTED = "Veltoral gives dagligt.1 Selskabet SKG4 siger ja, og SKG5 siger nej. Se vejledning6 fra 2021.\n"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Dosis er 60 mg hver 6. måned.2", "Dosis er 60 mg hver 6. måned."),
        ("Grænsen er −2,5.4", "Grænsen er −2,5."),
        ("Det anbefaler SKG4 og SKG5.", "Det anbefaler SKG og SKG."),
        ("Ifølge SKG5anfører man det.", "Ifølge SKG anfører man det."),
        ("Ny vejledning6 fra 2023.", "Ny vejledning fra 2023."),
        ("Se § 1, stk. 3.", "Se § 1, stk. 3."),
        ("Måles med CYP3A4 og vitamin B12.", "Måles med CYP3A4 og vitamin B12."),
        ("Prisen er 1.116,10 kr.", "Prisen er 1.116,10 kr."),
        ("Version 2.4 gælder.", "Version 2.4 gælder."),
    ],
)
def test_note_marks_go_and_figures_stay(written: str, read: str) -> None:
    source = document(NOTED + "\n" + written)
    lines = content_lines(source)
    assert repair(source, lines[-1:], habits(source, lines)).text == read


def test_a_figure_behind_a_word_stays_where_a_document_sets_no_notes() -> None:
    assert reading("Proteinet HER2 og receptoren HER3 er kendt.").text == "Proteinet HER2 og receptoren HER3 er kendt."


def test_letters_mark_notes_only_where_the_notes_are_defined() -> None:
    defined = document("Prisen er 5 kr. per dag.a\n\n\na Beregnet af styrelsen.\n")
    lines = content_lines(defined)
    assert repair(defined, lines[:1], habits(defined, lines)).text == "Prisen er 5 kr. per dag."
    assert reading("Det ses ved vitamin.a og andet").text.endswith("vitamin.a og andet")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Prisen for Veltoral er  kr. hver 6. måned.", f"Prisen for Veltoral er {BLANK} kr. hver 6. måned."),
        ("svarende til \nkr. per dag.", f"svarende til {BLANK} kr. per dag."),
        ("De prijs is  euro per maand.", f"De prijs is {BLANK} euro per maand."),
        ("A pack of 28 is £ (to be confirmed).", f"A pack of 28 is {BLANK} £ (to be confirmed)."),
        ("Prisen er fortrolig ( kr. pr. pen).", f"Prisen er fortrolig ( {BLANK} kr. pr. pen)."),
        ("Prisen er 12,50 kr. per dag.", "Prisen er 12,50 kr. per dag."),
        ("Det koster kr. 12,50 per dag.", "Det koster kr. 12,50 per dag."),
    ],
)
def test_a_value_left_blank_is_shown_as_blank(written: str, read: str) -> None:
    assert reading(written).text == read


def test_a_span_of_the_view_covers_what_repair_dropped() -> None:
    text = "Bruges hos pati-\nenter."
    view = reading(text)
    start = view.text.index("patienter")
    assert text[slice(*view.span(start, start + 9))] == "pati-\nenter"


def test_markdown_marks_go_and_the_words_of_a_link_stay() -> None:
    view = reading("Giv **60 mg** _hver_ måned, se [siden](https://example.org/a_b).", name="d.md")
    assert view.text == "Giv 60 mg hver måned, se siden."
