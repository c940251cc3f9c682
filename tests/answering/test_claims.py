"""Figures as two documents may disagree about them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.claims import Claim, agree, claims, differ, same_value
from assistant.documents.quantities import Quantity, find_quantities


def one(text: str, language: str = "en") -> Claim:
    (claim,) = claims(text, language)
    return claim


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (("5,7 % af patienterne", "da"), ("6 % of patients", "en")),
        (("60 mg hver morgen", "da"), ("0.06 g in the morning", "en")),
        (("i 12 uger", "da"), ("for 3 months", "en")),
        (("i 48 timer", "da"), ("2 dagen lang", "nl")),
        (("1.200 kvinder", "da"), ("1,200 women", "en")),
        (("5 to 10 mg", "en"), ("8 mg", "nl")),
        (("at least 5 days", "en"), ("at most 10 days", "en")),
    ],
)
def test_rounding_units_ranges_and_opposite_bounds_are_no_difference(
    here: tuple[str, str], there: tuple[str, str]
) -> None:
    mine = next(c for c in claims(*here) if c.low.kind not in ("interval",))
    assert not differ(mine, claims(*there)[0])


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (("5,7 % af patienterne", "da"), ("5.5 % of patients", "en")),
        (("i 12 uger", "da"), ("for 4 months", "en")),
        (("412 kvinder", "da"), ("389 vrouwen", "nl")),
        (("286 hidtil ubehandlede patienter", "da"), ("268 patients", "en")),
        (("5 to 10 mg", "en"), ("12 mg", "nl")),
        (("fra 6 år", "da"), ("van 2 jaar en ouder", "nl")),
    ],
)
def test_other_figures_are_a_difference(here: tuple[str, str], there: tuple[str, str]) -> None:
    assert differ(claims(*here)[0], claims(*there)[0])


def test_milligrams_a_body_s_weight_and_percent_are_not_compared() -> None:
    figures = [one("40 kg"), one("50 mg"), one("50 %"), one("50 days")]
    assert not any(differ(a, b) for a in figures for b in figures if a is not b)


def test_the_percentage_of_a_confidence_interval_is_no_claim_and_that_before_bij_is() -> None:
    assert next(str(c.low) for c in claims("a fall of 2.1 % (95 % CI 1.2 to 3.0)", "en")) == "2.1 %"
    assert "95 %" not in [str(c.low) for c in claims("a fall of 2.1 % (95 % CI 1.2 to 3.0)", "en")]
    assert [str(c.low) for c in claims("met 5,3 % bij vrouwen", "nl")] == ["5.3 %"]


def test_a_clause_holds_the_words_of_its_own_figure_only() -> None:
    first, second = claims("med 5,7 % hos kvinder, der fik Ostravin, og med 5,1 % hos dem, der fik Pramolin", "da")
    assert "Ostravin" in first.clause and "Pramolin" not in first.clause
    assert "Pramolin" in second.clause and "Ostravin" not in second.clause
    assert "5" not in first.clause + second.clause


def test_the_first_end_of_a_range_is_in_the_unit_of_its_last() -> None:
    claim = one("children from 2 to 17 years")
    assert (str(claim.low), str(claim.high)) == ("24 month", "204 month")


@given(st.text(max_size=80), st.sampled_from(["da", "nl", "en"]))
def test_claims_stand_in_their_sentence_and_agree_with_themselves(text: str, language: str) -> None:
    found = claims(text, language)
    starts = {quantity.start for quantity in find_quantities(text, language)}
    for claim in found:
        assert 0 <= claim.start < claim.end <= len(text)
        assert claim.start in starts
        assert same_value(claim, claim) and not differ(claim, claim)
    assert [claim.start for claim in found] == sorted(claim.start for claim in found)


FIGURES = st.builds(
    lambda value, unit: Quantity(value, unit, "duration"),
    st.decimals(Decimal("0.1"), Decimal(1000), places=1),
    st.sampled_from(["minute", "hour", "day", "month"]),
)


@given(FIGURES, FIGURES)
def test_agreement_does_not_depend_on_the_order(a: Quantity, b: Quantity) -> None:
    assert agree(a, b) == agree(b, a)
    assert agree(a, a)
