"""Hard negatives: pairs and their twins that differ in a figure, a negation or a medicine's name only.

A pair and its twin, altered alike in both languages, stand in the same batch: each text then has a negative that is
its counterpart but for that one word, in both directions.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence

from training.embedding.sets import Pair

_NOT = {"da": r"\bikke\b", "nl": r"\bniet\b", "en": r"\bnot\b"}
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?![\w.,]*\d)")


def twins(pairs: Iterable[Pair], names: Sequence[str], seed: int) -> Iterator[tuple[Pair, Pair]]:
    """Pairs of Danish, Dutch and English with their altered twins, where one can be made.

    Args:
        names: medicines' names, lower case, that may stand in for one another.
    """
    chance = random.Random(seed)
    known = set(names)
    for pair in pairs:
        if not set(pair.languages) <= _NOT.keys() or min(map(len, pair.texts)) < 20:
            continue
        ways = [_other_figure, _without_negation, _other_name]
        chance.shuffle(ways)
        for way in ways:
            altered = way(pair, names, known, chance)
            if altered is not None and altered != pair.texts:
                yield pair, Pair(pair.set, pair.languages, altered)
                break


def _other_figure(pair: Pair, _: Sequence[str], __: set[str], chance: random.Random) -> tuple[str, str] | None:
    first, second = ([m.group().replace(",", ".") for m in _NUMBER.finditer(text)] for text in pair.texts)
    shared = [figure for figure in dict.fromkeys(first) if first.count(figure) == second.count(figure) == 1]
    if not shared:
        return None
    old = chance.choice(shared)
    new = str(max(1, round(float(old) * chance.choice((0.5, 2, 3, 10)))))
    return _replaced(pair.texts[0], old, new), _replaced(pair.texts[1], old, new)


def _replaced(text: str, old: str, new: str) -> str:
    return _NUMBER.sub(lambda match: new if match.group().replace(",", ".") == old else match.group(), text)


def _without_negation(pair: Pair, _: Sequence[str], __: set[str], chance: random.Random) -> tuple[str, str] | None:
    words = [_NOT[language] for language in pair.languages]
    if any(len(re.findall(word, text)) != 1 for word, text in zip(words, pair.texts, strict=True)):
        return None
    first, second = (re.sub(rf"\s?{word}", "", text) for word, text in zip(words, pair.texts, strict=True))
    return first, second


def _other_name(pair: Pair, names: Sequence[str], known: set[str], chance: random.Random) -> tuple[str, str] | None:
    words = [set(re.findall(r"\w+", text.casefold())) for text in pair.texts]
    shared = sorted(words[0] & words[1] & known)
    if not shared:
        return None
    new = chance.choice(names).capitalize()
    first, second = (re.sub(rf"(?i)\b{re.escape(shared[0])}\b", new, text) for text in pair.texts)
    return first, second
