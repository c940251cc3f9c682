"""What the assistant promises, over documents of our own: exact spans, cited statements, silence, both sides."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.answer import Answer
from assistant.engine import Assistant
from assistant.errors import IndexMissingError
from assistant.settings import Settings

Make = Callable[[dict[str, str]], Assistant]

LEAFLET = """---
title: Veltoral (bruxin)
language: da
---
# Veltoral

## Dosis

Den anbefalede dosis af Veltoral er {dose} mg én gang hver {weeks}. uge. Tabletten synkes hel.

## Hvem må ikke få Veltoral

Veltoral må ikke gives til personer med galdesten.
"""
DUTCH = """---
title: Veltoral (bruxin)
language: nl
---
# Veltoral

## Studie

In een studie onder {people} vrouwen met jicht werd Veltoral vergeleken met placebo.
"""
DANISH = """---
title: Veltoral (bruxin)
language: da
---
# Veltoral

## Studie

I et studie blandt {people} kvinder med gigt blev Veltoral sammenlignet med placebo.
"""


def check(assistant: Assistant, answer: Answer) -> None:
    """The promises that hold for every answer."""
    for citation in (*answer.citations, *answer.nearest):
        assert assistant.document(citation.document_id).text[citation.start : citation.end] == citation.quote
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for statement in answer.statements:
        assert statement.citations
        assert all(1 <= n <= len(answer.citations) for n in statement.citations)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Hvor ofte gives Veltoral?", "da"),
        ("Hoe vaak wordt Veltoral gegeven?", "nl"),
        ("How often is Veltoral given?", "en"),
        ("veltoral interval?", "da"),
    ],
)
def test_an_answer_is_the_sentence_that_says_it(assistant_over: Make, question: str, language: str) -> None:
    assistant = assistant_over({"a.md": LEAFLET.format(dose=60, weeks=4)})
    answer = assistant.ask(question, language=language)
    check(assistant, answer)
    assert not answer.abstained
    assert answer.text == "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."


def test_another_figure_in_the_document_is_another_figure_in_the_answer(assistant_over: Make) -> None:
    for dose in (30, 45):
        answer = assistant_over({"a.md": LEAFLET.format(dose=dose, weeks=2)}).ask("Hvad er dosis af Veltoral?")
        assert f"{dose} mg" in answer.text


def test_without_the_sentence_it_abstains_and_shows_what_came_nearest(assistant_over: Make) -> None:
    text = LEAFLET.format(dose=60, weeks=4)
    assistant = assistant_over(
        {"a.md": text.replace("Veltoral må ikke gives til personer med galdesten.", "Se nedenfor.")}
    )
    answer = assistant.ask("Må Veltoral gives til personer med galdesten?")
    check(assistant, answer)
    assert answer.abstained
    assert not answer.statements
    assert "galdesten" in answer.text
    assert answer.nearest


@pytest.mark.parametrize(
    "question",
    [
        "Hvad er dosis af Bruxamin?",
        "Hvad er dosis af Veltoral til børn?",
        "Kan Veltoral tages sammen med warfarin?",
        "Skal jeg tage Veltoral?",
        "asdf qwer",
        "Hvad er hovedstaden i Frankrig?",
    ],
)
def test_what_is_not_there_is_not_answered(assistant_over: Make, question: str) -> None:
    assistant = assistant_over({"a.md": LEAFLET.format(dose=60, weeks=4)})
    answer = assistant.ask(question)
    assert answer.abstained
    assert "60" not in answer.text


def test_two_documents_that_differ_are_both_shown(assistant_over: Make) -> None:
    assistant = assistant_over({"a.md": DANISH.format(people=412), "b.md": DUTCH.format(people=389)})
    answer = assistant.ask("Hvor mange kvinder deltog i studiet af Veltoral?")
    check(assistant, answer)
    assert "412" in answer.text
    assert "389" in answer.text
    (conflict,) = answer.conflicts
    assert {side.value for side in conflict.sides} == {"412 kvinder", "389 vrouwen"}


def test_two_documents_that_agree_are_both_cited_and_no_conflict(assistant_over: Make) -> None:
    assistant = assistant_over({"a.md": DANISH.format(people=412), "b.md": DUTCH.format(people=412)})
    answer = assistant.ask("Hvor mange kvinder deltog i studiet af Veltoral?")
    assert answer.conflicts == ()
    assert {citation.document_id for citation in answer.citations} == {"a.md", "b.md"}
    assert answer.citation(1).language == "da"


def test_a_value_left_blank_is_said_to_be_blank(assistant_over: Make) -> None:
    prices = "Behandlingsprisen for Veltoral er  kr. hver måned.\n\nBehandlingsprisen for Bruxamin er 45,20 kr. hver måned.\n"
    assistant = assistant_over({"priser.txt": f"Priser for Veltoral\n\n{prices}"})
    answer = assistant.ask("Hvad er behandlingsprisen for Veltoral?")
    check(assistant, answer)
    assert answer.abstained
    assert "45,20" not in answer.text
    assert "Veltoral er" in answer.citations[0].quote
    assert "45,20 kr." in assistant.ask("Hvad er behandlingsprisen for Bruxamin?").text


def test_a_list_is_said_whole_with_its_lead_in(assistant_over: Make) -> None:
    text = "# Veltoral\n\nVeltoral må ikke gives, hvis patienten har:\n\n- galdesten\n- feber\n- ondt i halsen\n"
    answer = assistant_over({"a.md": text}).ask("Hvem må ikke få Veltoral?")
    assert [statement.text for statement in answer.statements] == [
        "Veltoral må ikke gives, hvis patienten har:",
        "galdesten",
        "feber",
        "ondt i halsen",
    ]


def test_an_unrelated_document_changes_nothing(assistant_over: Make) -> None:
    leaflet = LEAFLET.format(dose=60, weeks=4)
    bread = (
        "---\nlanguage: en\ntitle: Bread\n---\nFlour, water and salt are kneaded for ten minutes. The dough rests.\n"
    )
    alone = assistant_over({"a.md": leaflet}).ask("Hvor ofte gives Veltoral?")
    beside = assistant_over({"a.md": leaflet, "b.md": bread}).ask("Hvor ofte gives Veltoral?")
    assert alone.text == beside.text


def test_a_follow_up_is_answered(assistant_over: Make) -> None:
    assistant = assistant_over({"a.md": LEAFLET.format(dose=60, weeks=4)})
    answer = assistant.ask("Og hvor ofte?", history=[("Hvad er dosis af Veltoral?", "60 mg.")])
    assert "hver 4. uge" in answer.text


def test_a_follow_up_for_something_that_nothing_speaks_of_does_not_get_the_answer_before(veltoral: Assistant) -> None:
    history = [("Hvad er prisen på Bruxamin?", "")]
    before = veltoral.ask(history[0][0], language="da")
    answer = veltoral.ask("Og hvad med kranvogne?", history=history, language="da")
    assert not before.abstained
    assert answer.abstained and not answer.citations


def test_a_short_question_that_is_a_new_one_is_answered_as_if_it_came_first(veltoral: Assistant) -> None:
    asked = "Hvor mange patienter deltog i studiet?"
    first = veltoral.ask(asked, language="da")
    later = veltoral.ask(asked, history=[("Hvordan opbevares Bruxamin?", "")], language="da")
    assert not first.abstained
    assert later.text == first.text


def test_a_value_left_blank_is_not_the_one_that_another_question_asks_for(assistant_over: Make) -> None:
    """A blank price and discount are no blank duration."""
    decision = "# Veltoral\n\nPrisen for Veltoral er […] kr. pr. pakning, og rabatten på Veltoral er […] %.\n"
    assistant = assistant_over({"a.da.md": decision})
    answer = assistant.ask("Hvor længe varer behandlingen med Veltoral?", language="da")
    assert answer.abstained and not answer.citations
    assert "[…]" in assistant.ask("Hvor mange procent er rabatten på Veltoral?", language="da").text


def test_a_blank_price_of_a_pack_is_not_the_price_of_something_else(assistant_over: Make) -> None:
    decision = (
        "# Veltoral\n\nSammenlignet med placebo er omkostningerne 412.000 kr. pr. QALY.\n\n"
        "Indkøbsprisen for Veltoral er […] kr. pr. pakning.\n"
    )
    assistant = assistant_over({"a.da.md": decision})
    assert "412.000" in assistant.ask("Hvad er prisen pr. QALY for Veltoral?", language="da").text
    answer = assistant.ask("Hvad er indkøbsprisen for Veltoral?", language="da")
    assert answer.abstained and "[…]" in answer.citations[0].quote


def test_a_value_left_blank_is_said_to_be_blank_among_much_else(assistant_over: Make) -> None:
    text = (
        "# Tilskud til Ostravin\n\n## Priser\nBehandlingsprisen for Ostravin er  kr. hver 6. måned svarende til  kr. per dag."
        " Behandlingsprisen for Bruxamin er 45,20 kr. hver måned.\n\n## Anvendelse\nOstravin gives til voksne med gigt.\n"
    )
    answer = assistant_over({"a.da.md": text}).ask("Hvad koster Ostravin?", language="da")
    assert answer.abstained and "45,20" not in answer.text
    assert "Ostravin" in answer.citations[0].quote


def test_the_passage_of_a_citation_can_be_read_around_it(veltoral: Assistant) -> None:
    answer = veltoral.ask("Hvad er prisen på Bruxamin?")
    for citation in answer.citations:
        view = veltoral.passage_view(citation)
        assert view.quote == citation.reading


def test_questions_to_start_with_can_be_answered(veltoral: Assistant) -> None:
    for language in ("da", "nl", "en"):
        examples = veltoral.examples(language)
        assert 1 <= len(examples) <= 4
        assert len(set(examples)) == len(examples)
        assert all(veltoral.ask(question, language=language).citations for question in examples)


def test_a_new_generation_answers_without_a_restart(assistant_over: Make) -> None:
    assistant = assistant_over({"a.md": LEAFLET.format(dose=60, weeks=4)})
    assert "60 mg" in assistant.ask("Hvad er dosis af Veltoral?").text
    (Path(assistant.settings.corpus) / "a.md").write_text(LEAFLET.format(dose=90, weeks=4), "utf-8")
    assistant.index()
    assert "90 mg" in assistant.ask("Hvad er dosis af Veltoral?").text


def test_no_index_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="assistant index"):
        Assistant(Settings(index=tmp_path / "none")).ask("Hvad er dosis?")


def test_llama_index_can_use_it(veltoral: Assistant) -> None:
    response = veltoral.as_query_engine().query("Hvad koster Bruxamin?")
    assert str(response) == veltoral.ask("Hvad koster Bruxamin?").text
    assert response.source_nodes
    nodes = veltoral.as_retriever(limit=3).retrieve("Hvad koster Bruxamin?")
    assert len(nodes) == 3
    assert all(node.text for node in nodes)


def test_of_two_documents_that_say_the_same_the_one_in_the_asker_s_language_is_said(
    assistant_over: Callable[[dict[str, str]], Assistant],
) -> None:
    assistant = assistant_over(
        {
            "a.da.txt": "Patienter med hypokalcæmi må ikke få Veltoral.\n",
            "b.nl.txt": "Patiënten met hypocalciëmie mogen geen Veltoral krijgen.\n",
        }
    )
    for question, said in (
        ("Wie mag Veltoral niet krijgen?", "b.nl.txt"),
        ("Hvem må ikke få Veltoral?", "a.da.txt"),
    ):
        answer = assistant.ask(question)
        assert answer.citations[0].document_id == said
        assert {citation.document_id for citation in answer.citations} == {"a.da.txt", "b.nl.txt"}


def test_a_country_that_no_document_covers_is_named_and_not_answered_from_a_look_alike(assistant_over: Make) -> None:
    decision = "# Tilskud til Veltoral\n\nVeltoral koster 412 kr. pr. pakning. Der er generelt klausuleret tilskud.\n"
    assistant = assistant_over({"a.da.md": decision})
    answer = assistant.ask("Hvad koster en pakning Veltoral i Sverige?", language="da")
    check(assistant, answer)
    assert answer.abstained and "Sverige" in answer.text and "412" not in answer.text
    assert not assistant.ask("Hvad koster en pakning Veltoral i Danmark?", language="da").abstained


def test_a_medicine_that_no_document_covers_is_named(assistant_over: Make) -> None:
    assistant = assistant_over({"a.md": LEAFLET.format(dose=60, weeks=4)})
    answer = assistant.ask("Hvad er dosis af Bruxamin?")
    check(assistant, answer)
    assert answer.abstained and "Bruxamin" in answer.text and answer.searched == 1


def test_of_two_questions_the_one_without_an_answer_is_named(assistant_over: Make) -> None:
    assistant = assistant_over({"a.md": LEAFLET.format(dose=60, weeks=4)})
    answer = assistant.ask("Hvad er dosis af Veltoral, og hvad er halveringstiden for Veltoral?")
    check(assistant, answer)
    assert not answer.abstained and "60 mg" in answer.text and "halveringstiden" in answer.text
