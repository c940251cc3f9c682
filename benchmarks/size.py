"""What an index takes: bytes on disk and in memory for each passage, which do not depend on how busy a machine is.

Usage: python -m benchmarks.size PASSAGES [FOLDER]

The documents are those of `corpus/`, as often as it takes, each time with other names; so passages are of the usual
length, but fewer different words come up than in as many real documents. With ASSISTANT_CHROMA_URL set, the vectors
are on that server, and its own memory and disk are to be looked at there.
"""

import re
import resource
import sys
import tempfile
import time
from pathlib import Path

from assistant.engine import Assistant
from assistant.retrieval.index import generations
from assistant.settings import Settings

HOME = Path(__file__).parent.parent
NAMES = ("Conexxence", "denosumab")
SYLLABLES = ("ba", "do", "fe", "gi", "ka", "lu", "mi", "no", "ra", "se", "ti", "vo")


def invented(number: int) -> str:
    """A name of four syllables, another for each number below 20,736."""
    return "".join(SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(4))


def write(corpus: Path, copies: int) -> None:
    """Write the documents, each under several names."""
    for number in range(copies):
        for file in sorted((HOME / "corpus").glob("c*.md")):
            text = file.read_text("utf-8")
            for place, name in enumerate(NAMES):
                text = text.replace(name, invented(2 * number + place).capitalize())
            apart = re.sub(r"(?m)^reference: .*\n", "", text)  # or they would be versions of one document
            (corpus / f"{number:05}-{file.name}").write_text(apart, "utf-8")


def bytes_in(place: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())


def resident() -> int:
    """Bytes of memory that this process holds now (Linux)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def measure(wanted: int, folder: Path) -> None:
    """Build, open, ask, and print."""
    corpus = folder / "corpus"
    corpus.mkdir()
    settings = Settings(corpus=corpus, index=folder / "index")
    write(corpus, 1)
    each = Assistant(settings).index().passages
    write(corpus, max(1, wanted // each))
    started = time.process_time()
    report = Assistant(settings).index()
    spent = time.process_time() - started
    place = generations.path_of(settings.index, report.generation)
    texts, vectors = (place / generations.LIBRARY).stat().st_size, bytes_in(place / generations.VECTORS)
    print(f"{report.documents} documents, {report.passages} passages, {report.sentences} sentences")
    print(f"texts and full text: {texts / report.passages:.0f} bytes a passage")
    print(f"vectors in the index: {vectors / report.passages:.0f} bytes a passage")
    print(f"indexing: {1000 * spent / report.passages:.2f} ms of this process's processor a passage, reading apart")
    before = resident()
    assistant = Assistant(settings)
    assistant.ask("Hvor ofte gives Conexxence?")
    print(
        f"memory: {(resident() - before) / 2**20:.0f} MB more once it has answered, {resident() / 2**20:.0f} MB in all"
    )
    started = time.process_time()
    for question in ("Hvad er dosis?", "Wie mag het niet krijgen?", "Hvad koster det?"):
        assistant.ask(question)
    print(f"answering: {(time.process_time() - started) / 3:.2f} s of processor a question")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as made:
        measure(int(sys.argv[1]), Path(made))
