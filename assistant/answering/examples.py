"""Questions to start with, made from what is indexed."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from assistant.documents.model import Passage
from assistant.documents.quantities import quantities
from assistant.documents.repair import BLANK
from assistant.retrieval.lexical import tokens

_TEMPLATES: dict[str, tuple[tuple[str, str], ...]] = {
    "da": (
        ("interval", "Hvor ofte gives {name}?"),
        ("contra", "Hvem må ikke få {name}?"),
        ("side", "Hvilke bivirkninger har {name}?"),
        ("clause", "Hvad er tilskudsklausulen for {name}?"),
        ("money", "Hvad koster {name}?"),
    ),
    "nl": (
        ("interval", "Hoe vaak wordt {name} gegeven?"),
        ("contra", "Wie mag {name} niet krijgen?"),
        ("side", "Welke bijwerkingen heeft {name}?"),
        ("clause", "Wat is de vergoedingsclausule voor {name}?"),
        ("money", "Wat kost {name}?"),
    ),
    "en": (
        ("interval", "How often is {name} given?"),
        ("contra", "Who must not be given {name}?"),
        ("side", "What are the side effects of {name}?"),
        ("clause", "What is the reimbursement clause for {name}?"),
        ("money", "What does {name} cost?"),
    ),
}
_SIGNS = {
    "contra": ("kontraind", "må ikke", "mag niet", "mogen niet", "contra", "must not"),
    "side": ("bivirkning", "bijwerking", "side effect", "adverse"),
    "clause": ("klausul", "tilskud", "vergoed", "reimburse"),
}


def examples(passages: Iterable[Passage], titles: Iterable[str], language: str) -> list[str]:
    """Questions in `language` that the documents speak of; none where nothing is indexed.

    Args:
        passages: of the documents.
        titles: of the documents; the name that most of them share is what is asked about.
    """
    found = list(passages)
    name = _name(found, titles)
    if not name:
        return []
    about = [one for one in found if name.casefold() in one.text.casefold() or _named(one, name)]
    present = {topic for passage in about for topic in _topics(passage.text)}
    templates = _TEMPLATES.get(language, _TEMPLATES["en"])
    return [text.format(name=name) for topic, text in templates if topic in present]


def _named(passage: Passage, name: str) -> bool:
    return name.casefold() in " ".join(passage.section).casefold()


@lru_cache(maxsize=4096)  # asked of the same passages for every page that is opened and every answer
def _topics(text: str) -> frozenset[str]:
    """What a passage speaks of."""
    lowered = text.lower()
    topics = {topic for topic, signs in _SIGNS.items() if any(sign in lowered for sign in signs)}
    kinds = {figure.kind for figure in quantities(lowered)}
    topics |= {kind for kind in ("interval", "money") if kind in kinds}
    return frozenset(topics | {"money"} if BLANK in text else topics)


def _name(passages: Iterable[Passage], titles: Iterable[str]) -> str:
    """The word of the titles that the documents use most with a capital: as a rule the medicine's name."""
    words = Counter(word.strip(".,:;()") for passage in passages for word in passage.text.split() if word[:1].isupper())
    in_titles = {token for title in titles for token in tokens(title)}
    named = [(count, word) for word, count in words.items() if word.casefold() in in_titles and len(word) > 3]
    return max(named)[1] if named else ""
