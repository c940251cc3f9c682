"""The day that a question asks about, where it plainly asks about one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.as_of import dated, parse_day
from assistant.errors import QuestionError


@pytest.mark.parametrize(
    ("question", "language", "rest", "day"),
    [
        ("What is the dose as of 1 March 2023?", "en", "What is the dose?", date(2023, 3, 1)),
        ("As of March 1, 2023, what is the dose?", "en", "what is the dose?", date(2023, 3, 1)),
        ("Hvad er dosis pr. 1. januar 2024?", "da", "Hvad er dosis?", date(2024, 1, 1)),
        ("Hvad var dosis af Ostrava per 1/1/2024?", "da", "Hvad var dosis af Ostrava?", date(2024, 1, 1)),
        ("Wat is de dosis per 1 juli 2022?", "nl", "Wat is de dosis?", date(2022, 7, 1)),
        ("Welke dosis geldt op peildatum 01-07-2022?", "nl", "Welke dosis geldt?", date(2022, 7, 1)),
        ("What was the dose as of March 2023?", "en", "What was the dose?", date(2023, 3, 1)),
        ("What was the dose as of 2023-03-01?", "en", "What was the dose?", date(2023, 3, 1)),
    ],
)  # fmt: skip
def test_a_day_after_as_of_is_taken_out_of_the_question(question: str, language: str, rest: str, day: date) -> None:
    found = dated(question, language)
    assert found.on == day
    assert found.text == rest


@pytest.mark.parametrize(
    "question",
    [
        "Hvad sker der den 1. marts 2027?",
        "Fra hvornår gælder tilskuddet, fra den 1. marts 2027?",
        "Hvilke ændringer træder i kraft pr. 1. marts 2027?",
        "What takes effect as of 1 March 2027?",
        "Wat verandert er per 1 juli 2022?",
        "Was the authorisation given on 3 June 2026?",
        "Hvor mange mg pr. dag?",
        "pr. 1. januar 2024",
        "",
    ],
)
def test_a_day_that_is_what_the_question_asks_about_stays(question: str) -> None:
    assert dated(question) == (question, None)


@given(st.text(max_size=120))
def test_any_text_is_read_without_failing(text: str) -> None:
    found = dated(text)
    assert found.on is not None or found.text == text


def test_a_day_is_written_year_first() -> None:
    assert parse_day(" 2024-02-29 ") == date(2024, 2, 29)
    for wrong in ("29-02-2024", "2023-02-29", "today", ""):
        with pytest.raises(QuestionError, match="YYYY-MM-DD"):
            parse_day(wrong)
