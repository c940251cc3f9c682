"""Danish and Dutch in English words, for a model that reads English only."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.gloss import gloss


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Hvilke bivirkninger er almindelige?", "da", ["side effects", "common"]),
        ("Indsprøjtningen gives under huden.", "da", ["injection", "under the skin"]),
        ("Patienten har kronisk nyresygdom.", "da", ["patient", "chronic", "kidney", "disease"]),
        ("Het geneesmiddel is niet geschikt voor kinderen.", "nl", ["medicine", "not", "children"]),
        ("De behandeling duurt drie maanden.", "nl", ["treatment", "three", "months"]),
        ("Het ziekenhuis bewaart het in de koelkast.", "nl", ["hospital", "refrigerator"]),
    ],
)
def test_words_are_given_in_english(text: str, language: str, words: list[str]) -> None:
    said = gloss(text, language)
    for word in words:
        assert word in said


@pytest.mark.parametrize("language", ["da", "nl"])
def test_names_and_figures_stay(language: str) -> None:
    said = gloss("Zelmivax 12,5 mg til 40 %", language)
    assert "zelmivax" in said and "12,5" in said and "40" in said


@given(st.text(max_size=200))
def test_english_is_left_as_it_is(text: str) -> None:
    assert gloss(text, "en") == text


@given(st.text(max_size=120), st.sampled_from(["da", "nl"]))
def test_any_text_can_be_glossed_and_keeps_its_figures(text: str, language: str) -> None:
    said = gloss(text, language)
    for digit in (c for c in text if c in "0123456789"):
        assert digit in said


@pytest.mark.parametrize("language", ["da", "nl"])
def test_each_of_our_own_words_says_one_thing(language: str) -> None:
    said: dict[str, str] = {}
    listed = (files("assistant.retrieval") / "vocabulary" / f"words.{language}.txt").read_text("utf-8")
    for entry in ";".join(line for line in listed.splitlines() if not line.startswith("#")).split(";"):
        word, equals, english = (part.strip() for part in entry.partition("="))
        assert word and equals and english, entry
        assert word == word.lower(), entry
        assert word not in said, entry
        said[word] = english
    assert all(gloss(word, language) == english for word, english in said.items() if " " not in word)


def test_the_last_word_is_glossed_like_any_other() -> None:
    assert gloss("afslag", "da") == "rejection"
    assert gloss("afslag på ansøgning", "da").startswith("rejection")
