"""How common words are in general Danish, Dutch and English; from `training/unigrams.py`."""

import lzma
from functools import cache
from pathlib import Path

RAREST = 3.0  # the Zipf value of a word that the counts do not have


def zipf(word: str, language: str) -> float:
    """Base-10 logarithm of a word's occurrences per billion: 3 or less is rare, 6 and more very common."""
    return _counts(language).get(word, RAREST)


@cache
def _counts(language: str) -> dict[str, float]:
    counts = {}
    packed = (Path(__file__).parents[1] / "models" / "unigrams.tsv.xz").read_bytes()
    for line in lzma.decompress(packed).decode("utf-8").splitlines():
        spoken, word, value = line.split("\t")
        if spoken == language:
            counts[word] = float(value)
    return counts
