"""What another medicine's document says is no evidence, however alike the two are."""

from collections.abc import Callable

import pytest

from assistant import Assistant
from assistant.answering.question import understand
from assistant.answering.scope import asked_for, medicines

Make = Callable[[dict[str, str]], Assistant]

ZELMIVAX = """# Zelmivax: produktresumé

## Dosering
Zelmivax er en insulin. Den anbefalede dosis af Zelmivax er 10 enheder én gang dagligt.

## Opbevaring
Zelmivax opbevares i køleskab. Zelmivax må ikke fryses.
"""
ORTUVAN = """# Ortuvan: produktresumé

## Dosering
Ortuvan er en insulin. Ortuvan gives som indsprøjtning under huden på låret.

## Opbevaring
Ortuvan opbevares i køleskab. Ortuvan må ikke fryses.
"""


def test_the_dose_of_a_look_alike_is_not_given(assistant_over: Make) -> None:
    assistant = assistant_over({"zelmivax.da.md": ZELMIVAX, "ortuvan.da.md": ORTUVAN})
    assert "10 enheder" in assistant.ask("Hvad er den anbefalede dosis af Zelmivax?", language="da").text
    other = assistant.ask("Hvad er den anbefalede dosis af Ortuvan?", language="da")
    assert "10 enheder" not in other.text
    assert all(citation.document_id == "ortuvan.da.md" for citation in other.citations)


def test_in_a_document_about_two_each_sentence_belongs_to_what_it_names(assistant_over: Make) -> None:
    both = """# Tilskud til Zelmivax og Ortuvan

Zelmivax og Ortuvan er insuliner. Zelmivax koster 310 kr. pr. pen. Ortuvan koster 455 kr. pr. pen.
Tilskud til Zelmivax gælder alle. Tilskud til Ortuvan gælder børn.
"""
    assistant = assistant_over({"a.da.md": both})
    for name, price, other in (("Zelmivax", "310", "455"), ("Ortuvan", "455", "310")):
        text = assistant.ask(f"Hvad koster en pen {name}?", language="da").text
        assert price in text and other not in text


SWITCH = """# Vejledning om skift fra Ortuvan til Zelmivax

## Baggrund
Skiftet omfatter voksne, der har fået Ortuvan i mindst 6 måneder. Alle skal være tilbudt skift inden udgangen af marts.

## Sådan tages medicinen
Pennen opbevares i køleskab. Glemmes en dosis, tages den inden for 15 timer.

## Om Ortuvan
Ortuvan er en insulin. Ortuvan gives morgen og aften. Ortuvan udgår af markedet.
"""


def test_a_document_is_about_what_its_title_names(assistant_over: Make) -> None:
    assistant = assistant_over({"skift.da.md": SWITCH, "zelmivax.da.md": ZELMIVAX})
    assert "15 timer" in assistant.ask("Hvad gør man, hvis man glemmer en dosis Zelmivax?", language="da").text


LINES = """# Zelmivax: assessment

## Conclusion
The council recommends Zelmivax for adults with diabetes that progressed after at least two lines of insulin.
It is not recommended for patients who are still well controlled on Ortuvan.
Ortuvan costs EUR 455 a pen.
"""


def test_others_may_be_named_where_the_title_names_what_is_asked_about(assistant_over: Make) -> None:
    assistant = assistant_over({"zelmivax.en.md": LINES, "ortuvan.da.md": ORTUVAN})
    asked = "For which patients is Zelmivax not recommended?"
    assert "well controlled on Ortuvan" in assistant.ask(asked).text
    assert "455" not in assistant.ask("What does a pen of Zelmivax cost?").text


def test_ordinary_words_are_no_medicines() -> None:
    assert medicines([("Zelmivax", "Procedure"), ("Usikkerheder", "Ortuvan")]) == {"zelmivax", "ortuvan"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hvad er dosis af Zelmivax?", {"zelmivax"}),
        ("dosis zelmvax?", {"zelmivax"}),
        ("Er Zelmivax bedre end Ortuvan?", {"zelmivax", "ortuvan"}),
        ("Hvad er dosis af insulin?", set()),
    ],
)
def test_a_question_names_medicines_also_misspelt(text: str, expected: set[str]) -> None:
    assert asked_for(understand(text, language="da"), {"zelmivax", "ortuvan"}) == expected


GROUPS = """# Zelmivax: produktresumé

## Dosering
Den anbefalede dosis af Zelmivax er 10 enheder én gang dagligt. Voksne med høj risiko kan få 14 enheder.

## Særlige grupper
{children}

## Opbevaring
Zelmivax opbevares i køleskab. Zelmivax må ikke fryses.
"""


def test_a_dose_for_children_is_not_taken_from_what_is_said_of_others(assistant_over: Make) -> None:
    said = assistant_over({"a.da.md": GROUPS.format(children="Den anbefalede dosis til børn er 4 enheder dagligt.")})
    silent = assistant_over({"a.da.md": GROUPS.format(children="Ældre skal ikke have en anden dosis.")})
    asked = "Hvad er den anbefalede dosis af Zelmivax til børn?"
    assert "4 enheder" in said.ask(asked).text
    assert "10 enheder" in said.ask("Hvad er den anbefalede dosis af Zelmivax?").text
    answer = silent.ask(asked)
    assert answer.abstained and "10 enheder" not in answer.text and "14 enheder" not in answer.text


def test_another_line_of_treatment_is_no_evidence(assistant_over: Make) -> None:
    text = (
        "# Vejledning om gigt\n\nSelskabet anbefaler Zelmivax som førstevalg ved gigt. Ortuvan er andetvalg ved gigt.\n"
    )
    assistant = assistant_over({"a.da.md": text})
    answer = assistant.ask("Hvad anbefaler selskabet som andetvalg ved gigt?", language="da")
    assert "Ortuvan" in answer.text and "førstevalg" not in answer.text


TRIAL = """# Zelmivax: medicines review

## Effect
In PLAIN-1 the weight fell by 14.1% on 12 mg of Zelmivax and by 2.6% on placebo.

## Dose
The maintenance dose of Zelmivax is 12 mg once a week. The highest dose is 24 mg.
"""


def test_what_another_strength_did_is_no_evidence(assistant_over: Make) -> None:
    assistant = assistant_over({"zelmivax.en.md": TRIAL})
    assert "14.1%" in assistant.ask("By how many per cent did the weight fall on Zelmivax 12 mg?").text
    assert "14.1%" in assistant.ask("By how many per cent did the weight fall on Zelmivax 0.012 g?").text
    other = assistant.ask("By how many per cent did the weight fall on Zelmivax 8 mg?")
    assert other.abstained and "14.1%" not in other.text


def test_what_a_medicine_of_no_document_is_like_is_not_told_of_another(assistant_over: Make) -> None:
    mentioned = "# Overview of prices\n\nForamux is marketed in three strengths.\n"
    assistant = assistant_over({"zelmivax.en.md": TRIAL, "prices.en.md": mentioned})
    assert "12 mg once a week" in assistant.ask("What is the maintenance dose of Zelmivax?").text
    other = assistant.ask("What is the maintenance dose of Foramux?")
    assert other.abstained and not other.citations


ALONG = """# Zelmivax: produktresumé

## Advarsler
Zelmivax må ikke gives til patienter med lavt calcium i blodet. Zelmivax kan gives sammen med smertestillende midler.

## Interaktioner
Virkningen af Zelmivax nedsættes af ketoconazol.
"""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Har Zelmivax interaktioner med warfarin?", ""),
        ("Kan Zelmivax gives sammen med metformin?", ""),
        ("Can Zelmivax be combined with lithium?", ""),
        ("Mag Zelmivax tegelijk met ketoconazol worden gegeven?", "ketoconazol"),
        ("Kan Zelmivax gives sammen med smertestillende midler?", "smertestillende"),
    ],
)
def test_what_is_given_along_must_be_spoken_of(assistant_over: Make, question: str, said: str) -> None:
    answer = assistant_over({"zelmivax.da.md": ALONG}).ask(question)
    assert answer.abstained is not bool(said)
    assert said in answer.text


def test_what_is_missing_is_what_was_to_be_given_along(assistant_over: Make) -> None:
    text = assistant_over({"zelmivax.da.md": ALONG}).ask("Kan Zelmivax gives sammen med metformin?").text
    assert "metformin" in text and "zelmivax" not in text.lower()
