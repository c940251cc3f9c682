"""Public sets as sets of our own: SQuAD-2.0-like JSON (also NorQuAD, Danish and Dutch SQuAD), BEIR-like folders."""

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.documents.language import detect
from assistant.errors import QuestionSetError
from assistant.evaluation.matching import compiled
from assistant.evaluation.question_set import Evidence, Question, QuestionSet


def from_squad(path: Path, into: Path, *, most: int = 0, seed: int = 1) -> QuestionSet:
    """Read a SQuAD-2.0-like file; each of its contexts becomes a text file in the folder `into`.

    Args:
        most: questions at most, drawn by seed together with the contexts they need; 0: all.

    Raises:
        QuestionSetError: it is none.
    """
    try:
        stated = json.loads(path.read_text("utf-8"))["data"]
        rows = [
            (f"{a:04d}-{p:03d}.txt", paragraph["context"], qa)
            for a, article in enumerate(stated)
            for p, paragraph in enumerate(article["paragraphs"])
            for qa in paragraph["qas"]
        ]
        if most and len(rows) > most:
            rows = sorted(random.Random(seed).sample(rows, most), key=lambda row: row[0])
        questions = tuple(_squad_question(name, qa) for name, _, qa in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = (
            f"it is no SQuAD-like JSON ({type(error).__name__}: {error}); name a file with data, paragraphs and qas"
        )
        raise QuestionSetError(path, "the file", reason) from error
    _files(into, {name: context for name, context, _ in rows})
    return QuestionSet(path, questions, into)


def _squad_question(name: str, qa: dict[str, Any]) -> Question:
    question, language = qa["question"], detect(qa["question"])
    if qa.get("is_impossible") or not qa["answers"]:
        return Question(str(qa["id"]), language, "impossible", question, abstain=True, tags=("reading",))
    golds = tuple(dict.fromkeys(one["text"] for one in qa["answers"]))
    spans = dict.fromkeys((one["answer_start"], one["answer_start"] + len(one["text"])) for one in qa["answers"])
    return Question(
        str(qa["id"]),
        language,
        "reading",
        question,
        facts=(tuple(compiled(gold) for gold in golds),),
        evidence=tuple(Evidence(name, span=span) for span in spans),
        golds=golds,
        tags=("reading",),
    )


def from_beir(folder: Path, into: Path, *, split: str = "test", most: int = 0, seed: int = 1) -> QuestionSet:
    """Read a BEIR-like folder: `corpus.jsonl`, `queries.jsonl`, `qrels/SPLIT.tsv`; a document becomes a file in `into`.

    Its questions state relevant documents and no facts: what is measured is the search.

    Raises:
        QuestionSetError: it is none.
    """
    try:
        texts = {
            row["_id"]: f"{row.get('title', '')}\n\n{row['text']}".strip() for row in _lines(folder / "corpus.jsonl")
        }
        asked = {row["_id"]: row["text"] for row in _lines(folder / "queries.jsonl")}
        relevant: dict[str, list[str]] = {}
        with (folder / "qrels" / f"{split}.tsv").open(encoding="utf-8", newline="") as file:
            for query, document, score in list(csv.reader(file, delimiter="\t"))[1:]:
                if int(score) > 0 and document in texts:
                    relevant.setdefault(query, []).append(document)
        chosen = [query for query in asked if query in relevant]
        if most and len(chosen) > most:
            chosen = sorted(random.Random(seed).sample(chosen, most))
        names = {id_: f"{number:06d}.txt" for number, id_ in enumerate(sorted(texts))}
        questions = tuple(
            Question(
                query,
                detect(asked[query]),
                "search",
                asked[query],
                evidence=tuple(Evidence(names[id_], span=(0, len(texts[id_]))) for id_ in relevant[query]),
            )
            for query in chosen
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"it is no BEIR-like folder ({type(error).__name__}: {error})"
        remedy = f"; it holds corpus.jsonl, queries.jsonl and qrels/{split}.tsv"
        raise QuestionSetError(folder, "the folder", reason + remedy) from error
    _files(into, {names[id_]: text for id_, text in texts.items()})
    return QuestionSet(folder, questions, into)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _files(folder: Path, texts: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode())
    except OSError as error:
        raise QuestionSetError(folder, "the folder", f"it cannot be written ({error}); name another") from error
