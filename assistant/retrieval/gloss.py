"""A Danish or Dutch text word for word in English, for a model that reads English only.

It is no translation and nobody sees it: words keep their order, and what is in no list stays as it is. Phrases come
from the shared vocabulary (`vocabulary/`), single words from our own lists there (`words.da.txt`), and all others from
`models/glossary.tsv.xz`, which `training/glossary.py` learns from translation pairs.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from assistant.documents.word_table import FOLDER, WordTable
from assistant.retrieval.lexical import stems
from assistant.retrieval.terms import english_phrases

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,]\d+)*%?|[^\w\s]")
_LONGEST = 4  # words of a phrase
_PART = 4  # letters of a compound's part, at least


def words(text: str) -> list[str]:
    """Words, figures and marks, in order, in the case they have."""
    return _WORD.findall(text)


@lru_cache(maxsize=20_000)
def gloss(text: str, language: str) -> str:
    """`text` in English words; itself where it is English or of no language known here."""
    if language not in ("da", "nl"):
        return text
    found, phrases = words(text.lower()), english_phrases(language)
    said: list[str] = []
    at = 0
    while at < len(found):
        longest = min(_LONGEST, len(found) - at)
        width = next((n for n in range(longest, 1, -1) if tuple(found[at : at + n]) in phrases), 1)
        said.append(_alike(phrases[tuple(found[at : at + width])], width) if width > 1 else _word(found[at], language))
        at += width
    return " ".join(said)


def _alike(english: Sequence[str], width: int) -> str:
    """Of phrases for the same concept the one of most nearly as many words: a verb's stays a verb's."""
    spelt = [phrase for phrase in english if any(len(word) > 2 and word.isalpha() for word in phrase.split())]
    return min(spelt or english, key=lambda phrase: abs(len(phrase.split()) - width))


@lru_cache(maxsize=100_000)
def _word(word: str, language: str) -> str:
    if not word[0].isalpha():
        return word
    return _known(word, language) or _compound(word, language) or word


def _known(word: str, language: str) -> str:
    """From our own list, the glossary, the vocabulary, or by its stem; "" where none has it."""
    if own := _own(language).get(word, ""):
        return own
    listed, same = _glossary().get(language, word), english_phrases(language).get((word,), ())
    # Dutch medicine is hardly in the translation pairs: there the vocabulary knows better.
    if listed and (language == "da" or not same or listed in same):
        return listed
    if same:
        return same[0]
    stem = stems(word, language)
    if len(stem) != 1 or len(stem[0]) <= _PART - 1:
        return ""
    return _glossary().get(language, f"~{stem[0]}") or _own(language).get(f"~{stem[0]}", "")


@lru_cache(maxsize=10_000)
def is_compound(word: str, language: str) -> bool:
    """Whether a word in small letters is known only as two known words put together."""
    return language in ("da", "nl") and not _known(word, language) and bool(_compound(word, language))


def _compound(word: str, language: str) -> str:
    """ "bloddrukfald": the longest known beginning whose rest is known too; a joining s or e falls away."""
    for cut in range(len(word) - _PART, _PART - 1, -1):
        rest = _known(word[cut:], language)
        if not rest:
            continue
        head = word[:cut]
        for beginning in (head, head[:-1] if head[-1] in "se" and len(head) > _PART else ""):
            if beginning and (known := _known(beginning, language)):
                return f"{known} {rest}"
    return ""


@cache
def _own(language: str) -> dict[str, str]:
    """Words, and each stem as "~stem" with what its first word says."""
    text = (Path(__file__).parent / "vocabulary" / f"words.{language}.txt").read_text("utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        for entry in line.split(";"):
            word, _, english = (part.strip() for part in entry.partition("="))
            found[word] = english
            if len(stem := stems(word, language)) == 1:
                found.setdefault(f"~{stem[0]}", english)
    return found


@cache
def _glossary() -> WordTable:
    return WordTable(FOLDER / "glossary.tsv.xz")
