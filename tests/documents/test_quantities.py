"""Figures are read by the language they stand in; equal ones are equal however written."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.quantities import find_quantities, parse_number, quantities


def shown(text: str, language: str) -> list[str]:
    return [f"{q} {q.kind}" for q in quantities(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("60 mg én gang hver 6. måned", "da", ["60 mg amount", "6 month interval"]),
        ("eenmaal per zes maanden", "nl", ["6 month interval"]),
        ("kontrol hvert halve år", "da", ["6 month interval"]),
        ("to gange dagligt", "da", ["0.5 day interval"]),
        ("én gang om ugen", "da", ["7 day interval"]),
        ("tweemaal daags", "nl", ["0.5 day interval"]),
        ("twice daily", "en", ["0.5 day interval"]),
        ("every 2 weeks", "en", ["14 day interval"]),
        ("1.116,10-1.187,30 kr.", "da", ["1116.1 kr money", "1187.3 kr money"]),
        ("€ 1.250,50", "nl", ["1250.5 eur money"]),
        ("5,7 % mod 5,1%", "da", ["5.7 % percent", "5.1 % percent"]),
        ("faldt med 1,8 procentpoint", "da", ["1.8 %-point percent"]),
        ("daalde 1,8 procentpunt", "nl", ["1.8 %-point percent"]),
        ("lower by 2 percentage points", "en", ["2 %-point percent"]),
        ("1 ud af 1 000 personer", "da", ["1/1000 frequency"]),
        ("1 op de 10 personen", "nl", ["1/10 frequency"]),
        ("1 in 100 people", "en", ["1/100 frequency"]),
        ("mellem −1,0 og −2,5", "da", ["-1 number", "-2.5 number"]),
        ("553 kvinder", "da", ["553 people people"]),
        ("in 1,234 patients", "en", ["1234 people people"]),
        ("18. juli 2025", "da", ["2025-07-18 date"]),
        ("2 juni 2025", "nl", ["2025-06-02 date"]),
        ("July 18, 2025", "en", ["2025-07-18 date"]),
        ("60 mg/ml", "da", ["60 mg/ml amount"]),
    ],
)
def test_figures_of_official_texts(text: str, language: str, expected: list[str]) -> None:
    assert shown(text, language) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [(("0,06 g", "da"), ("60 mg", "en")), (("1.234 kr.", "da"), ("1234 kr.", "nl")), (("5,5 %", "nl"), ("5.5%", "en"))],
)
def test_the_same_written_otherwise_is_equal(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert quantities(*one) == quantities(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("5 mg", "0,5 mg"), ("12 mg", "12,5 mg"), ("60 mg", "60 µg"), ("−2,5", "2,5"), ("6 uger", "6 mdr")],
)
def test_what_is_not_the_same_differs(one: str, other: str) -> None:
    assert quantities(one, "da") != quantities(other, "da")


def test_a_separator_goes_by_the_language() -> None:
    assert parse_number("1.234", "da") == Decimal(1234)
    assert parse_number("1.234", "en") == Decimal("1.234")
    assert parse_number("1,234", "en") == Decimal(1234)
    assert parse_number("2.5", "da") == Decimal("2.5")


@given(value=st.decimals(min_value=0, max_value=10**7, places=2), language=st.sampled_from(["da", "nl", "en"]))
def test_a_number_survives_being_written_in_its_language(value: Decimal, language: str) -> None:
    from babel.numbers import format_decimal

    written = format_decimal(value, format="#,##0.00", locale=language)
    assert parse_number(written, language) == value


@given(
    day=st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)), language=st.sampled_from(["da", "nl", "en"])
)
def test_a_date_survives_being_written_in_its_language(day: date, language: str) -> None:
    from babel.dates import format_date

    written = format_date(day, format="long", locale=language)
    assert [str(q) for q in quantities(written, language)] == [day.isoformat()]


@given(text=st.text(alphabet="0123456789 .,%-−mgkr/ab\n", max_size=80), language=st.sampled_from(["da", "en"]))
def test_places_lie_in_the_text_and_do_not_overlap(text: str, language: str) -> None:
    found = find_quantities(text, language)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
