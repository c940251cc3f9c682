"""A question's words find their fellows in the other languages."""

import pytest

from assistant.retrieval.terms import Term, stopwords, terms, words_of


def match(question: str, language: str, word: str, text: str, text_language: str) -> float:
    term = next(term for term in terms(question, language) if term.word == word)
    return term.match(words_of(text, text_language))


@pytest.mark.parametrize(
    ("question", "language", "word", "text", "text_language"),
    [
        ("Welke bijwerkingen?", "nl", "bijwerkingen", "De almindelige bivirkninger er hovedpine.", "da"),
        ("What are the side effects?", "en", "side effects", "Bijwerkingen die vaak voorkomen.", "nl"),
        ("Hvad er dosis?", "da", "dosis", "The recommended dose is 5 mg.", "en"),
        ("What is second choice?", "en", "second choice", "Bruxamin er andetvalg.", "da"),
        ("Wat is de prijs?", "nl", "prijs", "Behandlingsprisen er 5 kr.", "da"),
    ],
)
def test_a_concept_is_found_in_another_language(
    question: str, language: str, word: str, text: str, text_language: str
) -> None:
    assert match(question, language, word, text, text_language) >= 0.55


def test_a_name_is_found_as_it_is_and_misspelt() -> None:
    assert match("Hvad er Veltoral?", "da", "veltoral", "Veltoral is een geneesmiddel.", "nl") >= 0.9
    assert match("Hvad er veltorall?", "da", "veltorall", "Veltoral gives dagligt.", "da") >= 0.7
    assert match("Hvad er Veltoral?", "da", "veltoral", "Bruxamin gives dagligt.", "da") == 0


def test_an_acronym_is_found_by_the_initials_of_a_name() -> None:
    assert match("Hvad siger DSK?", "da", "dsk", "Vejledning fra Dansk Selskab for Kardiologi.", "da") >= 0.7
    assert match("Hvad siger DSK?", "da", "dsk", "Vejledning fra Dansk Kardiologisk Selskab.", "da") < 0.5


def test_first_second_and_third_share_their_noun() -> None:
    found = [term.word for term in terms("What are the first, second and third choices?", "en")]
    assert found == ["first choices", "second choices", "third choices"]


def test_a_number_counts_with_the_word_it_labels() -> None:
    term = next(t for t in terms("Hvad siger stk. 3?", "da") if t.word == "stk 3")
    assert term.match(words_of("Efter § 1, stk. 3.", "da")) == 1
    assert term.match(words_of("Efter § 3, stk. 1.", "da")) < 1


@pytest.mark.parametrize("language", ["da", "nl", "en"])
def test_questions_of_function_words_have_no_terms(language: str) -> None:
    words = sorted(stopwords(language))
    assert len(words) > 80
    assert [t for t in terms(" ".join(words[:5]), language) if not t.concept] == []


def test_a_term_of_no_form_matches_nothing() -> None:
    assert Term("abc", {}).match(words_of("xyz", "da")) == 0
