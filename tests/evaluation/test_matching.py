import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.matching import compiled
from assistant.evaluation.quotes import nearest, places


@pytest.mark.parametrize(
    ("alternative", "text"),
    [
        ("60 mg", "Giv 60mg."),
        ("60mg", "Giv 60 mg."),
        ("5,7 %", "steg 5.7% på et år"),
        ("1.116,10", "koster 1116.10 kr."),
        ("1.116,10", "costs 1,116.10"),
        ("1 op de 1 000", "bij 1 op de 1000 mensen"),
        ("T-score −2,5", "T‑score -2,5"),
        ("0,5-1 år", "i 0,5–1 år"),
        ("bisfosfonat", "Bisfosfonater"),
        ("§ 1, stk. 2", "efter § 1,\nstk. 2"),
        ("re:^\\W*nej\\b", "Nej, aldrig"),
    ],
)
def test_an_alternative_is_found_however_it_is_written(alternative: str, text: str) -> None:
    assert compiled(alternative).search(text)


@pytest.mark.parametrize(
    ("alternative", "text"),
    [
        ("6 mg", "60 mg"),
        ("5 mg", "0,5 mg"),
        ("5 mg", "12.5 mg"),
        ("5", "5,7"),
        ("1 ud af 10", "1 ud af 100"),
        ("ja", "januar"),
        ("fosfonat", "bisfosfonat"),
        ("to gange", "togange"),
    ],
)
def test_an_alternative_is_not_found_inside_another_word_or_figure(alternative: str, text: str) -> None:
    assert not compiled(alternative).search(text)


@given(whole=st.integers(0, 10**7), decimals=st.integers(0, 99), other=st.integers(0, 10**7))
def test_a_number_matches_itself_in_every_locale_and_no_other(whole: int, decimals: int, other: int) -> None:
    english = f"{whole:,}.{decimals:02}"
    danish = english.translate(str.maketrans(",.", ".,"))
    assert compiled(danish).fullmatch(english)
    assert compiled(danish).fullmatch(f"{whole},{decimals:02}")
    assert bool(compiled(danish).search(f"{other},{decimals:02} kr")) == (whole == other)


@given(words=st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1), data=st.data())
def test_a_quote_is_found_over_any_white_space(words: list[str], data: st.DataObject) -> None:
    gaps = [data.draw(st.text(" \n\t\u00a0", min_size=1, max_size=3)) for _ in words]
    text = "".join(gap + word for gap, word in zip(gaps, words, strict=True)) + "\n"
    (start, end) = places(" ".join(words), text)[0]
    assert text[start:end].split() == words


def test_every_place_of_a_quote_is_found() -> None:
    assert places("a b", "a  b, a\nb") == [(0, 4), (6, 9)]
    assert places("c", "a b") == []


OLD = "Ved T-score under −2,5 kan bisfosfonat gives i 12 måneder."


@pytest.mark.parametrize(
    "text",
    [
        "Ved T‑score under –2,5 kan bisfos-\nfonat gives i 12 måneder.",
        "Ved T-score under −2,5 kan bisfos\u00adfonat gives\ni 12 måneder.",
        "Ved T-score under −2,5 kan bisfosfonat\nSide 3 af 9\n\ngives i 12 måneder.",
        "Ved T-score under -2,5 kan bisfosfonat gives i 12\u00a0måneder.",
    ],
)
def test_a_quote_is_found_again_after_its_document_was_extracted_anew(text: str) -> None:
    assert places(OLD, f"Først. {text} Så.") == [(7, 7 + len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Ved T-score under 2,5 kan bisfosfonat gives i 12 måneder.",  # the sign is gone
        "Ved T-score under −2,5 kan bisfosfonat ikke gives i 12 måneder.",
        "Ved T-score under −2,5 kan bisfosfonat gives i 12 uger.",
        "Ved T-score under −2,55 kan bisfosfonat gives i 12 måneder.",
    ],
)
def test_a_quote_is_gone_where_a_word_a_figure_or_a_sign_is_another(text: str) -> None:
    assert places(OLD, text) == []
    assert nearest(OLD, f"Noget andet står her. {text} Og mere.") in text


def test_part_of_a_figure_is_no_place_after_extraction() -> None:
    assert places("giv “5 mg”", 'giv "5 mg"') == [(0, 10)]
    assert places("5 mg –x", "0,5 mg -x") == []
