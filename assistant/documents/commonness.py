"""How common words are in general Danish, Dutch and English; from `training/unigrams.py`."""

from functools import cache, lru_cache

from assistant.documents.word_table import FOLDER, WordTable

RAREST = 3.0  # the Zipf value of a word that the counts do not have


@lru_cache(maxsize=20_000)
def zipf(word: str, language: str) -> float:
    """Base-10 logarithm of a word's occurrences per billion: 3 or less is rare, 6 and more very common."""
    return float(_counts().get(language, word) or RAREST)


@cache
def _counts() -> WordTable:
    return WordTable(FOLDER / "unigrams.tsv.xz")
