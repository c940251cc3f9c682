"""What the reader learns from: a question, and sentences that answer it or do not, each in its own language."""

import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.question import understand
from assistant.answering.reader import Wording, asked, reading
from training.embedding.questions import from_health_questions, sentences
from training.embedding.questions import from_leaflets as template_questions
from training.embedding.sets import leaflets, objects, tidy
from training.evidence.rows import Rows

READING_SETS = {"squad2_en": "en", "squad2_da_mt": "da", "squad1_da_mt": "da", "norquad": "da"}
_LEAST, _LONGEST = 15, 400  # characters of a sentence


@dataclass(frozen=True, slots=True)
class Group:
    """One question with its sentences; `right` says which answer it, none where nothing does."""

    source: str
    question: Wording
    texts: tuple[Wording, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """The same as one model is given it."""

    source: str
    question: str
    texts: tuple[str, ...]
    right: tuple[bool, ...]


def worded(groups: Sequence[Group], put: Callable[[Wording], str]) -> list[Worded]:
    """The groups with every text put so."""
    return [Worded(one.source, put(one.question), tuple(map(put, one.texts)), one.right) for one in groups]


def from_reading_sets(data: Path, chance: random.Random) -> Iterator[Group]:
    """The sentences of a context, the one with the answer right; all wrong where the set says impossible."""
    for name, language in READING_SETS.items():
        for row in objects(data / "qa" / f"{name}.jsonl.xz"):
            spans = [(a["start"], a["start"] + len(a["text"])) for a in row.get("answers", ()) if a.get("text")]
            spans = [span for span in spans if span[0] >= 0]
            if not spans and not row.get("impossible"):
                continue
            texts, right, at = [], [], 0
            said = sentences(row["context"])
            flat = tidy(row["context"])
            for sentence in said:
                start = flat.find(sentence, at)
                at = max(at, start + len(sentence))
                if len(sentence) < _LEAST:
                    continue
                texts.append(Wording(sentence[:_LONGEST], language))
                right.append(any(start <= begin < start + len(sentence) for begin, _ in spans))
            if spans and not any(right):
                continue
            chosen = _some(texts, right, chance, 8)
            yield Group("reading", Wording(tidy(row["question"]), language), *chosen)


def from_health(data: Path, chance: random.Random, most: int) -> Iterator[Group]:
    """The first sentences of an answer, against those to other questions about the same disease."""
    by_topic: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    topics = {tidy(row["question"]): row["topic"] for row in objects(data / "qa" / "medquad_en.jsonl.xz")}
    for _, question, sentence in from_health_questions(data):
        by_topic[topics[question]][question].append(sentence)
    several = [topic for topic in sorted(by_topic) if len(by_topic[topic]) >= 2]
    chance.shuffle(several)
    made = 0
    for topic in several:
        for question, said in by_topic[topic].items():
            others = [s for asked_else, told in by_topic[topic].items() if asked_else != question for s in told]
            wrong = chance.sample(others, min(3, len(others)))
            elsewhere = chance.choice(list(by_topic[chance.choice(several)].values()))
            texts = [said[0], *wrong, chance.choice(elsewhere)]
            said_so = tuple(Wording(text, "en") for text in texts)
            yield Group("health", Wording(question, "en"), said_so, (True, *[False] * (len(texts) - 1)))
            made += 1
            if made >= most:
                return


def from_templates(data: Path, chance: random.Random, most: int) -> Iterator[Group]:
    """Template questions over leaflets, against other sections of the same leaflet."""
    by_name: dict[tuple[str, str], dict[str, Any]] = {
        (row["medicine"].capitalize(), row["lang"]): row for row in leaflets(data)
    }
    where: dict[str, tuple[str, str, str]] = {}  # sentence -> medicine, language, heading
    for (name, language), leaflet in by_name.items():
        for section in leaflet["sections"]:
            for paragraph in section["paras"]:
                for sentence in sentences(paragraph):
                    where[sentence] = (name, language, section["title"])
    found = list(template_questions(data, chance.randint(0, 10**6)))
    chance.shuffle(found)
    for language, spoken, question, sentence in found[:most]:
        if sentence not in where:
            continue
        name, _, heading = where[sentence]
        others = [
            (section["title"], other)
            for section in by_name[name, spoken]["sections"]
            if section["title"] != heading
            for paragraph in section["paras"]
            for other in sentences(paragraph)
            if _LEAST <= len(other) <= _LONGEST
        ]
        wrong = chance.sample(others, min(3, len(others)))
        texts = [Wording(f"{name}: {title}: {text}", spoken) for title, text in [(heading, sentence), *wrong]]
        yield Group("templates", Wording(question, language), tuple(texts), (True, *[False] * len(wrong)))


def from_rows(rows: Sequence[Rows], scores: Sequence[Any], chance: random.Random, most: int) -> Iterator[Group]:
    """What our own search brings for a question in each of its languages, the likeliest first; some right, or none.

    Each question comes twice: as it is written, and as it is typed in a hurry.
    """
    for row, score in zip(rows, scores, strict=True):
        order = np.argsort(-score)
        right = [int(at) for at in order if row.y[at]][:5]
        if row.case.gold and not right:
            continue
        wrong = [int(at) for at in order if not row.y[at]]
        near, far = wrong[:most], wrong[most:]
        chosen = [*right, *near, *chance.sample(far, min(4, len(far)))]
        texts = tuple(reading(row.measured[at].candidate, row.measured[at].index) for at in chosen)
        for question in (row.question, *(understand(text, language=spoken) for spoken, text in row.case.otherwise)):
            answers = tuple(bool(row.y[at]) for at in chosen)
            written = asked(question)
            yield Group("own", written, texts, answers)
            yield Group("hurried", written._replace(text=hurried(written.text, chance)), texts, answers)


def hurried(question: str, chance: random.Random) -> str:
    """A question in small letters, without its diacritics, with a letter in the wrong place, or with words left out."""
    kind = chance.random()
    if kind < 0.35:
        return question.lower().rstrip("?!. ")
    if kind < 0.55:
        letters = {"å": "aa", "ø": "oe", "æ": "ae"} if chance.random() < 0.5 else {"ø": "o", "æ": "ae"}
        spelled = "".join(letters.get(letter, letter) for letter in question)
        return "".join(c for c in unicodedata.normalize("NFD", spelled) if not unicodedata.combining(c))
    if kind < 0.8 and len(question) > 12:
        at = chance.randrange(2, len(question) - 3)
        turned = question[at + 1] + question[at] if chance.random() < 0.5 else question[at + 1]
        return question[:at] + turned + question[at + 2 :]
    return " ".join(word for word in question.split() if chance.random() > 0.12) or question


def _some(
    texts: list[Wording], right: list[bool], chance: random.Random, most: int
) -> tuple[tuple[Wording, ...], tuple[bool, ...]]:
    """At most `most`, all right ones among them."""
    places = [at for at, is_right in enumerate(right) if is_right][:most]
    wrong = [at for at, is_right in enumerate(right) if not is_right]
    places += chance.sample(wrong, min(len(wrong), most - len(places)))
    return tuple(texts[at] for at in places), tuple(right[at] for at in places)
