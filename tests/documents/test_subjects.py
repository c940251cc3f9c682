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


def test_what_a_text_about_one_medicine_calls_the_active_substance_is_it() -> None:
    for text in (
        "Brimovan indeholder det aktive stof brimocitid.",
        "Het werkzame stof in Brimovan is brimocitid.",
        "The active substance is brimocitid. The other ingredients are lactose and talc.",
        "Each tablet of Brimovan contains 40 mg of brimocitid and 112 mg of lactose. Brimovan slows brimocitid's loss.",
        "Tilskud gives til Brimovan depottabletter 40 mg (brimocitid) i et år.",
    ):
        document = Document("a.txt", text, Metadata(language="en"), "h")
        assert substances(("Brimovan",), segment(document)) == {"Brimovan": ("brimocitid",)}


def test_of_two_medicines_none_is_given_a_substance_that_may_be_the_others() -> None:
    text = "Brimovan og Ortuvan: Det aktive stof er brimocitid."
    document = Document("a.txt", text, Metadata(language="da"), "h")
    assert substances(("Brimovan", "Ortuvan"), segment(document)) == {"Brimovan": (), "Ortuvan": ()}
