"""Where the time of an answer goes: encoding, Chroma, full text, the reader, and all else: the assistant's own share.

Usage: python -m benchmarks.shares [--passages N] [--questions 100]

Without `--passages` the default corpus is asked its own question set, each question twice: the first time its sentences
are met for the first time. Milliseconds of processor, medians over the questions.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assistant import Assistant, Settings
from assistant.answering import reader
from assistant.evaluation.question_set import load
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.library import Library
from assistant.retrieval.vectors import Vectors
from benchmarks import leaflets
from benchmarks.measured import short, table

HOME = Path(__file__).parent.parent
PARTS: dict[str, list[tuple[Any, str]]] = {
    "encode": [(Embedder, "encode_questions"), (Embedder, "encode_texts")],
    "Chroma": [(Vectors, "nearest"), (Vectors, "count")],
    "full text": [(Library, "search_passages"), (Library, "search_sentences")],
    "reader": [(reader.Reader, "nearness")],
    "cross-encoder": [(reader.Reader, "judged")],
}


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Milliseconds of processor by part, growing as they are spent; a part within another counts as the outer one."""
    spent: dict[str, float] = defaultdict(float)
    inside = [False]

    def timed(part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def around(*given: Any, **more: Any) -> Any:
            if inside[0]:
                return work(*given, **more)
            inside[0], began = True, time.process_time()
            try:
                return work(*given, **more)
            finally:
                inside[0] = False
                spent[part] += 1000 * (time.process_time() - began)

        return around

    with ExitStack() as stack:
        for part, places in PARTS.items():
            for owner, name in places:
                stack.enter_context(patch.object(owner, name, timed(part, getattr(owner, name))))
        yield spent


def measured(assistant: Assistant, questions: list[str]) -> dict[str, float]:
    """The median of each part, and of the whole."""
    found: dict[str, list[float]] = defaultdict(list)
    with watched() as spent:
        for question in questions:
            spent.clear()
            began = time.process_time()
            assistant.ask(question)
            whole = 1000 * (time.process_time() - began)
            for part in PARTS:
                found[part].append(spent[part])
            found["all else"].append(whole - sum(spent.values()))
            found["an answer"].append(whole)
    return {part: statistics.median(values) for part, values in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=0)
    parser.add_argument("--questions", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        corpus, index = HOME / "corpus", Path(temporary) / "index"
        questions = [one.question for one in load(HOME / "evals" / "conexxence.yaml").questions][: given.questions]
        if given.passages:
            corpus = Path(temporary) / "corpus"
            leaflets.write(corpus, given.passages)
            questions = leaflets.questions(given.questions, given.passages)
        assistant = Assistant(Settings(corpus=corpus, index=index))
        assistant.index()
        assistant.warm()
        first, again = measured(assistant, questions), measured(assistant, questions)
        assistant.close()
    rows = [[part, short(first[part]), short(again[part])] for part in first]
    print(table(["ms of processor, median", "asked for the first time", "again"], rows))


if __name__ == "__main__":
    main()
