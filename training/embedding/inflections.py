"""Pairs of inflections: two forms of one word in one language, by their Snowball stem."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

import Stemmer

_SNOWBALL = {"da": "danish", "nl": "dutch", "en": "english"}
_LEAST = {"da": 3, "nl": 1, "en": 3}  # occurrences of a form; Dutch text is scarce


def inflections(texts: dict[str, Iterable[str]], seed: int) -> Iterator[tuple[str, str, str]]:
    """(language, one form, another) for words of four letters and more.

    Args:
        texts: language -> its texts.
    """
    chance = random.Random(seed)
    for language, stemmer in ((language, Stemmer.Stemmer(name)) for language, name in _SNOWBALL.items()):
        counts: Counter[str] = Counter()
        for text in texts.get(language, ()):
            counts.update(word for word in re.findall(r"[^\W\d_]{4,}", text.casefold()))
        families: dict[str, list[str]] = defaultdict(list)
        for word, count in counts.items():
            if count >= _LEAST[language]:
                families[stemmer.stemWord(word)].append(word)
        for family in families.values():
            chance.shuffle(family)
            yield from ((language, one, other) for one, other in pairwise(family[:6]))
