"""A document knows what it is about, also where its title does not say."""

from assistant.documents.model import Document, Metadata
from assistant.documents.segment import segment
from assistant.documents.subjects import subjects, substances

LEAFLET = """Package leaflet: Information for the user

What Veltoral is and what it is used for

Veltoral is a medicine against gout. Tell your doctor before you take Veltoral. You can take veltoral with food.
Veltoral is made by Holmgaard. Tell your doctor if Veltoral does not help. Tell a nurse as well.
"""


def test_the_name_said_most_is_what_a_leaflet_is_about() -> None:
    document = Document("a.txt", LEAFLET, Metadata(title="Package leaflet", language="en"), "h")
    assert subjects(document, segment(document)) == ("Veltoral",)


def test_a_text_without_names_is_about_none() -> None:
    document = Document("a.txt", "Take one tablet. Take it daily. Take it with food.", Metadata(language="en"), "h")
    assert subjects(document, segment(document)) == ()


def _about(text: str, title: str, language: str = "da") -> tuple[str, ...]:
    document = Document("a.txt", text, Metadata(title=title, language=language), "h")
    return subjects(document, segment(document))


def test_a_board_that_is_named_often_is_no_medicine() -> None:
    text = "Tilskudsnævnet har møde. " + "Nævnet finder, at Brimovan (brimocitid) kan få tilskud. " * 4
    assert _about(text, "Afgørelse") == ("Brimovan",)


def test_the_marked_name_in_a_title_is_the_subject_of_a_text_that_says_the_substance() -> None:
    text = "Brimocitid virker i leveren. " * 5 + "Rådet anbefaler brimocitid."
    assert _about(text, "Vurdering af brimocitid (Brimovan®)") == ("Brimovan",)


def test_a_word_at_the_start_of_lines_and_an_abbreviation_are_no_names() -> None:
    text = "Monitoring of Brimovan 20 mg. Monitoring is weekly. Monitoring ends. QALY gains of Brimovan. QALY. QALY."
    assert _about(text, "Monitoring patients on Brimovan", "en") == ("Brimovan",)


def test_the_substance_beside_a_name_is_told_whichever_stands_in_brackets() -> None:
    for text in (
        "Brimovan (brimocitid) er en tablet. Brimovan tages dagligt.",
        "Af brimocitid (Brimovan) gives 20 mg.",
    ):
        document = Document("a.txt", text, Metadata(language="da"), "h")
        assert substances(("Brimovan",), segment(document)) == {"Brimovan": ("brimocitid",)}
