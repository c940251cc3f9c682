"""A question's word counts the more, the fewer sentences have it."""

from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.retrieval.index.opening import open_index
from assistant.retrieval.library import Library
from assistant.retrieval.rarity import Rarity
from assistant.retrieval.terms import Term, terms
from assistant.settings import Settings

_TEXT = """Brosanol tabletten

Andere geneesmiddelen kunnen de werking veranderen. De werkzame stoffen zijn wit. Neem de tablet met water in.
Bij ernstige nierziekte is de dosis lager.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("rarity")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "brosanol.nl.txt").write_text(_TEXT, "utf-8")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    Assistant(settings).index()
    return open_index(settings).library


def term(question: str, language: str) -> Term:
    return terms(question, language)[0]


def test_a_phrase_whose_words_stand_apart_is_unknown(library: Library) -> None:
    rarity = Rarity(library)
    asked = term("hulpstoffen?", "nl")
    assert ("ander", "stof") in asked.forms["nl"]  # "andere stoffen": both words are there, and never together
    assert rarity.is_unknown(asked)
    assert rarity(asked) > rarity(term("tablet?", "nl"))


def test_a_phrase_is_known_with_a_word_in_between(library: Library) -> None:
    assert library.phrase_frequency(("werkzame", "wit"), "nl") == 0
    assert library.phrase_frequency(("ernst", "dosis"), "nl") == 0
    assert library.phrase_frequency(("tablet", "water"), "nl") == 1
