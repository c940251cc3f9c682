"""Questions to start with, made from what is indexed."""

from collections import Counter
from collections.abc import Iterable

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


def examples(passages: Iterable[Passage], titles: Iterable[str], language: str, *, most: int) -> list[str]:
    """Up to `most` questions in `language` that the documents speak of; none where nothing is indexed.

    Args:
        passages: of the documents.
        titles: of the documents; the name that most of them share is what is asked about.
    """
    found = list(passages)
    name = _name(found, titles)
    if not name:
        return []
    present = _topics(
        passage for passage in found if name.casefold() in passage.text.casefold() or _named(passage, name)
    )
    templates = _TEMPLATES.get(language, _TEMPLATES["en"])
    return [text.format(name=name) for topic, text in templates if topic in present][:most]


def _named(passage: Passage, name: str) -> bool:
    return name.casefold() in " ".join(passage.section).casefold()


def _topics(passages: Iterable[Passage]) -> set[str]:
    topics: set[str] = set()
    for passage in passages:
        text = passage.text.lower()
        topics |= {topic for topic, signs in _SIGNS.items() if any(sign in text for sign in signs)}
        kinds = {figure.kind for figure in quantities(text)}
        topics |= {kind for kind in ("interval", "money") if kind in kinds}
        if BLANK in passage.text:
            topics.add("money")
    return topics


def _name(passages: Iterable[Passage], titles: Iterable[str]) -> str:
    """The word of the titles that the documents use most with a capital: as a rule the medicine's name."""
    words = Counter(word.strip(".,:;()") for passage in passages for word in passage.text.split() if word[:1].isupper())
    in_titles = {token for title in titles for token in tokens(title)}
    named = [(count, word) for word, count in words.items() if word.casefold() in in_titles and len(word) > 3]
    return max(named)[1] if named else ""
