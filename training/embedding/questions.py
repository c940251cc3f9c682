"""Question-to-answer pairs: read in the question sets, and asked of the leaflets from templates."""

import itertools
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.embedding.sets import QUESTIONS, UNSEEN_QUESTIONS, leaflets, objects, tidy

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅÉ\d\"“])|\n+")
_NAMED = 0.75  # share of template questions that name their medicine
_BOILERPLATE = 5  # answers that begin alike, from which on they say nothing about their question
_UNNAMED = {"da": "det", "nl": "het middel", "en": "it"}


def sentences(text: str) -> list[str]:
    """A rough split, good enough to learn from."""
    return [piece for piece in (tidy(piece) for piece in _SENTENCE_END.split(text)) if piece]


def from_reading_sets(data: Path) -> Iterator[tuple[str, str, str]]:
    """(language, question, the sentence that has its answer)."""
    for name in QUESTIONS:
        for row in objects(data / "qa" / f"{name}.jsonl.xz"):
            answer = next((a for a in row.get("answers", ()) if a.get("text") and a.get("start", -1) >= 0), None)
            if answer is None or row.get("impossible"):
                continue
            start = 0
            for sentence in _SENTENCE_END.split(row["context"]):
                at = row["context"].index(sentence, start)
                start = at + len(sentence)
                if at <= answer["start"] < start:
                    if len(sentence) >= 20:
                        yield row["lang"], tidy(row["question"]), tidy(sentence)
                    break


def from_health_questions(data: Path) -> Iterator[tuple[str, str, str]]:
    """(language, question, the beginning of its answer): two sentences, one pair each."""
    found = [
        ("en", tidy(row["question"]), sentence)
        for row in objects(data / "qa" / "medquad_en.jsonl.xz")
        for sentence in [s for s in sentences(row["answer"]) if 30 <= len(s) <= 400 and not s.endswith("?")][:2]
    ]
    often = Counter(_shape(sentence, question) for _, question, sentence in found)
    yield from (row for row in found if often[_shape(row[2], row[1])] <= _BOILERPLATE)


def _shape(sentence: str, question: str) -> str:
    """A sentence without the words of its question: what is left repeats where it is boilerplate."""
    asked = set(question.casefold().split())
    return " ".join(word for word in sentence.casefold().split() if word not in asked)[:60]


def from_leaflets(data: Path, seed: int) -> Iterator[tuple[str, str, str, str]]:
    """(language asked in, language answered in, question, sentence) over the leaflets that may be trained on."""
    chance = random.Random(seed)
    topics = tomllib.loads((Path(__file__).parent / "questions.toml").read_text("utf-8"))
    for leaflet in leaflets(data):
        if leaflet["medicine"][0] in UNSEEN_QUESTIONS:
            continue
        name = leaflet["medicine"].capitalize()
        for number, section in enumerate(leaflet["sections"]):
            for topic in topics.values():
                if number not in topic["section"]:
                    continue
                found = _answering(section["paras"], topic)
                chance.shuffle(found)
                for sentence in found[:6]:
                    language = chance.choice(("da", "nl", "en"))
                    question = chance.choice(topic[language])
                    yield language, leaflet["lang"], _named(question, name, language, chance), sentence


def _answering(paragraphs: list[str], topic: dict[str, Any]) -> list[str]:
    if "after" in topic:
        start = next((i for i, p in enumerate(paragraphs) if re.search(topic["after"], p)), None)
        if start is None:
            return []
        chosen = [s for p in paragraphs[start : start + 7] for s in sentences(p)]
        return [s for s in chosen if len(s) >= 20][:10]
    return [s for p in paragraphs for s in sentences(p) if 15 <= len(s) <= 400 and re.search(topic["match"], s)]


def _named(question: str, name: str, language: str, chance: random.Random) -> str:
    return question.replace("{x}", name if chance.random() < _NAMED else _UNNAMED[language])


def neighbours(data: Path, seed: int, most: int) -> Iterator[tuple[str, str, str]]:
    """(language, sentence, the sentence after it in its paragraph): what stands together is about the same."""
    chance = random.Random(seed)
    found: list[tuple[str, str, str]] = []
    for leaflet in leaflets(data):
        if leaflet["medicine"][0] in UNSEEN_QUESTIONS:
            continue
        for section in leaflet["sections"]:
            for paragraph in section["paras"]:
                found += _adjacent(leaflet["lang"], paragraph)
    seen: set[str] = set()
    for name in QUESTIONS:
        for row in objects(data / "qa" / f"{name}.jsonl.xz"):
            if row["context"] not in seen:
                seen.add(row["context"])
                found += _adjacent(row["lang"], row["context"])
    for row in objects(data / "qa" / "medquad_en.jsonl.xz"):
        found += _adjacent("en", row["answer"][:1_200])
    distinct = list(dict.fromkeys(found))
    chance.shuffle(distinct)
    yield from distinct[:most]


def _adjacent(language: str, text: str) -> list[tuple[str, str, str]]:
    said = [s for s in sentences(text) if 25 <= len(s) <= 400]
    return [(language, one, other) for one, other in itertools.pairwise(said)]
