"""Learns which English words stand for Danish and Dutch ones. Usage: glossary.py DATA OUT.tsv.xz

Word alignment after Brown et al., "The Mathematics of Statistical Machine Translation" (1993), model 1: each English
word of a pair is explained by the foreign words of that pair. English words that mostly stand together
("side effects") count as one.
"""

import itertools
import lzma
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.retrieval.gloss import words
from assistant.retrieval.lexical import stems
from training.embedding.sets import rows

# How much a row counts: medicine leaflets most, dictionaries' many senses least.
SENTENCES = {
    "leaflets": 1.0, "tatoeba": 1.0, "cdt": 1.0, "openehr": 1.0, "stsb": 1.0, "gnome_docs": 0.5, "mozilla_www": 0.5,
    "osm_id": 0.5, "eforms": 0.3,
}  # fmt: skip
DICTIONARIES = {"wiktionary2015": 1.5, "omw": 0.4, "hpo_labels": 0.3, "cldr": 1.0}
KIN = {"da": {"da": 1.0, "nb": 0.3}, "nl": {"nl": 1.0}}  # Norwegian helps with Danish
LONGEST = 45  # words of a text
ROUNDS = 6
LEAST_COUNT, LEAST_SHARE = 0.8, 0.12  # of an entry: rows it was seen in, share of them so explained
DISCOUNT = 0.5  # taken from every alignment: what was seen once is nearly nothing
Row = tuple[list[str], list[str], float]


@dataclass(frozen=True, slots=True)
class Aligned:
    """What a foreign word stands for, most likely first, with its share; and how often it was seen, weighted."""

    english: list[tuple[str, float]]
    seen: float


def read(data: Path, language: str) -> Iterator[Row]:
    """(foreign words, English words, weight), each text pair once."""
    for folder, sets in (("pairs", SENTENCES), ("words", DICTIONARIES)):
        for name, weight in sets.items():
            known = set()
            for row in rows(data / folder, name):
                languages, texts = row.languages, row.texts
                if languages[0] == "en":
                    languages, texts = languages[::-1], texts[::-1]
                if languages[1] != "en" or languages[0] not in KIN[language]:
                    continue
                foreign, english = words(texts[0].lower()), words(texts[1].lower())
                key = (tuple(foreign), tuple(english))
                if key not in known and foreign and english and max(len(foreign), len(english)) <= LONGEST:
                    known.add(key)
                    yield foreign, english, weight * KIN[language][languages[0]]


def joined(pairs: list[Row]) -> list[Row]:
    """With English collocations as one word each: "blood pressure"."""
    single, double = Counter[str](), Counter[tuple[str, str]]()
    for _, english, _ in pairs:
        single.update(english)
        double.update(itertools.pairwise(english))
    total = single.total()
    common = {word for word, _ in single.most_common(60)}
    together = {
        pair
        for pair, count in double.items()
        if count >= 15
        and not common & set(pair)
        and count * total > 60 * single[pair[0]] * single[pair[1]]
        and count > 0.08 * max(single[pair[0]], single[pair[1]])
    }
    return [(foreign, list(_join(english, together)), weight) for foreign, english, weight in pairs]


def _join(english: list[str], together: set[tuple[str, str]]) -> Iterator[str]:
    at = 0
    while at < len(english):
        width = 2 if tuple(english[at : at + 2]) in together else 1
        yield " ".join(english[at : at + width])
        at += width


def align(pairs: list[Row]) -> dict[str, Aligned]:
    """Expectation maximisation over all pairs at once."""
    foreign_ids: dict[str, int] = {}
    english_ids: dict[str, int] = {}
    foreign, english, groups, weights = [], [], [], []
    group = 0
    for own, other, weight in pairs:
        f = np.array([foreign_ids.setdefault(word, len(foreign_ids)) for word in own], dtype=np.int64)
        e = np.array([english_ids.setdefault(word, len(english_ids)) for word in other], dtype=np.int64)
        foreign.append(np.tile(f, len(e)))
        english.append(np.repeat(e, len(f)))
        groups.append(np.repeat(np.arange(group, group + len(e), dtype=np.int32), len(f)))
        weights.append(np.full(len(e), weight))
        group += len(e)
    of, weight_of = np.concatenate(groups), np.concatenate(weights)
    keys = np.concatenate(foreign) * len(english_ids) + np.concatenate(english)
    del foreign, english, groups
    distinct, place = np.unique(keys, return_inverse=True)
    source = distinct // len(english_ids)
    chance = np.ones(len(distinct))
    counted = chance
    for turn in range(ROUNDS):
        share = chance[place]
        share *= (weight_of / np.bincount(of, share, minlength=group))[of]
        counted = np.bincount(place, share, minlength=len(distinct))
        if turn:
            counted = np.maximum(counted - 0.02, 1e-9)
        chance = counted / np.bincount(source, counted, minlength=len(foreign_ids))[source]
    seen = np.bincount(source, counted, minlength=len(foreign_ids))
    return _best(
        list(foreign_ids), list(english_ids), distinct, np.maximum(counted - DISCOUNT * (counted < 2), 0), seen
    )


def _best(foreign: list[str], english: list[str], keys, counted, seen) -> dict[str, Aligned]:  # type: ignore[no-untyped-def]
    found: dict[str, Aligned] = {}
    source = keys // len(english)
    for at in np.lexsort((-counted, source)):
        word = foreign[source[at]]
        entry = found.setdefault(word, Aligned([], float(seen[source[at]])))
        if len(entry.english) < 3:
            entry.english.append((english[keys[at] % len(english)], float(counted[at]) / entry.seen))
    return found


def gloss_of(word: str, aligned: Aligned) -> str:
    """The English for a word: the best, or two where a long word stands for both: "nyresygdom", "kidney disease"."""
    (best, share), *others = aligned.english
    if aligned.seen < LEAST_COUNT or share < LEAST_SHARE:
        return ""
    if others and len(word) > 9 and share < 0.6 and others[0][1] > 0.65 * share and aligned.seen > 1.5:
        return f"{others[0][0]} {best}"
    return best


def entries(found: dict[str, Aligned], language: str) -> Iterable[tuple[str, str]]:
    """(word or "~stem", English) of all that is worth keeping."""
    by_stem: dict[str, tuple[float, str]] = {}
    for word, aligned in sorted(found.items()):
        english = gloss_of(word, aligned)
        if not english or not word[0].isalpha():
            continue
        if english != word:
            yield word, english
        stem = stems(word, language)
        if len(stem) == 1 and len(stem[0]) > 3:
            by_stem[stem[0]] = max(by_stem.get(stem[0], (0.0, "")), (aligned.seen, english))
    yield from ((f"~{stem}", english) for stem, (_, english) in sorted(by_stem.items()) if english != stem)


def main() -> None:
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    lines = []
    for language in KIN:
        found = align(joined(list(read(data, language))))
        kept = list(entries(found, language))
        print(f"{language}: {len(kept)} entries")
        lines += [f"{language}\t{word}\t{english}" for word, english in kept]
    out.write_bytes(lzma.compress("\n".join(lines).encode("utf-8"), preset=9))
    print(f"{out}: {out.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
