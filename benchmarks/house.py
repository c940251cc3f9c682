"""One corpus, indexed, to be ill-treated: what was done to it, and whether it answers as before or says what mends it.

Whatever opens an index does so in a process forked from this one, which itself opens none. Linux only.
"""

import json
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401  # every process forked from here would load it

import assistant.errors
from assistant.documents.language import detect
from assistant.documents.read import content_hash, corpus_files, read_document
from assistant.documents.segment import segment
from assistant.errors import IndexMissingError, IndexProblemError
from assistant.retrieval.embedding import Embedder, load_embedder
from assistant.retrieval.index import generations
from assistant.retrieval.index.changes import Pipeline
from assistant.retrieval.index.checking import check
from assistant.retrieval.index.indexing import build_index, mend
from assistant.retrieval.index.opening import open_index
from assistant.retrieval.lexical import stems
from assistant.settings import Settings

PIPELINE = Pipeline(corpus_files, content_hash, lambda path, root: read_document(path, root), segment, "1")
ASKED = "Hvor ofte gives middel 7 til voksne med gigt?"
DAMAGES = ("gone", "empty", "half", "changed")


def apart(work: Callable[[], Any]) -> Any:
    """What `work` returns in a process of its own; a str that begins with "killed" where a signal ended it."""
    return _told(*_forked(work))


def side_by_side(*works: Callable[[], Any]) -> list[Any]:
    """What each returns, all begun at once, each as `apart` has it."""
    return [_told(*begun) for begun in [_forked(work) for work in works]]


def _forked(work: Callable[[], Any]) -> tuple[int, int]:
    """A process, and what is read from it."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        try:
            told = json.dumps(work())
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is told
            told = json.dumps(f"{type(error).__name__}: {error}")
        os.write(writes, told.encode())
        os._exit(0)
    os.close(writes)
    return child, reads


def _told(child: int, reads: int) -> Any:
    with os.fdopen(reads) as coming:
        told = coming.read()
    _, status = os.waitpid(child, 0)
    return f"killed by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else json.loads(told)


def write_documents(corpus: Path, number: int, seed: int) -> None:
    """Documents from templates, the same for a seed."""
    chance = random.Random(seed)
    corpus.mkdir(exist_ok=True)
    for name in range(number):
        said = [
            f"Middel {name} gives hver {chance.randint(2, 90)}. dag til {who} med {illness}."
            for who in ("voksne", "børn over 12 år", "ældre", "gravide")
            for illness in ("gigt", "astma", "eksem", "migræne", "forhøjet blodtryk")
        ]
        (corpus / f"middel-{name}.txt").write_text("\n\n".join(said) + "\n", "utf-8")


def answered(settings: Settings, embedder: Embedder) -> dict[str, Any]:
    """What an index says: how much it holds, and what it finds in both ways. Refused is an answer too."""
    try:
        opened = open_index(settings)
        try:
            full_text = opened.library.search_sentences(stems(ASKED, "da"), "da", 10)
            near = opened.vectors.nearest(embedder.encode_questions([ASKED])[0], 10)
            passages = opened.library.passages_of("middel-7.txt")
            said = [sentence.text for stored in passages for sentence in stored.passage.sentences]
            # Rows are numbered anew by each build: what counts is how well they fit.
            found = [[round(score, 3) for _, score in full_text], [round(hit.score, 4) for hit in near], said]
            return {"holds": opened.library.counts(), "found": found}
        finally:
            opened.close()
    except IndexProblemError as error:
        return {"refused": str(error)}


def damage(file: Path, kind: str, chance: random.Random) -> None:
    """Do something to a file that no program of ours does."""
    content = bytearray(file.read_bytes())
    if kind == "gone":
        file.unlink()
    elif kind in ("empty", "half"):
        file.write_bytes(content[: 0 if kind == "empty" else len(content) // 2])
    else:
        for _ in range(64):
            content[chance.randrange(len(content))] = chance.randrange(256)
        file.write_bytes(content)


def must_be_told(said: Any, index: Path) -> None:
    """Raise where an error is none of ours, or does not say what to do with this index."""
    name, _, message = str(said).partition(": ")
    is_ours = issubclass(getattr(assistant.errors, name, int), assistant.errors.AssistantError)
    if not is_ours or str(index) not in message or not ("run: " in message or "try again" in message):
        raise AssertionError(f"no error that says what to do: {said}")


class House:
    """One corpus, indexed, to be ill-treated."""

    def __init__(self, folder: Path, documents: int) -> None:
        self.settings = Settings(corpus=folder / "corpus", index=folder / "index")
        self.embedder = load_embedder(self.settings)
        assert self.embedder.dimensions  # loaded once, here
        detect(ASKED)  # so are its tables, which are unpacked to the disk
        self.documents = documents
        write_documents(self.settings.corpus, documents, seed=1)
        self.build()
        self.right = self.answer()

    def built(self, *, rebuild: bool = False) -> int:
        """Index, in this process; how many documents there are then."""
        return build_index(self.settings, PIPELINE, self.embedder, rebuild=rebuild).documents

    def build(self, *, rebuild: bool = False) -> Any:
        """Index, in a process of its own."""
        return apart(lambda: self.built(rebuild=rebuild))

    def change(self) -> None:
        """Write to every fifth document."""
        for name in range(0, self.documents, 5):
            with (self.settings.corpus / f"middel-{name}.txt").open("a", encoding="utf-8") as file:
                file.write(f"\nRettet {time.time_ns()}, og gives nu hver uge.\n")

    def answer(self) -> Any:
        """Ask, in a process of its own."""
        return apart(lambda: answered(self.settings, self.embedder))

    def survives_a_kill(self, after: float) -> str:
        """Change documents, index, kill after so many seconds. Returns what became of it; raises where it is lost."""
        before = self.answer()
        self.change()
        child = os.fork()
        if child == 0:
            self.built()
            os._exit(0)
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        now = self.answer()
        if now != before and now.get("holds") == before["holds"]:
            raise AssertionError(f"neither as before nor rebuilt: {now}")
        if "refused" in now:
            raise AssertionError(now["refused"])
        if self.build() != self.documents or apart(lambda: len(check(self.settings, self.embedder).faults)):
            raise AssertionError("the next build does not mend it")
        return "killed, and the old one answered" if os.WIFSIGNALED(status) and now == before else "built before that"

    def withstands(self, work: Callable[[], int]) -> str:
        """Change documents, let `work` index in adverse circumstances, then index as ever. What became of it."""
        before = self.answer()
        self.change()
        came = apart(work)
        if came != self.documents:
            must_be_told(came, self.settings.index)
            if self.answer() != before:
                raise AssertionError(f"refused, and it answers otherwise: {self.answer()}")
        if self.build() != self.documents or apart(lambda: len(check(self.settings, self.embedder).faults)):
            raise AssertionError("the next build does not mend it")
        return "indexed all the same" if came == self.documents else f"refused with its remedy ({str(came)[:48]}…)"

    def survives_damage(self, file: Path, kind: str, chance: random.Random) -> str:
        """Damage a file of the generation that answers, then mend it as told. Returns what became of it."""
        damage(file, kind, chance)
        now = self.answer()
        faults = apart(lambda: self._faults())
        if not isinstance(now, dict) or not isinstance(faults, list):
            raise AssertionError(f"{file.name} {kind}: {now} {faults}")
        if now == self.right and not faults:
            return "no harm done"
        if now != self.right and "refused" not in now and not faults:
            raise AssertionError(f"{file.name} {kind}: answers otherwise, and assistant check finds nothing")
        if "refused" in now and f"--index {self.settings.index}" not in now["refused"]:
            raise AssertionError(f"{file.name} {kind}: no remedy in {now['refused']}")
        if "whole" in faults:
            apart(lambda: mend(self.settings, self.embedder))
        else:
            self.build(rebuild=True)
        if self.answer() != self.right or apart(lambda: self._faults()):
            raise AssertionError(f"{file.name} {kind}: what it says does not mend it: {self.answer()}")
        return "refused, and mended" if "refused" in now else "found by assistant check, and mended"

    def _faults(self) -> list[str]:
        try:
            found = check(self.settings, self.embedder)
        except IndexMissingError as error:
            return [str(error)]
        faults = [fault.what for fault in found.faults if fault.answers]
        return [*faults, "whole"] if faults and found.texts_are_whole else faults

    def files(self) -> list[Path]:
        """The files of the generation that answers, and the one that says which that is."""
        place = generations.path_of(self.settings.index, str(generations.current(self.settings.index)))
        return [*sorted(path for path in place.rglob("*") if path.is_file()), self.settings.index / "CURRENT"]
