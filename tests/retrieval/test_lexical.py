"""Words of three languages meet: inflected, compounded, misspelt, without diacritics."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.lexical import likeness, skeleton, stems, tokens


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("da", "bivirkninger", "bivirkningerne"),
        ("da", "knoglebrud", "knoglebruddet"),
        ("nl", "bijwerking", "bijwerkingen"),
        ("en", "injections", "injection"),
        ("da", "må", "maa"),
        ("da", "køling", "koeling"),
    ],
)
def test_inflections_and_plain_spellings_share_a_stem(language: str, one: str, other: str) -> None:
    assert stems(one, language) == stems(other, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("osteonekrose", "osteonecrose"),
        ("hypokalcæmi", "hypocalciëmie"),
        ("bisfosfonat", "bisphosphonates"),
        ("veltoral", "veltorall"),
        ("bruxamin", "bruxmain"),
        ("behandlingsprisen", "prisen"),
        ("zoledronsyre", "zoledroninezuur"),
    ],
)
def test_the_same_word_is_known_again(one: str, other: str) -> None:
    assert likeness(one, other) >= 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("warfarin", "denosumab"),
        ("dosis", "kvinder"),
        ("60", "600"),
        ("2023", "2025"),
        ("hofte", "hoste"),
        ("bruxamin", "bruxin"),
        ("børn", "kvinder"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert likeness(one, other) < 0.5


@given(one=st.text(max_size=20), other=st.text(max_size=20))
def test_likeness_is_even_handed_and_within_bounds(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1


@given(text=st.text(max_size=100), language=st.sampled_from(["da", "nl", "en", "xx"]))
def test_every_word_has_one_stem(text: str, language: str) -> None:
    assert len(stems(text, language)) == len(tokens(text))


@given(word=st.text(min_size=1, max_size=20))
def test_a_skeleton_repeats_no_letter(word: str) -> None:
    bones = skeleton(word)
    assert all(a != b for a, b in itertools.pairwise(bones))
