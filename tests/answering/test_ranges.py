"""A patient's figure finds the range that holds it, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.ranges import asked_figures, falls_within


def holds(question: str, text: str, language: str) -> bool:
    return any(falls_within(found.quantity, text, language) for found in asked_figures(question, language))


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("dosis til en på 70 år", "Patienter på 65 år og derover får højst 5 mg.", "da"),
        ("95 kg?", "Patienter over 80 kg får 100 mg dagligt.", "da"),
        ("hvad får en 12-årig", "Børn fra 6 til og med 17 år får 20 mg.", "da"),
        ("kind van 25 kg", "20 tot 40 kg: 3 mg tweemaal daags", "nl"),
        ("16-jarige", "Jongeren vanaf 12 jaar krijgen 40 mg.", "nl"),
        ("klaring 40 ml/min", "30-49 ml/min 36 uur 72 uur", "nl"),
        ("for a 9-year-old", "children aged 6 to 11 years", "en"),
        ("creatinine clearance of 22 ml/min", "Below 30 ml/min the dose is halved.", "en"),
        ("a patient of 28 kg", "Body weight 20 kg to less than 35 kg: 75 mg", "en"),
    ],
)
def test_the_range_that_holds_it_is_found(question: str, text: str, language: str) -> None:
    assert holds(question, text, language)


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("dosis til en på 60 år", "Patienter på 65 år og derover får højst 5 mg.", "da"),
        ("dosis på 60 mg?", "Patienter op til 80 kg får 100 mg dagligt.", "da"),  # a dose is no weight
        ("kind van 45 kg", "20 tot 40 kg: 3 mg tweemaal daags", "nl"),
        ("for a 5-year-old", "children aged 6 to 11 years", "en"),
        ("creatinine clearance of 40 ml/min", "Below 30 ml/min the dose is halved.", "en"),
        ("a patient of 70 years", "The study took 70 weeks.", "en"),
    ],
)
def test_another_range_or_another_kind_of_figure_is_not(question: str, text: str, language: str) -> None:
    assert not holds(question, text, language)


@given(low=st.integers(1, 80), width=st.integers(1, 40), asked=st.integers(1, 130))
def test_a_range_of_years_holds_just_what_lies_in_it(low: int, width: int, asked: int) -> None:
    within = low <= asked <= low + width
    assert holds(f"a patient of {asked} years", f"aged {low} to {low + width} years", "en") is within
