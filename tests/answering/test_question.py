"""A question is understood: its language, what it wants, what it leans on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.question import understand
from assistant.errors import QuestionError


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("Hvor ofte gives Veltoral?", "da", "interval"),
        ("veltoral hoe vaak?", "nl", "interval"),
        ("How often is Veltoral given?", "en", "interval"),
        ("Hvad koster Veltoral?", "da", "price"),
        ("Wat is de prijs van Veltoral?", "nl", "price"),
        ("Hvornår blev Veltoral godkendt?", "da", "date"),
        ("Vanaf welke dag wordt Veltoral betaald?", "nl", "date"),
        ("Hoeveel betaalt de minister voor Veltoral?", "nl", "price"),
        ("Wie betaalt Veltoral?", "nl", "who"),
        ("Is Veltoral paid for by the region?", "en", "yes_no"),
        ("What is the youngest age at which Veltoral may be used?", "en", "quantity"),
        ("Fra hvilken alder må Veltoral gives?", "da", "quantity"),
        ("Wat is de minimumleeftijd voor Veltoral?", "nl", "quantity"),
        ("From what date is Veltoral paid for?", "en", "date"),
        ("How many women took part in the study?", "en", "quantity"),
        ("Welke bijwerkingen heeft Veltoral?", "nl", "list"),
        ("Må Veltoral gives til børn?", "da", "yes_no"),
        ("Waarom is Veltoral geen eerste keus?", "nl", "reason"),
        ("What is osteoporosis?", "en", "definition"),
        ("Moet de dosis Veltoral omlaag bij een slecht werkende lever?", "nl", "yes_no"),
        ("Kan du sige mig dosis af Veltoral?", "da", "quantity"),
        ("Is it known how often Veltoral is given?", "en", "interval"),
    ],
)
def test_what_a_question_wants(text: str, language: str, wanted: str) -> None:
    question = understand(text)
    assert (question.language, question.wanted) == (language, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "Synes du, at jeg skal skifte til Veltoral?",
        "Moet ik Veltoral blijven gebruiken?",
        "Should I take Veltoral with my heart problem?",
        "Jeg er 70 år og tager Veltoral, er det farligt?",
        "Mijn moeder gebruikt Veltoral, mag ze stoppen?",
    ],
)
def test_personal_advice_is_declined(text: str) -> None:
    assert understand(text).declined == "advice"


@pytest.mark.parametrize(
    "text", ["Tot hoeveel uur later kan ik Veltoral nog innemen?", "Hvornår må jeg køre bil efter Veltoral?"]
)
def test_a_general_question_in_the_first_person_is_none_of_advice(text: str) -> None:
    assert not understand(text).declined


@pytest.mark.parametrize("text", ["", "   ", "?", "hej", "hoe en wat", "thanks!"])
def test_nothing_to_look_for_is_declined(text: str) -> None:
    assert understand(text).declined == "empty"


def test_a_follow_up_takes_its_subject_from_the_question_before() -> None:
    history = [("Hoe wordt Veltoral toegediend?", "Met een injectie.")]
    question = understand("Hoe vaak?", history=history)
    assert (question.language, question.wanted, question.declined) == ("nl", "interval", "")
    assert "veltoral" in [term.word for term in question.terms]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("What is the Veltoral dose in renal impairment?", "And when rifampicin is on board?", "quantity"),
        ("Hvor ofte gives Veltoral ved astma?", "Og ved næsepolypper?", "interval"),
        ("Er patienter med gigt omfattet?", "Hvad kan lægen så gøre for dem?", "fact"),
    ],
)
def test_a_follow_up_wants_what_the_question_before_wanted_unless_it_asks_anew(
    before: str, after: str, wanted: str
) -> None:
    assert understand(after, history=[(before, "")]).wanted == wanted


def test_a_follow_up_of_a_follow_up_still_knows_the_subject() -> None:
    history = [("Hvordan gives Veltoral?", "I låret."), ("Hvor ofte?", "Hver uge.")]
    assert "veltoral" in [term.word for term in understand("Og hos ældre?", history=history).terms]


def test_a_full_question_takes_nothing_from_the_history() -> None:
    history = [("Hvordan gives Bruxamin?", "I låret.")]
    question = understand("Hvilke bivirkninger har Veltoral hos ældre kvinder?", history=history)
    assert "bruxamin" not in [term.word for term in question.terms]


def test_who_must_not_have_it_asks_for_contraindications() -> None:
    assert "contra" in " ".join(term.word for term in understand("Wie mag Veltoral niet krijgen?").terms)


def test_a_question_too_long_says_so() -> None:
    with pytest.raises(QuestionError, match="longer than 50"):
        understand("a" * 51, max_characters=50)


def test_an_unknown_language_says_so() -> None:
    with pytest.raises(QuestionError, match="'fr'"):
        understand("Hvad er det?", language="fr")


@given(text=st.text(max_size=200))
def test_any_text_is_understood_or_declined(text: str) -> None:
    question = understand(text)
    assert question.language in ("da", "nl", "en")
    assert bool(question.terms) or question.declined


def test_a_follow_up_that_names_the_other_side_does_not_inherit_the_first() -> None:
    history = [("Hvad anbefaler selskabet som førstevalg ved gigt?", "Zelmivax.")]
    words = [term.word for term in understand("Og hvad så som andetvalg?", history=history, language="da").terms]
    assert "andetvalg" in words and "gigt" in words and "førstevalg" not in words


def test_two_words_joined_by_or_are_one_thing_asked() -> None:
    (either,) = understand("under the skin or intramuscular?", language="en").terms[:1]
    assert len(understand("subq or intramuscular?", language="en").terms) == 1
    assert either.forms["da"]


def test_a_word_put_together_is_no_name() -> None:
    (supplement,) = (t for t in understand("Hvilke mineraltilskud gives?", language="da").terms if "mineral" in t.word)
    assert not supplement.is_name
    assert next(t for t in understand("Hvad koster Zelmivax?", language="da").terms if t.word == "zelmivax").is_name
