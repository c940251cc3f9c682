"""A country that no document covers, where the question is about what depends on the country."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.jurisdiction import countries, jurisdictions, uncovered_jurisdiction
from assistant.documents.model import Metadata

DANISH = Metadata(title="Afgørelse om tilskud", publisher="Nævnet", language="da", jurisdiction="DK")
EUROPEAN = Metadata(title="Overview", publisher="European Medicines Agency", language="en")
DUTCH = Metadata(title="Bijsluiter", language="nl")


@pytest.mark.parametrize(
    ("question", "language", "country"),
    [
        ("Er der tilskud til Ostravin i Sverige?", "da", "Sverige"),
        ("Hvad er den svenske pris på Ostravin?", "da", "svenske"),
        ("Wordt Ostravin in Duitsland vergoed?", "nl", "Duitsland"),
        ("Is Ostravin reimbursed in Norway?", "en", "Norway"),
        ("hvad koster ostravin i tyskland", "da", "tyskland"),
        ("Is Ostravin authorised in the United States?", "en", "United States"),
        ("What does Ostravin cost in Sweden, and in Denmark?", "en", "Sweden"),
    ],
)
def test_a_country_without_a_document_is_named_as_asked(question: str, language: str, country: str) -> None:
    assert uncovered_jurisdiction(question, language, [DANISH, EUROPEAN]) == country


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Er der tilskud til Ostravin i Danmark?", "da"),
        ("Er der tilskud til Ostravin?", "da"),
        ("Hvad er dosis af Ostravin i Sverige?", "da"),
        ("Is Ostravin authorised in Germany?", "en"),
        ("Is Ostravin approved in the EU?", "en"),
        ("What does the Danish decision say about the price?", "en"),
        ("Hvad koster Ostravin ifølge den danske afgørelse?", "da"),
        ("Can you tell me the price in Danish?", "en"),
        ("Does the price of cold turkey matter?", "en"),
        ("", "en"),
    ],
)
def test_what_is_covered_or_is_the_same_everywhere_is_not_named(question: str, language: str) -> None:
    assert uncovered_jurisdiction(question, language, [DANISH, EUROPEAN]) == ""


def test_documents_that_do_not_say_count_for_the_countries_of_their_language() -> None:
    assert jurisdictions(DUTCH) == {"NL", "BE"}
    assert uncovered_jurisdiction("Wordt Ostravin in België vergoed?", "nl", [DUTCH]) == ""
    assert uncovered_jurisdiction("Wordt Ostravin in Denemarken vergoed?", "nl", [DUTCH]) == "Denemarken"


@pytest.mark.parametrize(
    ("stated", "codes"), [("DK", {"DK"}), ("NL, BE", {"NL", "BE"}), ("Danmark", {"DK"}), ("the Netherlands", {"NL"})]
)
def test_a_stated_jurisdiction_may_be_a_code_or_a_name(stated: str, codes: set[str]) -> None:
    assert jurisdictions(Metadata(jurisdiction=stated, language="en")) == codes


def test_no_documents_or_a_country_they_mention_is_not_called_uncovered() -> None:
    question = "Er der tilskud til Ostravin i Sverige?"
    assert uncovered_jurisdiction(question, "da", []) == ""
    assert uncovered_jurisdiction(question, "da", [DANISH], is_mentioned=lambda word: word == "Sverige") == ""


@given(st.text(max_size=100))
def test_any_text_is_read_and_what_is_found_stands_in_it(text: str) -> None:
    for code, written in countries(text):
        assert len(code) == 2
        assert written in text
