"""Question to answer, beside the encoding of the question alone. Usage: latency.py SET.yaml"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assistant import Assistant, Settings
from assistant.evaluation.question_set import load
from assistant.retrieval.embedding import load_embedder


def timed(work: Callable[[str], object], texts: list[str]) -> list[float]:
    """Milliseconds for each text."""
    taken = []
    for text in texts:
        started = time.perf_counter()
        work(text)
        taken.append(1000 * (time.perf_counter() - started))
    return sorted(taken)


def main() -> None:
    question_set = load(Path(sys.argv[1]))
    texts = [question.question for question in question_set.questions]
    with tempfile.TemporaryDirectory() as folder:
        assistant = Assistant(Settings.load(corpus=question_set.corpus, index=Path(folder)))
        assistant.index()
        assistant.warm()
        embedder = load_embedder(assistant.settings)
        encoding = timed(lambda text: embedder.encode_questions([text]), texts)
        first = timed(assistant.ask, texts)
        again = timed(assistant.ask, texts)
        assistant.close()
    base = statistics.median(encoding)
    for name, taken in (("encode the question", encoding), ("answer, first time", first), ("answer, again", again)):
        median, slow = statistics.median(taken), taken[int(0.9 * len(taken))]
        print(f"{name:22} median {median:7.1f} ms = {median / base:4.1f} x   90th percentile {slow:7.1f} ms")


if __name__ == "__main__":
    main()
