"""Question to answering sentence over a corpus. Usage: python -m benchmarks.retrieval SET [--corpus DIR]

SET is a question set (YAML, or JSON lines with --corpus); the answering sentences are those of its evidence. Searched
are all sentences of one language at a time: by full text (BM25), by BM25 and the vectors of MiniLM fused, where it is
installed, and as the assistant ranks its evidence.
"""

import argparse
import difflib
import re
import tempfile
from collections import defaultdict
from pathlib import Path

from assistant import Assistant, Settings
from assistant.answering.evidence import rank
from assistant.answering.question import understand
from assistant.evaluation.question_set import Question, load
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.hybrid import fuse
from benchmarks.embedding import BM25, minilm_folder, order, table

Key = tuple[str, int, int]  # document, start, end


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("set", type=Path)
    parser.add_argument("--corpus", type=Path)
    given = parser.parse_args()
    asked = load(given.set)
    folder = minilm_folder()
    minilm = Embedder(str(folder), "MiniLM") if folder else None
    with tempfile.TemporaryDirectory() as index:
        assistant = Assistant(Settings.load(corpus=given.corpus or asked.corpus, index=Path(index)))
        assistant.index()
        measure(assistant, [q for q in asked.questions if q.evidence and not q.abstain], minilm)
        assistant.close()


def measure(assistant: Assistant, questions: list[Question], minilm: Embedder | None) -> None:
    """Print recall at 1, 5 and 20 by pair of languages."""
    opened = assistant._open()
    spots: dict[str, list[tuple[Key, str]]] = defaultdict(list)
    for record in opened.records.values():
        for stored in opened.index.library.passages_of(record.id):
            spots[stored.language] += [((record.id, s.start, s.end), s.text) for s in stored.passage.sentences]
    words = {language: BM25([text for _, text in found], language) for language, found in spots.items()}
    vectors = {
        language: minilm.encode_texts([text for _, text in found]) for language, found in spots.items() if minilm
    }
    ranks: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for question in questions:
        understood = understand(question.question, history=question.history, language=question.language)
        ranked = rank(understood, assistant._drafting(opened).candidates(understood), opened.rarity, assistant._words)
        for language, found in spots.items():
            right = {at for at, (key, text) in enumerate(found) if _answers(question, key[0], text)}
            if not right:
                continue
            places = {key: at for at, (key, _) in enumerate(found)}
            ways = {"BM25": order(words[language].scores(understood.text))}
            if minilm:
                near = order(vectors[language] @ minilm.encode_questions([understood.text])[0])
                ways["BM25+MiniLM"] = [at for at, _ in fuse([ways["BM25"][:60], near[:60]])]
            ways["assistant"] = list(dict.fromkeys(places[e.key] for e in ranked if e.key in places))
            for way, order_of in ways.items():
                position = next((n for n, at in enumerate(order_of, 1) if at in right), 10**6)
                for pair in (f"{question.language}-{language}", "all"):
                    ranks[pair][way].append(position)
    table(ranks)


def _answers(question: Question, document: str, text: str) -> bool:
    """The sentence is one that the evidence quotes, but for notes and hyphens of the extracted text."""
    said = _letters(text)
    return any(
        evidence.document == document and len(said) > 8 and (said in quote or quote in said or _alike(said, quote))
        for evidence in question.evidence
        if (quote := _letters(evidence.quote))
    )


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.9


if __name__ == "__main__":
    main()
