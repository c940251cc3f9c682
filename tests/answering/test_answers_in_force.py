"""An answer prefers what is in force on the day asked about, and says of what it cites whether it is."""

from collections.abc import Callable
from datetime import date

import pytest

from assistant.answering.answer import Answer
from assistant.engine import Assistant
from assistant.web.ask.render import answered
from assistant.web.strings import strings

Make = Callable[[dict[str, str]], Assistant]
BEFORE, BETWEEN, AFTER = date(2021, 5, 1), date(2023, 5, 1), date(2025, 5, 1)


def guide(dose: int, language: str = "da", **known: str) -> str:
    said = {
        "da": f"# Dosis\n\nDen anbefalede dosis af Ostravin er {dose} mg om dagen.\n",
        "nl": f"# Dosering\n\nDe aanbevolen dosis Ostravin is {dose} mg per dag.\n",
        "en": f"# Dose\n\nThe recommended dose of Ostravin is {dose} mg a day.\n",
    }[language]
    known = {"title": "Ostravin", "language": language, **known}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in known.items()) + f"---\n{said}"


@pytest.fixture
def two_versions(assistant_over: Make) -> Assistant:
    return assistant_over(
        {
            "a-old.md": guide(20, reference="V-77", version="1", valid_from="2022-01-01", valid_to="2024-12-31"),
            "b-new.md": guide(30, reference="V-77", version="2", valid_from="2025-01-01", title="Ostravin 2025"),
        }
    )


def first(answer: Answer) -> tuple[str, str]:
    return answer.citations[0].document_id, answer.citations[0].status


def test_the_version_in_force_on_the_day_is_said_and_the_other_is_a_note_and_no_conflict(
    two_versions: Assistant,
) -> None:
    question = "Hvad er den anbefalede dosis af Ostravin?"
    now = two_versions.ask(question, as_of=AFTER)
    assert first(now) == ("b-new.md", "in force")
    assert "30 mg" in now.text and "20 mg" not in now.text
    assert now.conflicts == ()
    assert any("er fra 1. januar 2025 erstattet af »Ostravin 2025«" in note for note in now.notes)
    then = two_versions.ask(question, as_of=BETWEEN)
    assert first(then) == ("a-old.md", "in force")
    assert "20 mg" in then.text and "30 mg" not in then.text
    assert then.conflicts == ()


def test_a_day_in_the_question_counts_as_the_day_asked_about(two_versions: Assistant) -> None:
    asked = "Hvad er den anbefalede dosis af Ostravin pr. 1. maj 2023?"
    answer = two_versions.ask(asked)
    assert first(answer) == ("a-old.md", "in force")
    assert answer.as_of == "2023-05-01"
    assert answer.question == asked
    assert "Hvad der gælder, er vurderet pr. 1. maj 2023." in answer.notes
    assert two_versions.ask(asked, as_of=AFTER).as_of == "2025-05-01", "a day given apart wins"


@pytest.mark.parametrize(
    ("language", "question", "note"),
    [
        ("da", "Hvad er dosis af Ostravin?", "Dokumentet gjaldt til 31. december 2023."),
        ("nl", "Wat is de dosis Ostravin?", "Het document gold tot en met 31 december 2023."),
        ("en", "What is the dose of Ostravin?", "The document was in force until 31 December 2023."),
    ],
)
def test_where_only_a_lapsed_document_answers_it_answers_with_the_flag(
    assistant_over: Make, language: str, question: str, note: str
) -> None:
    answer = assistant_over({"a.md": guide(20, language, valid_to="2023-12-31")}).ask(question, as_of=AFTER)
    assert not answer.abstained
    assert first(answer) == ("a.md", "lapsed")
    assert note in answer.notes
    assert note not in answer.text
    assert answer.as_dict()["citations"][0]["status"] == "lapsed"
    assert answer.as_dict()["notes"] == list(answer.notes)


def test_what_is_not_yet_in_force_is_said_to_be_so(assistant_over: Make) -> None:
    answer = assistant_over({"a.md": guide(20, "en", valid_from="2026-02")}).ask("What is the dose?", as_of=AFTER)
    assert first(answer) == ("a.md", "not yet")
    assert "The document is not in force until 1 February 2026." in answer.notes


def test_documents_that_say_nothing_of_their_validity_get_no_notes(assistant_over: Make) -> None:
    answer = assistant_over({"a.md": guide(20)}).ask("Hvad er dosis af Ostravin?")
    assert answer.notes == ()
    assert answer.as_of == ""
    assert first(answer) == ("a.md", "")


def test_two_that_are_both_in_force_and_differ_are_a_conflict_still(assistant_over: Make) -> None:
    files = {
        "a.md": guide(20, reference="V-77", valid_from="2022-01-01"),
        "b.md": guide(30, reference="W-12", valid_from="2023-01-01"),
    }
    assert assistant_over(files).ask("Hvad er dosis af Ostravin?", as_of=AFTER).conflicts


def test_the_page_says_the_notes_and_how_each_source_stands(assistant_over: Make) -> None:
    assistant = assistant_over({"a.md": guide(20, valid_from="2022-01-01", valid_to="2023-12-31", version="<b>4</b>")})
    answer = assistant.ask("Hvad er dosis af Ostravin?", as_of=AFTER)
    drawn = answered("turn-1", "a1", answer, assistant.passage_view, lambda _: None, strings("en"))
    assert drawn.count("Dokumentet gjaldt til 31. december 2023.") >= 2, "once to read, once announced"
    assert "no longer in force, from 1 January 2022 until 31 December 2023" in drawn
    assert "&lt;b&gt;4&lt;/b&gt;" in drawn


def test_of_two_that_answer_alike_the_one_in_force_is_said(assistant_over: Make) -> None:
    head = "---\ntitle: Ostravin\nlanguage: da\nvalid_{}\n---\nOstravin skal opbevares {}.\n"
    files = {
        "a.md": head.format("to: 2023-12-31", "i køleskab"),
        "b.md": head.format("from: 2024-01-01", "ved stuetemperatur"),
    }
    assistant = assistant_over(files)
    assert assistant.ask("Hvordan skal Ostravin opbevares?", as_of=AFTER).citations[0].document_id == "b.md"
    assert assistant.ask("Hvordan skal Ostravin opbevares?", as_of=BETWEEN).citations[0].document_id == "a.md"
