"""Does a source speak of what a statement speaks of? Its names as written, its other words by form or by meaning."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Protocol

from assistant.answering.checks.cues import bounding, cue
from assistant.documents.commonness import RAREST, zipf
from assistant.retrieval.lexical import fold, skeleton, stems
from assistant.retrieval.terms import Term, Words, stopwords, terms, words_of

_FORM = 0.8  # how surely a form must mean a term
_MEANING = 0.55  # cosine from which another word says the same: above it stand translations, below it neighbours
_COMMON = 4.6  # the Zipf value from which a word may go unmatched, where the rest of the statement is matched
_NAME_RARE = 4.0  # up to which a word that begins a sentence may be a name
_WORD = re.compile(r"[^\W\d_][\w]*(?:[-'’][^\W_]\w*)*|\w*\d\w*[^\W\d_]\w*")
_ENDINGS = frozenset(
    re.split(
        r"\s",
        " e en er et n r t s es ens ers ets ne ene erne a i ia ie is um us d ed ing ende st ste te ten de den os at el"
        " al",
    )
)


class Space(Protocol):
    """How near words are in meaning."""

    def nearest(self, terms: Sequence[Term], texts: Sequence[Words]) -> Any:
        """The cosine of each term to its nearest word in each text: an array (texts, terms), 0 to 1."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text."""

    word: str  # as written
    plain: str  # to compare by: folded, without the ending of a genitive
    start: int
    begins: bool = False  # it begins a sentence, where any word has a capital


def names(text: str, language: str) -> tuple[Name, ...]:
    """The names of a text: words of their own kind with a capital, abbreviations, and words with digits in them.

    A capital at the start of a sentence tells nothing; there a name is a word that is rare in the language.
    """
    return _names(text, language)


@lru_cache(maxsize=20_000)
def _names(text: str, language: str) -> tuple[Name, ...]:
    found = []
    phrased = {part for term in terms(text, language) if term.concept for part in term.word.split()}
    for match in _WORD.finditer(text):
        word = match.group()
        before = text[: match.start()].rstrip(" »“\"'‘(„•-*")
        begins = not before or before[-1] in ".!?:;\n|•"
        if begins and word.casefold() in phrased:
            continue
        if _is_name(word, language, begins=begins):
            found.append(Name(word, plain_name(word), match.start(), begins))
    return tuple(found)


def _is_name(word: str, language: str, *, begins: bool) -> bool:
    letters = [character for character in word if character.isalpha()]
    if len(word) == 1:  # "group B", "vitamin D"
        return word.isupper() and not begins and word != "I"
    if len(letters) < 2 or not letters[0].isupper():
        return any(c.isdigit() for c in word) and any(c.isupper() for c in word)
    lowered = word.casefold()
    if lowered in stopwords(language) or is_calendar(lowered, language):
        return False
    if any(character.isdigit() for character in word) or sum(map(str.isupper, letters)) > 1:
        return not _in_vocabulary(lowered, language)
    if _in_vocabulary(lowered, language):
        return False
    return not begins or zipf(lowered, language) <= _NAME_RARE


def plain_name(word: str) -> str:
    """A name to compare by: without case, accents, and the ending of a genitive; a single letter as it stands."""
    if len(word) == 1:
        return word
    return re.sub(r"(?:['’]s|['’]|s)$", "", fold(word.casefold())) or word.casefold()


def plain_words(text: str) -> frozenset[str]:
    """All words of a text as `plain_name` has them, and the parts of hyphened ones."""
    found = {plain_name(match.group()) for match in _WORD.finditer(text)}
    return frozenset(found | {plain_name(part) for part in re.findall(r"[^\W_]+", text)})


@lru_cache(maxsize=20_000)
def _in_vocabulary(word: str, language: str) -> bool:
    return any(term.concept for term in terms(word, language))


@lru_cache(maxsize=20_000)
def content(text: str, language: str) -> tuple[Term, ...]:
    """The terms of a text that say something: function words, names, modal and denying words left out.

    Args:
        text: with its figures blanked.
    """
    spoken = text
    spoken = bounding(language).sub(" . ", spoken)
    for name in (
        "negation",
        "lacking",
        "forbidding",
        "may",
        "must",
        "should",
        "need_not",
        "only",
        "except",
        "light",
        "contrast",
    ):
        spoken = cue(name, language).sub(" . ", spoken)
    named = {name.word.casefold() for name in names(text, language)}
    kept = []
    for term in terms(spoken, language):
        parts = term.word.split()
        if any(character.isdigit() for character in term.word) or is_calendar(term.word, language):
            continue
        if parts and all(part in named for part in parts):
            continue
        kept.append(term)
    return tuple(kept)


@cache
def _calendar(language: str) -> dict[str, str]:
    from babel.dates import get_day_names, get_month_names

    known = {}
    for number, name in get_month_names("wide", locale=language).items():
        known[name.casefold()] = f"month {number}"
    for number, name in get_day_names("wide", locale=language).items():
        known[name.casefold()] = f"day {number}"
    return known


def is_calendar(word: str, language: str) -> bool:
    """Whether a word is the name of a month or a weekday; "may" and "maj" are, where nothing else tells."""
    return word in _calendar(language) and word not in ("may", "march")


def calendar(text: str, language: str) -> dict[str, str]:
    """The months and weekdays that a text names: a key that all languages share -> as written."""
    found = {}
    for match in re.finditer(r"[^\W\d_]+", text):
        word = match.group()
        english = word.casefold() in ("may", "march") and language == "en"
        known = _calendar(language).get(word.casefold())
        if known and (not english or (word[0].isupper() and match.start() and text[match.start() - 2] not in ".!?")):
            found[known] = word
    return found


@dataclass(frozen=True)
class Source:
    """A cited sentence as coverage looks at it: its own words, and those it stands under."""

    text: str
    language: str
    above: Words  # of its lead-in, its headings, its document's title
    words: Words

    @classmethod
    def of(cls, text: str, language: str, above: str) -> "Source":
        return cls(text, language, words_of(above, language), words_of(text, language))


def has(term: Term, words: Words) -> bool:
    """Whether a text has a term: the word, one of the same concept, or the same word in another spelling."""
    bare = replace(words, skeletons=(), initials="")
    if term.match(bare) >= _FORM:
        return True
    if " " in term.word:
        *head, last = term.word.split()
        if len(last) == 1:  # "group A": the letter stands, and the word for it means the same
            return last in words.present
        return all(_part_in(part, term, words) for part in (*head, last))
    return _kin_in(term.word, words) or (term.concept and _compounded(term, words))


def _part_in(part: str, term: Term, words: Words) -> bool:
    """Whether a text has one word of a phrase; a function word is in any."""
    if _kin_in(part, words):
        return True
    language = next((spoken for spoken, forms in term.forms.items() if 1.0 in forms.values()), words.language)
    return all(has(single, words) for single in terms(part, language) if " " not in single.word)


def _compounded(term: Term, words: Words) -> bool:
    """A word of the same concept is part of a longer one: "gruppe" of "udleveringsgruppe"."""
    forms = [form[0] for form in term.forms.get(words.language, {}) if len(form) == 1 and len(form[0]) >= 4]
    return any(
        _ends(skeleton(form), bones) or (len(form) >= 5 and _compound(skeleton(form), bones))
        for form in forms
        for _, bones in words.skeletons
    )


def _kin_in(word: str, words: Words) -> bool:
    return len(word) >= 4 and any(kin(word, other) for other, _ in words.skeletons)


@lru_cache(maxsize=200_000)
def kin(one: str, other: str) -> bool:
    """Whether two words are one in another spelling or with another ending; look-alike names are not.

    >>> kin("osteonekrose", "osteonecrosis"), kin("prednison", "prednisolon")
    (True, False)
    """
    a, b = skeleton(one), skeleton(other)
    if a == b:
        return True
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if shared >= 5 and a[shared:] in _ENDINGS and b[shared:] in _ENDINGS:
        tails = a[shared:], b[shared:]
        return any(not tail or tail[0] in "aeiou" for tail in tails)
    short, long = sorted((a, b), key=len)
    return len(short) >= 5 and len(long) - len(short) >= 3 and (_ends(short, long) or _compound(short, long))


def _ends(short: str, long: str) -> bool:
    """ "tablet" ends "depottabletten", whose own ending aside."""
    at = long.rfind(short)
    return at >= 3 and long[at + len(short) :] in _ENDINGS


def _compound(short: str, long: str) -> bool:
    """ "behandling" opens "behandlingspris"; what follows must be long enough to be a word."""
    opening = next((short[: -len(e)] for e in ("erne", "en", "er", "et", "e", "s") if short.endswith(e)), short)
    opening = opening if len(opening) >= 5 else short
    return long.startswith(opening) and len(long) - len(opening) >= 4 and len(opening) >= 5


def uncovered(
    wanted: Sequence[Term], sources: Sequence[Source], language: str, space: Space | None = None
) -> Iterator[Term]:
    """The terms that no source speaks of, generic ones aside.

    Args:
        wanted: of the statement.
        language: of the statement.
        space: where given, a word of the same meaning counts as said.
    """
    missing = [term for term in wanted if not any(has(term, w) for s in sources for w in (s.words, s.above))]
    if space is not None and missing:
        missing = list(_not_meant(missing, sources, space))
    weighty = [term for term in wanted if not term.generic]
    lacking = [term for term in missing if not term.generic]
    share = len(lacking) / len(weighty) if weighty else 0.0
    abroad = all(source.language != language for source in sources)
    for term in lacking:
        passing = not term.concept and commonness(term.word, language) >= _COMMON
        if not passing or (share > 0.34 and not (abroad and len(lacking) == 1)):
            yield term


@lru_cache(maxsize=20_000)
def commonness(word: str, language: str) -> float:
    """The Zipf value of a word, or of its stem where that is a commoner word."""
    stem = stems(word, language)
    return max(zipf(word, language), *(zipf(form, language) for form in stem))


def _not_meant(missing: Sequence[Term], sources: Sequence[Source], space: Space) -> Iterator[Term]:
    texts = [words for source in sources for words in (_free(source.words), _free(source.above))]
    near = space.nearest(missing, texts)
    for place, term in enumerate(missing):
        best = max((float(row[place]) for row in near), default=0.0)
        if best < _MEANING:
            yield term


def _free(words: Words) -> Words:
    """The words of a text without its names: no meaning makes one name another."""
    pieces = tuple(p for p in words.pieces if " " in p or zipf(p, words.language) > RAREST)
    return replace(words, pieces=pieces)
