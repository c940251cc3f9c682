"""Every word of the page, in Danish, Dutch and English, from words/*.toml."""

import tomllib
from functools import cache
from pathlib import Path

from assistant.documents.model import LANGUAGES

NAMES = {"da": "Dansk", "nl": "Nederlands", "en": "English"}  # each in itself, as in any list of languages


class Strings:
    """The page's words in one language; an unknown name is a programming error and says so."""

    def __init__(self, language: str, words: dict[str, str]) -> None:
        self.language = language
        self._words = words

    def __call__(self, name: str, **parts: object) -> str:
        """The string `name` with its {…} filled in. Plain text: whoever puts it in markup escapes it."""
        text = self._words[name]
        return text.format(**parts) if parts else text

    def language_name(self, code: str) -> str:
        """A language's name in this one; an unknown code stands for itself."""
        return self._words.get(f"language_{code}", code)


@cache
def strings(language: str) -> Strings:
    """The page's words in `language`; English where it is not one of ours."""
    spoken = language if language in LANGUAGES else "en"
    return Strings(spoken, {name: row[spoken] for name, row in _table().items()})


@cache
def _table() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for file in sorted((Path(__file__).parent / "words").glob("*.toml")):
        rows = tomllib.loads(file.read_text(encoding="utf-8"))
        if twice := found.keys() & rows.keys():
            raise ValueError(f"{file.name}: {', '.join(sorted(twice))} also stands in another file of words")
        found.update(rows)
    return found


def preferred(accept_language: str) -> str:
    """The first of our languages in an Accept-Language header, by its weights; English where none is wanted.

    >>> preferred("de-DE,nl;q=0.8,en;q=0.9")
    'en'
    """
    wishes = []
    for order, part in enumerate(accept_language.split(",")):
        tag, _, weight = part.partition(";")
        wishes.append((-_weight(weight), order, tag.strip().lower().split("-")[0]))
    return next((tag for weight, _, tag in sorted(wishes) if weight < 0 and tag in LANGUAGES), "en")


def _weight(parameter: str) -> float:
    """The q of "q=0.8"; 1 where none is given, 0 where it cannot be read."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
