"""A question's words find their fellows in the other languages."""

import re
from collections import defaultdict

import pytest

from assistant.documents.model import LANGUAGES
from assistant.retrieval.lexical import stems, tokens
from assistant.retrieval.terms import Term, stopwords, terms, vocabulary, words_of


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


def test_a_name_cut_short_is_meant_and_a_shorter_beginning_is_not() -> None:
    assert match("dosis velto?", "da", "velto", "Veltoral is een geneesmiddel.", "nl") >= 0.8
    assert match("dosis velt?", "da", "velt", "Veltoral is een geneesmiddel.", "nl") < 0.8


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


def test_every_concept_has_words_in_all_three_languages() -> None:
    assert len(vocabulary()) > 700
    assert [name for name, phrases in vocabulary().items() if not all(phrases.get(to) for to in LANGUAGES)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_is_short_and_says_something(language: str) -> None:
    said = [(name, phrase) for name, phrases in vocabulary().items() for phrase in phrases[language]]
    assert [one for one in said if not 1 <= len(tokens(one[1])) <= 4] == []
    assert [one for one in said if one[1] in stopwords(language) or len(one[1]) < 2] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_the_name_of_a_substance(language: str) -> None:
    """By the stems that international names end in; alone they name a class."""
    named = re.compile(
        r"\w(?:mab|n?ib|cept|pril|sartan|olol|prazole?|vastatine?|cillin|mycin|floxacin|gliptine?|gliflozine?|parine?)$"
    )
    words = {word for phrases in vocabulary().values() for phrase in phrases[language] for word in tokens(phrase)}
    assert sorted(word for word in words if len(word) > 6 and named.search(word)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_stands_in_two_concepts_at_most(language: str) -> None:
    named = defaultdict(set)
    for name, phrases in vocabulary().items():
        for phrase in phrases[language]:
            named[tuple(stems(phrase, language))].add(name)
    assert {form: names for form, names in named.items() if len(names) > 2} == {}


@pytest.mark.parametrize(
    ("question", "language", "word", "text", "text_language"),
    [
        ("Does it make you itchy?", "en", "itchy", "Almindelige bivirkninger er udslæt og pruritus.", "da"),
        ("Krijg je er haaruitval van?", "nl", "haaruitval", "Alopeci er set hos få.", "da"),
        ("Kan man få blodprop?", "da", "blodprop", "Thromboembolic events were reported.", "en"),
        ("Is it given bid?", "en", "bid", "De tabletten worden tweemaal daags ingenomen.", "nl"),
        ("Skal den stå i køleskabet?", "da", "køleskabet", "Store in a fridge.", "en"),
        ("Wat is de ICER?", "nl", "icer", "The incremental cost-effectiveness ratio is 40.", "en"),
        ("What about eGFR below 30?", "en", "egfr", "Ved en kreatininclearance under 30 ml/min.", "da"),
        ("May I split it with blood thinners?", "en", "blood thinners", "Samtidig brug af antikoagulantia.", "da"),
    ],
)
def test_lay_words_and_shorthand_meet_the_official_word(
    question: str, language: str, word: str, text: str, text_language: str
) -> None:
    assert match(question, language, word, text, text_language) >= 0.7


@pytest.mark.parametrize(
    ("question", "language", "word", "text", "text_language"),
    [
        ("Geeft het misselijkheid?", "nl", "misselijkheid", "Opkastning er almindelig.", "da"),
        ("How is it kept cold in the fridge?", "en", "fridge", "Holdbarheden er tre år.", "da"),
        ("Injicer i låret?", "da", "låret", "Inject into the upper arm.", "en"),
        ("Is it an oral medicine?", "en", "oral", "Tabletten er hvid og rund.", "da"),
        ("Low blood sugar?", "en", "low blood sugar", "Hyperglykæmi kan forekomme.", "da"),
        ("Kan jeg tage en dobbelt dosis?", "da", "dobbelt dosis", "De maximale dosis is 5 mg.", "nl"),
    ],
)
def test_what_is_only_related_is_another_thing(
    question: str, language: str, word: str, text: str, text_language: str
) -> None:
    assert match(question, language, word, text, text_language) < 0.5


def test_a_word_as_it_is_spelt_goes_before_one_with_its_stem() -> None:
    [term] = [term for term in terms("Hoe wordt het geleverd?", "nl") if term.word == "geleverd"]
    assert term.match(words_of("The liver breaks it down.", "en")) < 0.5  # "geleverd" and "lever" have one stem
