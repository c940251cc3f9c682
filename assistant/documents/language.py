"""Which of the three languages a text is in."""

import math
import re
from functools import cache
from typing import Any

from assistant.documents.model import LANGUAGES

_SHORT = 60  # characters; up to here letters alone say little, and function words have a say
_WORD_WEIGHT = 1.0  # nats of evidence in a function word
_QUESTION_WEIGHT = 4.0  # in a question word, which no other of the three languages has
_QUESTION_WORDS = {
    "da": "hvor hvad hvem hvilken hvilket hvilke hvorfor hvordan hvornår hvornaar hvorvidt",
    "nl": "hoe wat wie welk welke waarom wanneer hoeveel hoelang waarvoor",
    "en": "how what who which why when where does",
}
# The small words of each language. One that two languages share ("er", "of", "i") stands in both, and so decides
# nothing between those two. With their spellings for keyboards without æ, ø and å.
_SMALL_WORDS = {
    "da": """hvor hvad hvem hvis hvilken hvilket hvilke hvorfor hvordan hvornår hvornaar er ikke og på paa til af med må
        maa skal ved jeg det som kan for at den der om men fra har vil være et en de du i ud får faar gives gør goer man
        sig mig eller bliver blev også pr når hos efter under uden hver gang""",
    "nl": """hoe wat wie welk welke waarom wanneer waar hoeveel is niet en het een voor van met mag moet bij ik de dan
        kan wordt worden dat die er te om maar uit heeft hebben zijn je u mij of was ook als na onder zonder elke keer
        op aan geen nodig per naar over deze dit tot""",
    "en": """how what who which why when where is not and the for of with must should does do did can am are was were to
        an a i it if in on or my me you we be by at from may any need much many often long there this that after under
        without every per have has will""",
}


def detect(text: str) -> str:
    """The language of a text: "da", "nl" or "en"; of a text that gives nothing away, a guess."""
    return detect_with_confidence(text)[0]


def detect_with_confidence(text: str) -> tuple[str, float]:
    """The language of a text, and how sure that is: 0 to 1."""
    language, confidence = _identifier().classify(text)
    if len(text) > _SHORT:
        return str(language), float(confidence)
    words = re.findall(r"[^\W\d_]+", text.casefold())
    scores = {
        str(code): math.log(max(float(share), 1e-12)) + sum(_evidence(word, code) for word in words)
        for code, share in _identifier().rank(text.casefold())
    }
    best = max(scores, key=lambda code: scores[code])
    return best, 1 / sum(math.exp(score - scores[best]) for score in scores.values())


def _evidence(word: str, language: str) -> float:
    """How much a word speaks for a language, in nats."""
    if word in _QUESTION_WORDS[language].split():
        return _QUESTION_WEIGHT
    return _WORD_WEIGHT * (word in _small_words(language))


@cache
def _small_words(language: str) -> frozenset[str]:
    return frozenset(_SMALL_WORDS[language].split())


@cache
def _identifier() -> Any:
    """Knows these languages only: the other hundred and forty columns of the table would take 27 MB and say nothing."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
    from py3langid.modelio import load_model

    shares, prior, codes, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    ours = [column for column, code in enumerate(codes) if code in LANGUAGES]
    return LanguageIdentifier(
        shares[:, ours], prior[ours], [codes[column] for column in ours], moves, features, norm_probs=True, tk_row=rows
    )
