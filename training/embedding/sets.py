"""The data: translation pairs, words and questions, and what of them is kept out of training."""

import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SENTENCES = (
    "leaflets",
    "eforms",
    "gnome_docs",
    "mozilla_www",
    "tatoeba",
    "openehr",
    "cdt",
    "osm_id",
    "storybooks",
    "stsb",
)
# Left out for their terms: icd10 (no commercial use without an agreement) and freedict (GPL).
WORDS = ("omw", "wiktionary2015", "cldr", "emojibase", "hpo_labels", "hpo_definitions")
QUESTIONS = ("squad2_en", "squad2_da_mt", "squad1_da_mt", "norquad")

# Leaflets of medicines with these initials are never trained on; questions are made from the others' only.
UNSEEN_PAIRS = frozenset("uwxyz")
UNSEEN_QUESTIONS = frozenset("stuvwxyz")
_REPEATED = 0.7  # share of words in common from which two texts say the same


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same."""

    set: str
    languages: tuple[str, str]
    texts: tuple[str, str]


def rows(folder: Path, name: str) -> Iterator[Pair]:
    """The rows of a `.tsv.xz`, whitespace tidied, Norwegian by one name."""
    with lzma.open(folder / f"{name}.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) == 4 and fields[2].strip() and fields[3].strip():
                first, second = ("nb" if language == "no" else language for language in fields[:2])
                yield Pair(name, (first, second), (tidy(fields[2]), tidy(fields[3])))


def objects(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a `.jsonl.xz`."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def tidy(text: str) -> str:
    """Whitespace as single blanks; the straight quotes that translations disagree on dropped."""
    return re.sub(r"\s+", " ", text.replace('"', " ")).strip()


@cache
def leaflets(data: Path) -> list[dict[str, Any]]:
    """The leaflets whole, by section."""
    return list(objects(data / "leaflet-docs.jsonl.xz"))


@dataclass(frozen=True, slots=True)
class Held:
    """Pairs kept out of training, by the direction in which they are measured."""

    name: str
    pairs: list[tuple[str, str]]
    others: tuple[list[str], list[str]] = ([], [])  # sentences in either language that also stand in the pool


def translations(data: Path, held: Iterable[Held] = ()) -> dict[tuple[str, str], list[Pair]]:
    """Translation pairs by language pair, each text pair once, without the rows that touch a held-out text."""
    hidden = {key(text) for block in held for pair in block.pairs for text in pair}
    unseen = _unseen_texts(data)
    by_languages: dict[tuple[str, str], dict[tuple[str, str], Pair]] = defaultdict(dict)
    for name in SENTENCES:
        for pair in rows(data / "pairs", name):
            keys = (key(pair.texts[0]), key(pair.texts[1]))
            if keys[0] in hidden or keys[1] in hidden or (name == "leaflets" and unseen & set(pair.texts)):
                continue
            if pair.languages[0] > pair.languages[1]:
                pair = Pair(name, (pair.languages[1], pair.languages[0]), (pair.texts[1], pair.texts[0]))
                keys = keys[::-1]
            by_languages[pair.languages].setdefault(keys, pair)
    return {languages: list(found.values()) for languages, found in sorted(by_languages.items())}


def words(data: Path) -> dict[tuple[str, str], list[Pair]]:
    """Word and term pairs by language pair."""
    by_languages: dict[tuple[str, str], dict[tuple[str, str], Pair]] = defaultdict(dict)
    for name in WORDS:
        for pair in rows(data / "words", name):
            if pair.languages[0] > pair.languages[1]:
                pair = Pair(name, (pair.languages[1], pair.languages[0]), (pair.texts[1], pair.texts[0]))
            by_languages[pair.languages].setdefault((key(pair.texts[0]), key(pair.texts[1])), pair)
    return {languages: list(found.values()) for languages, found in sorted(by_languages.items())}


def held_out(data: Path) -> list[Held]:
    """What the model is measured on and never trained on; the same at every run.

    Leaflet sentences of medicines with unseen initials; the last sentences, in the order of the source, of running
    text in the other sets.
    """
    unseen = _unseen_texts(data)
    prose = _last(data, ["cdt"], ("da", "en"), 800, 6)
    return [
        Held(
            "leaflets en-da",
            _distinct((p.texts for p in rows(data / "pairs", "leaflets") if set(p.texts) & unseen), 1_500),
        ),
        Held("prose da-en", prose, _others(data, "cdt", prose, 2_000 - len(prose))),
        Held("general nl-en", _last(data, ["stsb"], ("nl", "en"), 1_000, 8)),
        Held("general da-nl", _last(data, ["gnome_docs", "mozilla_www", "tatoeba"], ("da", "nl"), 400, 5)),
    ]


def _others(data: Path, name: str, held: list[tuple[str, str]], most: int) -> tuple[list[str], list[str]]:
    """Sentences of the same set that are not held out, to fill the pool."""
    hidden = {text for pair in held for text in pair}
    found = [
        pair.texts
        for pair in rows(data / "pairs", name)
        if not hidden & set(pair.texts) and min(len(text.split()) for text in pair.texts) >= 6
    ][:most]
    return [first for first, _ in found], [second for _, second in found]


def _last(
    data: Path, names: list[str], languages: tuple[str, str], most: int, least_words: int
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name in names:
        texts = [
            pair.texts if pair.languages == languages else pair.texts[::-1]
            for pair in rows(data / "pairs", name)
            if set(pair.languages) == set(languages) and min(len(text.split()) for text in pair.texts) >= least_words
        ]
        found += _distinct(reversed(texts), most)
    return found


def _distinct(pairs: Iterable[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """The first pairs of which neither text nearly repeats an earlier one: of two that do, neither is a counterpart."""
    by_word: dict[str, list[frozenset[str]]] = defaultdict(list)
    kept: list[tuple[str, str]] = []
    for pair in pairs:
        bags = [frozenset(key(text).split()) for text in pair]
        if min(len(text.split()) for text in pair) < 4 or any(_repeats(bag, by_word) for bag in bags):
            continue
        for bag in bags:
            for word in bag:
                by_word[word].append(bag)
        kept.append(pair)
        if len(kept) == most:
            break
    return kept


def _repeats(bag: frozenset[str], by_word: dict[str, list[frozenset[str]]]) -> bool:
    words = sorted(bag, key=lambda word: len(by_word.get(word, ())))[: max(1, len(bag) // 3)]
    near = {other for word in words for other in by_word.get(word, ())}
    return any(len(bag & other) >= _REPEATED * len(bag | other) for other in near)


@cache
def _unseen_texts(data: Path) -> frozenset[str]:
    """Texts of leaflets that stand in no leaflet of a medicine that is trained on."""
    seen: set[str] = set()
    unseen: set[str] = set()
    for leaflet in leaflets(data):
        texts = unseen if leaflet["medicine"][0] in UNSEEN_PAIRS else seen
        for section in leaflet["sections"]:
            for paragraph in section["paras"]:
                texts.add(tidy(paragraph))
                texts.update(tidy(piece) for piece in re.split(r"(?<=[.!?:;])\s+", paragraph))
    return frozenset(unseen - seen)


def key(text: str) -> str:
    """Texts that differ in case, digits' surroundings or punctuation only have the same key."""
    return " ".join(re.findall(r"\w+", text.casefold()))
