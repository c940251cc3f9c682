"""Counts how common words are in Danish, Dutch and English. Usage: unigrams.py DATA OUT.tsv.xz"""

import lzma
import math
import sys
from collections import Counter
from pathlib import Path

from assistant.documents.model import LANGUAGES
from assistant.retrieval.lexical import tokens

SETS = (
    "tatoeba",
    "gnome_docs",
    "mozilla_www",
    "cdt",
    "stsb",
)  # general language: leaflets would make "warfarin" common
LEAST = 3  # occurrences; rarer ones are as good as unknown
MOST = 30_000  # words a language


def count(data: Path) -> dict[str, Counter[str]]:
    """Occurrences of each word by language. A sentence that stands in a set several times counts once."""
    counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
    for name in SETS:
        seen: set[tuple[str, str]] = set()
        with lzma.open(data / "pairs" / f"{name}.tsv.xz", "rt", encoding="utf-8") as lines:
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                if len(fields) != 4:
                    continue
                for language, text in ((fields[0], fields[2]), (fields[1], fields[3])):
                    if language in counts and (language, text) not in seen:
                        seen.add((language, text))
                        counts[language].update(word for word in tokens(text) if word.isalpha())
    return counts


def main() -> None:
    """Write one line a word: language, word, Zipf value."""
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    with lzma.open(out, "wt", encoding="utf-8", preset=9) as lines:
        for language, words in count(data).items():
            total = sum(words.values())
            kept = sorted((word, n) for word, n in words.most_common(MOST) if n >= LEAST)
            for word, n in kept:
                lines.write(f"{language}\t{word}\t{math.log10(n / total * 1e9):.1f}\n")
            print(f"{language}: {total} words, {len(kept)} kept")


if __name__ == "__main__":
    main()
