"""Words as the full-text index sees them: Snowball stems by language, folded, and how near two words are."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(r"[^\W_]+")
_SNOWBALL = {"da": "danish", "nl": "dutch", "en": "english"}
_FOLD = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "œ": "oe", "đ": "d", "ł": "l"})


def tokens(text: str) -> list[str]:
    """Words and figures of a text, casefolded, in order."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def stems(text: str, language: str) -> list[str]:
    """Stems of a text's words in order, without diacritics. Unknown languages are stemmed as English."""
    return [_stem(token, language) for token in tokens(text)]


@lru_cache(maxsize=200_000)
def _stem(token: str, language: str) -> str:
    return fold(str(_stemmer(language).stemWord(token)), language)


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(_SNOWBALL.get(language, "english"))


def fold(word: str, language: str = "") -> str:
    """A word without diacritics. Danish also gives up the spellings "oe" and "aa" that stand in for ø and å."""
    folded = "".join(c for c in unicodedata.normalize("NFD", word.translate(_FOLD)) if not unicodedata.combining(c))
    if language == "da":
        folded = folded.replace("oe", "o").replace("aa", "a")
    return folded


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """What Greek and Latin words keep when they move between Danish, Dutch and English spelling.

    "osteonekrose" and "osteonecrose", "hypokalcæmi" and "hypocalciëmie" come out alike or nearly so.
    """
    plain = re.sub(r"(?s)(.)\1+", r"\1", fold(word.casefold()))
    for old, new in (("ph", "f"), ("th", "t"), ("ch", "k"), ("ck", "k"), ("qu", "k"), ("x", "ks"), ("c", "k")):
        plain = plain.replace(old, new)
    plain = plain.translate(str.maketrans("yzwj", "isvi"))
    plain = re.sub(r"(?:ae|oe|ie)", lambda match: match.group()[-1], plain)
    return re.sub(r"(?s)(.)\1+", r"\1", plain)


@lru_cache(maxsize=500_000)
def likeness(one: str, other: str) -> float:
    """How surely two words are the same word in another spelling, inflection or compound: 0 to 1.

    1 for equal skeletons; less for a shared beginning (inflection, another language's ending), for one slip of the
    keys, and for one standing at the end of the other (compounds: "behandlingspris" has "pris").
    """
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit():
        return 0.0
    a, b = skeleton(one), skeleton(other)
    if a == b:
        return 0.95
    short, long = sorted((a, b), key=len)
    shared = _shared_prefix(short, long)
    if shared >= 5 and shared >= 0.6 * len(short) and len(long) - shared <= 8:
        ratio = 2 * shared / (len(short) + len(long))
        # Names of medicines often begin alike: half a word shared is enough only where it is long, or all of one.
        if ratio >= 0.6 and (ratio >= 0.72 or shared >= 8 or shared == len(short)):
            return 0.55 + 0.4 * (ratio - 0.6) / 0.4
    if len(short) >= 6 and abs(len(long) - len(short)) <= 1 and short[:2] == long[:2] and _one_slip(short, long):
        return 0.8
    if len(short) >= 5 and len(long) - len(short) >= 3:
        if long.endswith(short):
            return 0.6
        if long.startswith(short):
            return 0.5
    return 0.0


def _shared_prefix(short: str, long: str) -> int:
    for index, (x, y) in enumerate(zip(short, long, strict=False)):
        if x != y:
            return index
    return len(short)


def _one_slip(short: str, long: str) -> bool:
    """One letter put in, left out, changed, or two swapped."""
    if len(short) == len(long):
        differing = [i for i, (x, y) in enumerate(zip(short, long, strict=True)) if x != y]
        swapped = len(differing) == 2 and differing[1] == differing[0] + 1
        return len(differing) <= 1 or (
            swapped and short[differing[0]] == long[differing[1]] and short[differing[1]] == long[differing[0]]
        )
    at = _shared_prefix(short, long)
    return short[at:] == long[at + 1 :]
