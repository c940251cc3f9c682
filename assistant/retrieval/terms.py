"""A question's words, and what each may look like in a document of any of the three languages."""

import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from assistant.documents.commonness import RAREST, zipf
from assistant.documents.model import LANGUAGES
from assistant.retrieval.lexical import likeness, skeleton, stems, tokens

_SYNONYM = 0.8  # of another word for the same concept, against 1 for the word itself
_CUT_SHORT = 5  # letters, at least, of a name that is not written out: "conexx"
_FOREIGN = 0.9  # of the word itself in a document of another language: names travel, endings do not

Stems = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """One thing a question asks about.

    Attributes:
        word: as asked, one token or several.
        forms: language -> stems in a row -> how surely they mean this term, above 0 to 1.
        share: how much it counts beside the question's other terms: 1, less for what a follow-up inherits.
        concept: whether it is a word of the shared vocabulary; others are names, and words in passing.
    """

    word: str
    forms: Mapping[str, Mapping[Stems, float]]
    share: float = 1.0
    concept: bool = False
    generic: bool = False  # of the vocabulary, but a word that a sentence may do without: "give", "use", "medicine"
    compound: bool = False  # put together from words: "mundproblemer"
    commonness: float = RAREST  # in its language in general, as a Zipf value: 3 rare, 6 very common

    @property
    def is_name(self) -> bool:
        """Whether it is a word of its own kind: none of the vocabulary, and rare in general. Names of medicines are."""
        is_own = not self.concept and self.commonness < 4.3 and self.word.isalpha() and len(self.word) > 2
        return is_own and not self.compound

    @cached_property
    def _by_first(self) -> dict[str, dict[str, list[tuple[Stems, float]]]]:
        """Its forms by their first stem."""
        found: dict[str, dict[str, list[tuple[Stems, float]]]] = {}
        for language, forms in self.forms.items():
            of_language = found.setdefault(language, {})
            for form, weight in forms.items():
                of_language.setdefault(form[0], []).append((form, weight))
        return found

    def match(self, text: "Words") -> float:
        """How surely a text speaks of this term: 0 to 1."""
        best = 0.0
        by_first = self._by_first.get(text.language, {})
        for first in by_first.keys() & text.present:
            for form, weight in by_first[first]:
                if weight > best and (len(form) == 1 or _stands_in(form, text.stemmed)):
                    best = weight
        if best < _SYNONYM and " " not in self.word:
            best = max(best, self._likeness(text))
        return best

    def _likeness(self, text: "Words") -> float:
        """How near the nearest single word of a text is: another spelling, an ending, a compound, an abbreviation."""
        best = 0.0
        if len(self.word) >= 4:
            own = skeleton(self.word)
            alike = [*text.begun.get(own[:2], ()), *text.ending(own)]
            best = max((0.95 * likeness(self.word, word) for word in alike), default=0.0)
            if best < _SYNONYM and self.is_name and len(own) >= _CUT_SHORT and text.begins(own):
                best = _SYNONYM
        if best < _SYNONYM and not self.concept and self.word.isalpha() and 3 <= len(self.word) <= 6:
            best = max(best, _SYNONYM * _abbreviates(self.word, text))
        return best

    def best_forms(self, language: str) -> list[str]:
        """Single stems to look up in the full-text index for this term; of several words, those with a meaning."""
        passing = _passing(language)
        return [stem for form in self.forms.get(language, {}) for stem in form if len(form) == 1 or stem not in passing]


@dataclass(frozen=True)
class Words:
    """A text as terms look at it."""

    language: str
    stemmed: Stems
    present: frozenset[str]  # its stems
    skeletons: tuple[tuple[str, str], ...]  # (word, skeleton) of its different words
    initials: str  # of its words, function words aside
    pieces: tuple[str, ...] = ()  # its different words, and those of its word pairs that may be one thing

    @cached_property
    def begun(self) -> dict[str, list[str]]:
        """Its words by the first two letters of their skeletons."""
        found: dict[str, list[str]] = {}
        for word, bones in self.skeletons:
            found.setdefault(bones[:2], []).append(word)
        return found

    def begins(self, bones: str) -> bool:
        """Whether a word's skeleton begins with `bones`."""
        return f" {bones}" in f" {self._all_bones}"

    def ending(self, bones: str) -> list[str]:
        """Its words whose skeletons end in `bones`, or in which `bones` ends."""
        found = [word for ending in self._by_bones.keys() & _endings(bones) for word in self._by_bones[ending]]
        if f"{bones} " in self._all_bones:
            found += [word for word, own in self.skeletons if own.endswith(bones)]
        return found

    @cached_property
    def _by_bones(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word, bones in self.skeletons:
            found.setdefault(bones, []).append(word)
        return found

    @cached_property
    def _all_bones(self) -> str:
        return " ".join([*(bones for _, bones in self.skeletons), ""])


@lru_cache(maxsize=20_000)
def _endings(bones: str) -> frozenset[str]:
    return frozenset(bones[start:] for start in range(len(bones)))


_ACID = re.compile(r"\w{3,}?(syre|zuur)(?:n|s|ns)?")


@lru_cache(maxsize=50_000)
def words_of(text: str, language: str) -> Words:
    """The words of a text of `language`."""
    words = tokens(text)
    stemmed = tuple(stems(text, language))
    named = [word for word in words if word not in stopwords(language)]
    different = tuple((word, skeleton(word)) for word in dict.fromkeys(named) if len(word) > 2)
    single = [word for word, _ in different]
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(words) if len(one) > 2 and len(other) > 2]
    # "Zoledronsyre" and "zoledroninezuur" are acids, where English has a word for that.
    acids = {stem for word in single if (acid := _ACID.fullmatch(word)) for stem in stems(acid[1], language)}
    pieces = tuple(dict.fromkeys([*single, *(pair for pair in pairs if not _is_passing(pair, language))]))
    return Words(language, stemmed, frozenset(stemmed) | acids, different, "".join(word[0] for word in named), pieces)


def _is_passing(pair: str, language: str) -> bool:
    return any(word in stopwords(language) for word in pair.split())


def _abbreviates(short: str, text: Words) -> float:
    """How surely `short` abbreviates something in a text: by the initials of a name, or by its first letters.

    "DES" is Dansk Endokrinologisk Selskab; "udl" begins one word only, so it says less.
    """
    if short in text.initials:
        return 1.0
    begun = len(short) <= 4 and any(word.startswith(short) and len(word) > len(short) + 2 for word, _ in text.skeletons)
    return 0.6 if begun else 0.0


def _stands_in(form: Stems, stemmed: Sequence[str]) -> bool:
    """Whether the stems of `form` stand together, in order, with at most one word between each two."""
    for start, stem in enumerate(stemmed):
        if stem != form[0]:
            continue
        at = start
        for wanted in form[1:]:
            window = list(stemmed[at + 1 : at + 3])
            if wanted not in window:
                break
            at += 1 + window.index(wanted)
        else:
            return True
    return False


def terms(question: str, language: str) -> list[Term]:
    """The terms of a question: concepts of the vocabulary first found (longest first), then its other words."""
    return list(_terms(question, language))


@lru_cache(maxsize=20_000)
def _terms(question: str, language: str) -> tuple[Term, ...]:
    words = tokens(question)
    stemmed = stems(question, language)
    taken: set[int] = set()
    found: list[tuple[int, Term]] = []
    spelt, index = _spelt(language), _phrases(language)
    for length in (4, 3, 2, 1):
        for start in range(len(stemmed) - length + 1):
            places = range(start, start + length)
            said = " ".join(words[start : start + length])
            concepts = spelt.get(said) or index.get(tuple(stemmed[start : start + length]), ())
            if not concepts or taken & set(places):
                continue
            if length == 1 and (words[start] in stopwords(language) or len(words[start]) < 2):
                continue
            taken.update(places)
            generic = all(concept in _generic() for concept in concepts)
            found.append((start, Term(said, _forms(said, language, concepts), concept=True, generic=generic)))
            if length == 2:
                found += _coordinated(words, stemmed, start, taken, language)
    for place, word in enumerate(words):
        if place in taken:
            continue
        measured = place + 1 < len(words) and words[place + 1] in _MEASURES
        if place and not measured and _is_label(word, language) and _takes_label(words[place - 1], language):
            pair = (stemmed[place - 1], stemmed[place])  # "stk. 3", "group B": the label counts with its word
            forms = {target: {pair: 1.0, pair[1:]: 0.5} for target in LANGUAGES}
            found.append((place, Term(f"{words[place - 1]} {word}", forms)))
        elif word not in stopwords(language) and (len(word) > 1 or word.isdigit()):
            scrap = len(word) < 3 and word.isalpha()
            commonness = 6.0 if scrap else zipf(word, language)
            compound = commonness <= RAREST and _is_compound(word, language)
            found.append((place, Term(word, _forms(word, language, ()), compound=compound, commonness=commonness)))
    unique: dict[str, Term] = {}
    for _, term in sorted(found, key=lambda entry: entry[0]):
        unique.setdefault(term.word, term)
    return tuple(unique.values())


def _is_compound(word: str, language: str) -> bool:
    """A rare word made of two known ones is a word and no name."""
    from assistant.retrieval.gloss import is_compound  # it builds upon this module

    return is_compound(word, language)


def _coordinated(
    words: Sequence[str], stemmed: Sequence[str], start: int, taken: set[int], language: str
) -> list[tuple[int, Term]]:
    """In "first, second and third choice" the first two words mean choices too."""
    found: list[tuple[int, Term]] = []
    head = stemmed[start + 1]
    place = start - 1
    while place >= 0 and place not in taken:
        concepts = _phrases(language).get((stemmed[place], head), ())
        if concepts:
            word = f"{words[place]} {words[start + 1]}"
            found.append((place, Term(word, _forms(word, language, concepts), concept=True)))
            taken.add(place)
        elif words[place] not in stopwords(language):
            break
        place -= 1
    return found


_LABELLED = frozenset(
    [
        "stk",
        "nr",
        "lid",
        "no",
        "kap",
        "pkt",
        "gruppe",
        "group",
        "groep",
        "type",
        "klasse",
        "class",
        "fase",
        "phase",
        "trin",
        "step",
        "vitamin",
    ]
)


# Before these a number is an amount and labels nothing: "Zelmivax 25 mg", "Zelmivax 70 jr".
_MEASURES = frozenset(
    re.findall(
        r"\S+",
        "mg g kg µg mcg ml l ie iu mmol kr eur euro procent percent pct år jr jaar years dage dagen days uger weken"
        " weeks timer uur hours måneder maanden months",
    )
)


def _is_label(word: str, language: str) -> bool:
    return (word.isdigit() and len(word) <= 3) or (len(word) == 1 and word not in stopwords(language))


def _takes_label(word: str, language: str) -> bool:
    return word in _LABELLED or (len(word) > 3 and word not in stopwords(language) and not word.isdigit())


@lru_cache(maxsize=4096)
def _forms(word: str, language: str, concepts: tuple[str, ...]) -> dict[str, dict[Stems, float]]:
    forms: dict[str, dict[Stems, float]] = {}
    for target in LANGUAGES:
        own = {tuple(stems(word, target)): 1.0 if target == language else _FOREIGN}
        for concept in concepts:
            for phrase in vocabulary()[concept].get(target, ()):
                own.setdefault(tuple(stems(phrase, target)), _SYNONYM)
        forms[target] = own
    return forms


@cache
def _phrases(language: str) -> dict[Stems, tuple[str, ...]]:
    """Stems of every phrase of the vocabulary in one language, with the concepts it names."""
    index: dict[Stems, list[str]] = {}
    for concept, phrases in vocabulary().items():
        for phrase in phrases.get(language, ()):
            names = index.setdefault(tuple(stems(phrase, language)), [])
            if concept not in names:
                names.append(concept)
    return {form: tuple(names) for form, names in index.items()}


@cache
def _spelt(language: str) -> dict[str, tuple[str, ...]]:
    """Every phrase as it is spelt, with its concepts. It goes before its stem: "geleverd" is not about the liver."""
    index: dict[str, list[str]] = {}
    for concept, phrases in vocabulary().items():
        for phrase in phrases.get(language, ()):
            index.setdefault(" ".join(tokens(phrase)), []).append(concept)
    return {phrase: tuple(names) for phrase, names in index.items()}


@cache
def _data() -> dict[str, dict[str, Any]]:
    """Every file of the vocabulary, read in the order of their names, as one."""
    folder = resources.files("assistant.retrieval").joinpath("vocabulary")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    data: dict[str, dict[str, Any]] = {}
    for file in files:
        for table, entries in tomllib.loads(file.read_text("utf-8")).items():
            data.setdefault(table, {}).update(entries)
    return data


@cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """The shared vocabulary: concept -> language -> phrases of one to four words that may stand for each other."""
    return {
        concept: {language: phrases.split(", ") for language, phrases in entry.items()}
        for concept, entry in _data()["concepts"].items()
    }


@cache
def _generic() -> frozenset[str]:
    return frozenset(_data()["generic"]["concepts"])


@cache
def _passing(language: str) -> frozenset[str]:
    """Stems of function words."""
    return frozenset(stem for word in stopwords(language) for stem in stems(word, language))


@cache
def stopwords(language: str) -> frozenset[str]:
    """Function words of a language, casefolded, also as typed without diacritics."""
    listed = re.findall(r"\S+", str(_data()["stopwords"].get(language, "")))
    bare = {word.replace("å", "aa").replace("ø", "oe").replace("æ", "ae") for word in listed}
    return frozenset(listed) | bare


@cache
def english_phrases(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Each phrase of the vocabulary in `language`, as its words, with the English phrases of its concept."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for concept in vocabulary().values():
        for phrase in concept.get(language, ()):
            found.setdefault(tuple(phrase.lower().split()), tuple(concept["en"]))
    return found
