"""The question is worded otherwise and means the same, and the same sentence is cited."""

from collections.abc import Callable

import pytest
from relations import ASKED, NAMED, asked_of, cases, first_quote

from assistant import Assistant

_POLITE = {"da": "Kan du sige mig: ", "nl": "Weet u misschien: ", "en": "Please tell me: "}
_HELLO = {"da": "Hej! ", "nl": "Goedemorgen, ", "en": "Hello, "}
_THANKS = {"da": " På forhånd tak.", "nl": " Alvast bedankt!", "en": " Thank you in advance."}
_BARE = str.maketrans({"æ": "ae", "ø": "o", "å": "aa", "Å": "Aa", "ë": "e", "ï": "i"})
REWORDED: dict[str, Callable[[str, str], str]] = {
    "capitals": lambda question, _: question.upper(),
    "no-mark": lambda question, _: question.rstrip("?"),
    "marks": lambda question, _: question + "??",
    "spaced": lambda question, _: "  " + question.replace(" ", "   ") + "\n",
    "polite": lambda question, language: _POLITE[language] + question[0].lower() + question[1:],
    "hello": lambda question, language: _HELLO[language] + question,
    "thanks": lambda question, language: question + _THANKS[language],
    "bare": lambda question, _: question.translate(_BARE),
}
_OF_THE_LANGUAGE = ("polite", "hello", "thanks", "marks")
_OWN = [(asked.name, asked.language, asked.question) for asked in ASKED]  # in the language of the document
_TRANSLATED = [  # in another one, where that finds the sentence too
    (name, language, NAMED[name].questions[language])
    for name, language in (
        *(("dose", "nl"), ("dose", "en"), ("interval", "nl"), ("interval-other", "da"), ("interval-other", "en")),
        *(("keeping-other", "en"), ("price", "nl"), ("price-other", "en"), ("people", "da"), ("people-other", "da")),
        *(("maximum", "da"), ("maximum", "nl"), ("effect", "en"), ("date", "en"), ("pregnancy", "da")),
    )
]


@pytest.mark.parametrize(
    "case",
    cases(
        "reworded",
        (
            (f"{way}-{name}-{language}", (way, question, language))
            for way, reword in REWORDED.items()
            for name, language, question in (_OWN + _TRANSLATED if way in _OF_THE_LANGUAGE else _OWN)
            if reword(question, language) != question
        ),
    ),
)
def test_a_question_worded_otherwise_cites_the_same_sentence(base: Assistant, case: tuple[str, str, str]) -> None:
    way, question, language = case
    assert first_quote(base.ask(REWORDED[way](question, language))) == first_quote(asked_of(base, question))
