"""Exact match and token F1 as the SQuAD 2.0 evaluation counts them, for reading sets that state short answers.

Source: Rajpurkar, Jia and Liang, "Know What You Don't Know: Unanswerable Questions for SQuAD", ACL 2018; normalising as
in Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = frozenset(string.punctuation)


def normalised(text: str) -> list[str]:
    """The tokens of an answer: small letters, without punctuation and English articles."""
    bare = "".join(character for character in text.lower() if character not in _PUNCTUATION)
    return _ARTICLES.sub(" ", bare).split()


def exact(answer: str, golds: Sequence[str]) -> bool:
    """Whether an answer is one of the gold answers; an empty one is right where there are none."""
    return any(normalised(answer) == normalised(gold) for gold in golds or ("",))


def f1(answer: str, golds: Sequence[str]) -> float:
    """The best overlap of tokens with a gold answer, 0 to 1; without tokens on either side, whether both have none."""
    return max(_f1(normalised(answer), normalised(gold)) for gold in golds or ("",))


def _f1(answer: Sequence[str], gold: Sequence[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    common = sum((Counter(answer) & Counter(gold)).values())
    return 2 * common / (len(answer) + len(gold))
