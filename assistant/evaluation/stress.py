"""The same questions and documents, made harder by seed: each change knows whether a right answer stays the same."""

import random
import re
import unicodedata
from collections.abc import Sequence

from assistant.documents.model import Document, Passage, Sentence
from assistant.documents.quantities import Found, find_quantities

_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "å": "a", "Å": "A", "ß": "ss"})
_QUESTION_WORDS = {  # by what they ask for: in da, nl, en
    "how much": ("hvor meget", "hoeveel", "how much"),
    "how many": ("hvor mange", "hoeveel", "how many"),
    "how often": ("hvor ofte", "hoe vaak", "how often"),
    "how long": ("hvor længe", "hoe lang", "how long"),
    "when": ("hvornår", "wanneer", "when"),
    "where": ("hvor", "waar", "where"),
    "who": ("hvem", "wie", "who"),
    "what": ("hvad", "wat", "what"),
    "which": ("hvilken", "welke", "which"),
    "why": ("hvorfor", "waarom", "why"),
}
_LANGUAGES = ("da", "nl", "en")
_FRAMES = {
    "da": ("Kan du sige mig: {}", "{} Jeg skal bruge det nu.", "Jeg vil gerne vide det her: {}", "Hej! {} Tak."),
    "nl": ("Kunt u mij zeggen: {}", "{} Ik heb het nu nodig.", "Ik wil graag dit weten: {}", "Hallo! {} Bedankt."),
    "en": ("Can you tell me: {}", "{} I need it now.", "This is what I want to know: {}", "Hello! {} Thanks."),
}
_WORD = re.compile(r"[^\W\d_]{5,}")


def with_typo(question: str, drawn: random.Random, spare: Sequence[str] = ()) -> str:
    """Two letters of one word changed places; never in a name of `spare`, nor in a figure."""
    kept = {name.casefold() for name in spare}
    words = [word for word in _WORD.finditer(question) if word.group().casefold() not in kept]
    words = [word for word in words if len(set(word.group()[1:-1])) > 1]
    if not words:
        return question
    word = drawn.choice(words)
    swaps = [n for n in range(1, len(word.group()) - 2) if word.group()[n] != word.group()[n + 1]]
    at = word.start() + drawn.choice(swaps) if swaps else word.start()
    return question[:at] + question[at + 1] + question[at] + question[at + 2 :]


def without_diacritics(question: str) -> str:
    """Typed on another keyboard: "hvornår" becomes "hvornar"."""
    parted = unicodedata.normalize("NFD", question.translate(_PLAIN))
    return unicodedata.normalize("NFC", "".join(c for c in parted if not unicodedata.combining(c)))


def paraphrased(question: str, language: str, drawn: random.Random) -> str:
    """The question within other words that ask nothing."""
    return drawn.choice(_FRAMES[language]).format(question)


def in_other_words(question: str, language: str, drawn: random.Random) -> str:
    """The question with another language's question word; as it is where it begins with none."""
    mine = _LANGUAGES.index(language)
    for words in sorted(_QUESTION_WORDS.values(), key=lambda words: -len(words[mine])):
        if re.match(rf"{re.escape(words[mine])}\b", question, re.IGNORECASE):
            other = drawn.choice([n for n in range(3) if n != mine and words[n] != words[mine]])
            return words[other].capitalize() + question[len(words[mine]) :]
    return question


def entity_swapped(question: str, names: Sequence[str], drawn: random.Random) -> str:
    """The question about something that no document knows; as it is where it names none of `names`."""
    for name in sorted(names, key=len, reverse=True):
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question, re.IGNORECASE)
        if found:
            return question[: found.start()] + invented(names, drawn) + question[found.end() :]
    return question


def invented(names: Sequence[str], drawn: random.Random) -> str:
    """A name that is none of `names`, nor begins like one."""
    known = {name.casefold()[:3] for name in names}
    while True:
        name = "".join(drawn.choice(part) for part in ("bdfgklmnprtvz", "aeiou", "bdfglmnprtv", "aeiou", "lmnrs"))
        if name[:3] not in known:
            return (name + drawn.choice(("axin", "ovir", "umab", "idol"))).capitalize()


def other_figure(written: str, drawn: random.Random) -> str:
    """A figure as it is written, made another of the same unit."""
    digits = re.search(r"\d+", written)
    if digits is None:
        return written
    other = int(digits.group()) + drawn.choice((1, 2, 3, 4, 6, 7))
    return written[: digits.start()] + str(other) + written[digits.end() :]


def figures_of(document: Document, passages: Sequence[Passage], language: str) -> list[tuple[Sentence, Found]]:
    """The figures with a unit, each with its sentence, that one sentence of a document states and no other does."""
    found = [
        (sentence, Found(one.quantity, sentence.start + one.start, sentence.start + one.end))
        for passage in passages
        for sentence in passage.sentences
        for one in find_quantities(document.text[sentence.start : sentence.end], language)
        if one.quantity.unit
        and one.quantity.kind not in ("date", "ordinal")
        and document.text[sentence.start + one.start : sentence.start + one.end][:1].isdigit()
    ]
    counted = [figure.quantity for _, figure in found]
    return [(sentence, figure) for sentence, figure in found if counted.count(figure.quantity) == 1]
