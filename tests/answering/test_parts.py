"""Several questions in one text are told apart, and each can stand alone."""

from collections.abc import Callable

import pytest

from assistant import Assistant
from assistant.answering.parts import parts, sides, subject

Make = Callable[[dict[str, str]], Assistant]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "Hvad er dosis af Veltoral, og hvor ofte gives det?",
            "da",
            ["Hvad er dosis af Veltoral", "hvor ofte gives det?"],
        ),
        (
            "Hoe bewaar je Veltoral en mag het in de vriezer?",
            "nl",
            ["Hoe bewaar je Veltoral", "mag het in de vriezer?"],
        ),
        (
            "By which route is Veltoral given and what is the usual site?",
            "en",
            ["By which route is Veltoral given", "what is the usual site?"],
        ),
        (
            "Where is treatment with Veltoral begun, and by what tests is it followed?",
            "en",
            ["Where is treatment with Veltoral begun", "by what tests is it followed?"],
        ),
        (
            "From what date is Veltoral paid for and until when does the agreement run?",
            "en",
            ["From what date is Veltoral paid for", "until when does the agreement run?"],
        ),
        (
            "Hoe lang duurt een infuus Veltoral, en om de hoeveel weken komt de patiënt terug?",
            "nl",
            ["Hoe lang duurt een infuus Veltoral", "om de hoeveel weken komt de patiënt terug?"],
        ),
    ],
)
def test_questions_joined_are_told_apart(text: str, language: str, expected: list[str]) -> None:
    assert parts(text, language) == expected


def test_a_bare_question_word_takes_what_the_next_asks_about() -> None:
    found = parts("Hvor tit og hvor længe skal der måles temperatur efter Veltoral?", "da")
    assert len(found) == 2
    assert "måles temperatur efter Veltoral" in found[0] and found[0].startswith("Hvor tit")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hvilke bivirkninger giver Veltoral hos mænd og kvinder?", "da"),
        ("Which side effects are common and serious?", "en"),
        ("Mag Veltoral met eten en drinken?", "nl"),
    ],
)
def test_one_question_stays_one(text: str, language: str) -> None:
    assert parts(text, language) == [text]


def test_the_subject_is_what_later_parts_are_about() -> None:
    found = parts("Hvad er dosis af Veltoral, og hvor ofte gives det?", "da")
    assert subject(found, "da") == "veltoral"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hvilke brud forebygger Veltoral, og med hvor mange procent?", "da"),
        ("Who must run the safety study of Veltoral, and for how many years?", "en"),
    ],
)
def test_a_part_that_asks_only_for_a_measure_belongs_to_the_one_before(text: str, language: str) -> None:
    assert parts(text, language) == [text]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Veltoral: dosis, interval og pris?", "da", ["Veltoral: dosis?", "Veltoral: interval?", "Veltoral: pris?"]),
        (
            "Veltoral in gout: what is the first dose, for how many days, and then which dose?",
            "en",
            [
                "Veltoral in gout: what is the first dose?",
                "Veltoral in gout: for how many days?",
                "Veltoral in gout: then which dose?",
            ],
        ),
        ("Bivirkninger: kvalme, hovedpine?", "da", ["Bivirkninger: kvalme, hovedpine?"]),
        (
            "Welke dosis geldt voor Veltoral en welke voor Bruxamin of BRUXAMIN?",
            "nl",
            ["Welke dosis geldt voor Veltoral", "welke voor Bruxamin of BRUXAMIN?"],
        ),
        (
            "Bij welke INR begint u met Veltoral en bij welke met Bruxamin?",
            "nl",
            ["Bij welke INR begint u met Veltoral", "Bij welke INR begint u met Bruxamin"],
        ),
    ],
)
def test_parts_take_their_topic_from_the_whole(text: str, language: str, expected: list[str]) -> None:
    assert parts(text, language) == expected


def test_a_sentence_that_goes_into_what_is_said_is_said_too(assistant_over: Make) -> None:
    text = "# Veltoral®\n\nAndre midler kan svække virkningen af Veltoral. Det gælder fenylat og perikon.\n"
    answer = assistant_over({"a.da.md": text}).ask("Hvilke midler svækker virkningen af Veltoral?", language="da")
    assert "fenylat" in answer.text


def test_a_sentence_that_answers_two_parts_leaves_none_unanswered(assistant_over: Make) -> None:
    text = "# Veltoral\n\nVeltoral is used for gout.\n\n## Headache\n\nHeadache was seen in 12% on Veltoral and in 4% on placebo.\n"
    answer = assistant_over({"a.en.md": text}).ask(
        "How many per cent had headache on Veltoral, and how many on placebo?", language="en"
    )
    assert "12%" in answer.text and "4%" in answer.text
    assert not answer.notes


NAMES = {"veltoral", "bruxamin", "dutch", "danish", "dsam", "des"}


@pytest.mark.parametrize(
    ("text", "of_each"),
    [
        (
            "What do Veltoral and Bruxamin cost?",
            ["What do Veltoral cost?", "What do Bruxamin cost?"],
        ),
        (
            "What stock is kept under the Dutch and the Danish tender?",
            ["What stock is kept under the Dutch tender?", "What stock is kept under the Danish tender?"],
        ),
        (
            "Hvad anbefaler DSAM henholdsvis DES?",
            ["Hvad anbefaler DSAM?", "Hvad anbefaler DES?"],
        ),
        (
            "Vanaf welk gewicht bij Veltoral en bij Bruxamin?",
            ["Vanaf welk gewicht bij Veltoral?", "Vanaf welk gewicht bij Bruxamin?"],
        ),
        (
            "What are the first, second and third choices in the guideline?",
            [
                "What are the first choices in the guideline?",
                "What are the second choices in the guideline?",
                "What are the third choices in the guideline?",
            ],
        ),
        ("Hvad er første- og andetvalg?", ["Hvad er førstevalg?", "Hvad er andetvalg?"]),
        ("Wat zijn de eerste en de tweede stap?", []),
        (
            "Findes der en modgift til både Veltoral og Bruxamin?",
            ["Findes der en modgift til Veltoral?", "Findes der en modgift til Bruxamin?"],
        ),
        ("Can Veltoral and Bruxamin be given together?", []),
        ("Wat is het verschil tussen Veltoral en Bruxamin?", []),
        ("Is Veltoral or Bruxamin cheaper?", []),
        ("How are pain and fever treated?", []),
    ],
)
def test_a_question_about_two_names_side_by_side_is_asked_of_each(text: str, of_each: list[str]) -> None:
    assert [question for _, question in sides(text, lambda word: word.casefold() in NAMES)] == of_each


OVERVIEWS = {
    "veltoral.en.md": "# Veltoral®\n\nVeltoral is used for gout. Veltoral costs 412 kr. per package.\n",
    "bruxamin.nl.md": "# Bruxamin®\n\nBruxamin wordt gebruikt bij hypertensie. Bruxamin kost € 93 per verpakking.\n",
}


def test_what_is_said_of_each_of_two_medicines_is_answered_from_the_documents_of_each(assistant_over: Make) -> None:
    answer = assistant_over(OVERVIEWS).ask("What is the price of Veltoral versus Bruxamin?")
    assert "412 kr." in answer.text and "€ 93" in answer.text
    assert {citation.document_id for citation in answer.citations} == set(OVERVIEWS)


def test_of_two_medicines_the_one_without_an_answer_is_named(assistant_over: Make) -> None:
    overviews = {**OVERVIEWS, "bruxamin.nl.md": "# Bruxamin®\n\nBruxamin wordt gebruikt bij hypertensie.\n"}
    answer = assistant_over(overviews).ask("What is the price of Veltoral versus Bruxamin?")
    assert "412 kr." in answer.text
    assert any("Bruxamin" in note for note in answer.notes)


def test_what_a_later_part_does_not_name_is_what_the_text_names(
    assistant_over: Callable[[dict[str, str]], Assistant],
) -> None:
    text = """# Zelmivax: overzicht

## Wat is Zelmivax?
De werkzame stof in Zelmivax is ortumab. Het referentiegeneesmiddel voor Zelmivax is Foramux.
"""
    asked = "Wat is de werkzame stof van Zelmivax en wat is het referentiegeneesmiddel?"
    answer = assistant_over({"zelmivax.nl.md": text}).ask(asked)
    assert "ortumab" in answer.text and "Foramux" in answer.text
    assert "zelmivax:" not in answer.text
