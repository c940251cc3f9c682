"""Questions as people type them are taken for the language that they are in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.language import detect, detect_with_confidence
from assistant.documents.model import LANGUAGES

QUESTIONS = {
    "da": [
        "Hvad er Conexxence?",
        "Hvor ofte gives Veltoral?",
        "hvor ofte skal jeg tage bruxamin",
        "hvad koster det",
        "Hvad er dosis til børn?",
        "må gravide få Veltoral?",
        "maa jeg drikke alkohol",
        "bivirkninger",
        "Er der tilskud til Bruxamin?",
        "hvornaar udloeber tilskuddet",
        "Kan man få det på recept",
        "hvem må ikke bruge veltoral",
        "hvilke bivrkninger er almindelige?",
        "Hvordan opbevares sprøjten?",
        "hvordan opbevares medicinen",
        "dosis ved nyresvigt",
        "Hvad siger vejledningen om kalk?",
        "hvor meget faldt risikoen for brud",
        "hvor længe virker det",
        "hvad gør jeg hvis jeg glemmer en dosis",
        "Skal blodprøver tages før behandling?",
        "Hvorfor fik det afslag",
        "pris pr pakning",
        "indeholder det laktose",
        "gives det i låret eller maven",
    ],
    "nl": [
        "Wat is Conexxence?",
        "wat kost Prolia",
        "Hoe vaak wordt Veltoral gegeven?",
        "hoe vaak moet ik bruxamin innemen",
        "wat kost het",
        "Wat is de dosis voor kinderen?",
        "mag je veltoral gebruiken als je zwanger bent",
        "bijwerkingen",
        "welke bijwerkigen komen vaak voor",
        "Wordt Bruxamin vergoed?",
        "wanneer vervalt de vergoeding",
        "Is het alleen op recept verkrijgbaar",
        "wie mag veltoral niet gebruiken",
        "Hoe bewaar ik de spuit?",
        "hoe moet je de medicijnen bewaren",
        "dosis bij nierfalen",
        "Wat zegt de richtlijn over kalk?",
        "hoeveel daalde het risico op breuken",
        "hoe lang werkt het",
        "wat moet ik doen als ik een dosis vergeet",
        "Waarom is het afgewezen?",
        "prijs per verpakking",
        "bevat het lactose",
        "wordt het in de dij of de buik gespoten",
        "Kan ik er alcohol bij drinken",
        "zijn er bloedtesten nodig voor de behandeling",
    ],
    "en": [
        "What is Conexxence?",
        "How often is Veltoral given?",
        "how often do i take bruxamin",
        "what does it cost",
        "What is the dose for children?",
        "can i use veltoral when pregnant",
        "side effects",
        "wich side efects are common",
        "Is Bruxamin reimbursed?",
        "when does the reimbursement end",
        "Is it available on prescription only",
        "who must not use veltoral",
        "How do I store the syringe?",
        "how should the medicine be stored",
        "dose in renal failure",
        "What does the guideline say about calcium?",
        "how much did the risk of fracture drop",
        "how long does it work",
        "what if i forget a dose",
        "Why was it refused?",
        "price per pack",
        "does it contain lactose",
        "is it injected in the thigh or belly",
        "May I drink alcohol with it",
        "are blood tests needed before treatment",
    ],
}
LABELLED = [(language, question) for language, questions in QUESTIONS.items() for question in questions]


@pytest.mark.parametrize(("language", "question"), LABELLED)
def test_a_question_as_typed_is_in_its_language(language: str, question: str) -> None:
    assert detect(question) == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Hvor"), ("da", "hvad"), ("da", "Og børn?"), ("da", "æbler"), ("da", "Hvornår?"),
        ("nl", "Wat?"), ("nl", "hoe"), ("nl", "Waarom"), ("nl", "bijsluiter"), ("nl", "En kinderen?"),
        ("en", "Why?"), ("en", "what"), ("en", "And children?"), ("en", "the dose"), ("en", "when"),
    ],
)  # fmt: skip
def test_one_or_two_words_are_enough(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(("language", "text"), [("nl", "op recept?"), ("en", "dose in elderly")])
def test_a_small_word_decides_where_the_others_could_be_of_several_languages(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_case_does_not_change_the_language(language: str) -> None:
    questions = [question for question in QUESTIONS[language] if len(question) > 15]
    assert [detect(question.upper()) for question in questions] == [language] * len(questions)


@given(text=st.text(max_size=200))
def test_any_text_has_one_of_the_languages_and_a_confidence(text: str) -> None:
    language, confidence = detect_with_confidence(text)
    assert language in LANGUAGES
    assert 0.0 <= confidence <= 1.0
    assert detect(text) == language


def test_a_page_of_text_is_surer_than_a_name() -> None:
    page = "Veltoral gives som indsprøjtning under huden. Patienten skal samtidig have tilskud af kalk og vitamin D."
    assert detect_with_confidence(page)[0] == "da"
    assert detect_with_confidence(page)[1] > 0.99
    assert detect_with_confidence("Veltoral")[1] < 0.9
