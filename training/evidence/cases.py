"""Questions with the places that answer them, over folders of documents made for the purpose."""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.evaluation.question_set import load
from assistant.evaluation.quotes import places
from training.embedding.sets import leaflets, objects

Span = tuple[str, int, int]  # document, start, end

_TOGETHER = 6  # medicines a folder: as many documents as a department keeps
_CONTEXTS = 60  # contexts of a reading set a folder
_HERE = Path(__file__).parent
_WRITTEN = _HERE.parent / "embedding" / "questions.jsonl"
_TRILINGUAL = _HERE.parent / "reader" / "questions.jsonl"
_DOCUMENTS = _HERE.parent / "documents"
APART = ("bones", "formulary", "lungs", "rare")  # what the reader is not trained on: there it is told what it is worth
_LEAFLETS = {
    "more-a": "samsca.da samsca.en shingrix.da shingrix.en tezspire.en trajenta.da urorec.da urorec.en xospata.da"
    " zostavax.en",
    "more-b": "ibrance.da ibrance.en idefirix.en mepsevii.da naveruclif.da naveruclif.en nustendi.da nustendi.en"
    " ozurdex.en rilutek.da rilutek.en spevigo.en spinraza.da votubia.da xenpozyme.en yescarta.da",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A question; its gold places, none where no document answers it."""

    source: str
    language: str
    question: str
    gold: tuple[Span, ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    declined: bool = False  # must be abstained from
    otherwise: tuple[tuple[str, str], ...] = ()  # the same question in other languages: (language, question)


@dataclass(slots=True)
class Folder:
    """A corpus, and the questions over it."""

    name: str
    texts: dict[str, str] = field(default_factory=dict)  # file name -> text
    cases: list[Case] = field(default_factory=list)
    path: Path | None = None  # where the files stand already

    def written(self, below: Path) -> Path:
        """The folder on disk, below `below` where it does not stand anywhere yet."""
        if self.path:
            return self.path
        folder = below / self.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts.items():
            (folder / name).write_text(text, "utf-8")
        return folder


def from_leaflets(data: Path) -> list[Folder]:
    """The questions written for this project over leaflets that the embedding was not trained on."""
    rows = [json.loads(line) for line in _WRITTEN.read_text("utf-8").splitlines()]
    known = {(row["medicine"], row["lang"]): row for row in leaflets(data)}
    medicines = sorted({row["medicine"] for row in rows})
    random.Random(5).shuffle(medicines)
    folders = []
    for start in range(0, len(medicines), _TOGETHER):
        folder = Folder(f"leaflets-{start // _TOGETHER:02d}")
        where: dict[tuple[str, str, int, int], tuple[int, str]] = {}
        for medicine in medicines[start : start + _TOGETHER]:
            for language in ("da", "en"):
                text, at = as_text(known[medicine, language])
                folder.texts[f"{medicine}.{language}.md"] = text
                where.update({(medicine, language, *key): place for key, place in at.items()})
        for row in rows:
            if f"{row['medicine']}.en.md" not in folder.texts:
                continue
            gold = []
            for found in row["evidence"]:
                begin, paragraph = where[row["medicine"], found["lang"], found["section"], found["para"]]
                gold += _spans(f"{row['medicine']}.{found['lang']}.md", paragraph, found["has"], begin)
            folder.cases.append(Case("leaflets", row["lang"], row["question"], tuple(gold)))
        folders.append(folder)
    return folders


def from_more_leaflets(data: Path) -> list[Folder]:
    """More such questions, with kinds, follow-ups, and ones that no leaflet answers; over the leaflets they name."""
    known = {(row["medicine"], row["lang"]): row for row in leaflets(data)}
    folders = {name: Folder(name) for name in _LEAFLETS}
    for name, folder in folders.items():
        for document in _LEAFLETS[name].split():
            medicine, language = document.split(".")
            folder.texts[f"{document}.md"] = as_text(known[medicine, language])[0]
    for line in (_HERE / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        folder = folders[row["documents"]]
        gold = []
        for found in row["evidence"]:
            name = f"{found['medicine']}.{found['lang']}.md"
            gold += _spans(name, folder.texts[name], found["has"])
        history = tuple((asked, answered) for asked, answered in row.get("history", ()))
        folder.cases.append(Case(folder.name, row["lang"], row["question"], tuple(gold), history, not gold))
    return list(folders.values())


def from_trilingual_leaflets(data: Path) -> list[Folder]:
    """The questions of `training/reader/questions.jsonl`, each in three languages; every second leaflet is Danish.

    A question is searched for in one of its languages, in turn: what that brings serves the other two as well.
    """
    rows = [json.loads(line) for line in _TRILINGUAL.read_text("utf-8").splitlines()]
    known = {(row["medicine"], row["lang"]): row for row in leaflets(data)}
    medicines = sorted({row["medicine"] for row in rows})
    random.Random(9).shuffle(medicines)
    folders = []
    for start in range(0, len(medicines), _TOGETHER):
        together = medicines[start : start + _TOGETHER]
        folder = Folder(f"trilingual-{start // _TOGETHER:02d}")
        written = {medicine: ("da", "en")[place % 2] for place, medicine in enumerate(together)}
        for medicine, language in written.items():
            folder.texts[f"{medicine}.{language}.md"] = as_text(known[medicine, language])[0]
        for row in rows:
            if (language := written.get(row["medicine"])) and row["evidence"][language] is not None:
                spoken = ("da", "nl", "en")[len(folder.cases) % 3]
                folder.cases.append(_in_one_language(row, spoken, language, folder))
        folders.append(folder)
    return folders


def from_documents(*, apart: bool) -> list[Folder]:
    """The questions over `training/documents/*`, each in three languages: of the folders APART, or of all others.

    A question is searched for in one of its languages, in turn: what that brings serves the other two as well.
    """
    paths = [path for path in sorted(_DOCUMENTS.iterdir()) if (path.name in APART) is apart]
    return [_of_documents(path) for path in paths]


def _of_documents(path: Path) -> Folder:
    texts = {file.name: file.read_bytes().decode() for file in sorted((path / "docs").iterdir())}
    folder = Folder(path.name, texts, path=path / "docs")
    for place, line in enumerate((path / "questions.jsonl").read_text("utf-8").splitlines()):
        row = json.loads(line)
        spoken = ("da", "nl", "en")[place % 3]
        gold = [span for one in row["evidence"] for span in _spans(one["doc"], texts[one["doc"]], one["has"])]
        folder.cases.append(Case(folder.name, spoken, row[spoken], tuple(gold), (), not gold, _others(row, spoken)))
    return folder


def _others(row: dict[str, Any], spoken: str) -> tuple[tuple[str, str], ...]:
    return tuple((language, row[language]) for language in ("da", "nl", "en") if language != spoken)


def _in_one_language(row: dict[str, Any], spoken: str, written: str, folder: Folder) -> Case:
    name = f"{row['medicine']}.{written}.md"
    gold = [span for words in row["evidence"][written] for span in _spans(name, folder.texts[name], words)]
    return Case("trilingual", spoken, row[spoken], tuple(gold), (), not gold, _others(row, spoken))


def _spans(document: str, text: str, wanted: str, begin: int = 0) -> list[Span]:
    pattern = r"\s+".join(re.escape(word) for word in wanted.split())
    return [(document, begin + found.start(), begin + found.end()) for found in re.finditer(pattern, text)]


def as_text(leaflet: dict[str, Any]) -> tuple[str, dict[tuple[int, int], tuple[int, str]]]:
    """A leaflet as Markdown, and where in it each (section, paragraph) starts, with its text."""
    kind = "Indlægsseddel" if leaflet["lang"] == "da" else "Package leaflet"
    text = f"# {leaflet['medicine'].capitalize()}: {kind}\n\n"
    at: dict[tuple[int, int], tuple[int, str]] = {}
    for s, section in enumerate(leaflet["sections"]):
        text += f"## {section['title']}\n\n"
        for p, paragraph in enumerate(section["paras"]):
            at[s, p] = (len(text), paragraph)
            text += paragraph + "\n\n"
    return text, at


def from_reading_set(data: Path, name: str, most: int) -> list[Folder]:
    """Questions of a reading set over its own contexts, drawn by seed; those it calls impossible have no gold."""
    by_context: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in objects(data / "qa" / f"{name}.jsonl.xz"):
        by_context[row["context"]].append(row)
    contexts = sorted(by_context)
    random.Random(7).shuffle(contexts)
    folders = []
    for start in range(0, len(contexts), _CONTEXTS):
        folder = Folder(f"{name}-{start // _CONTEXTS:02d}")
        for n, context in enumerate(contexts[start : start + _CONTEXTS]):
            language = "en" if name.endswith("_en") else "da"
            file = f"text-{n:02d}.{language}.txt"
            folder.texts[file] = context
            folder.cases += [case for row in by_context[context] if (case := _read(name, row, file, language))]
        random.Random(start).shuffle(folder.cases)
        folder.cases = folder.cases[: max(1, most * _CONTEXTS // max(1, len(contexts)))]
        folders.append(folder)
    return folders


def _read(name: str, row: dict[str, Any], file: str, language: str) -> Case | None:
    if row.get("impossible"):
        return Case(name, language, row["question"], declined=True)
    spans = {(file, a["start"], a["start"] + len(a["text"])) for a in row["answers"] if a["text"] and a["start"] >= 0}
    return Case(name, language, row["question"], tuple(sorted(spans))) if spans else None


def from_question_set(path: Path, corpus: Path | None = None) -> Folder:
    """A question set of this project, or one in JSON lines over the documents in `corpus`."""
    asked = load(path)
    documents = corpus or asked.corpus
    assert documents is not None
    texts = {p.relative_to(documents).as_posix(): p.read_bytes().decode() for p in _files(documents)}
    folder = Folder(path.parent.name + "-" + path.stem, path=documents)
    for question in asked.questions:
        gold = [
            (found.document, start, end)
            for found in question.evidence
            for start, end in ([found.span] if found.span else places(found.quote, texts[found.document]))
        ]
        folder.cases.append(
            Case(folder.name, question.language, question.question, tuple(gold), question.history, question.abstain)
        )
    return folder


def _files(folder: Path) -> Iterable[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.suffix in (".md", ".txt"))
