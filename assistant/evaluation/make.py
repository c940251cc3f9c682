"""`assistant eval make`: question sets from any corpus, by seed, on the first day: nobody has to write a question."""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.documents.model import LANGUAGES, Document, Sentence
from assistant.documents.quantities import Found
from assistant.engine import Assistant
from assistant.errors import QuestionSetError
from assistant.evaluation import stress

_ASK = {
    "da": "Hvad skal der stå i stedet for … her: {}",
    "nl": "Wat moet er in plaats van … staan: {}",
    "en": "What should stand instead of … here: {}",
}
_LEAST, _MOST = 40, 240  # characters of a sentence that is asked about


@dataclass(frozen=True, slots=True)
class _Base:
    """A figure that one sentence of a document states, and the question for it."""

    id: str
    language: str
    question: str
    document: Document
    sentence: Sentence
    figure: Found
    names: tuple[str, ...]  # that the document is about

    @property
    def value(self) -> str:
        return self.document.text[self.figure.start : self.figure.end].strip()

    @property
    def quote(self) -> str:
        return " ".join(self.document.text[self.sentence.start : self.sentence.end].split())

    def row(self, kind: str, question: str, **more: Any) -> dict[str, Any]:
        return {"id": f"{self.id}-{kind}", "language": self.language, "kind": kind, "question": question, **more}

    def answered(self, kind: str, question: str) -> dict[str, Any]:
        evidence = [{"document": self.document.id, "quote": self.quote}]
        return self.row(kind, question, facts=[[{"value": self.value}]], evidence=evidence)


def make(assistant: Assistant, into: Path, *, seed: int = 1, most: int = 20) -> list[Path]:
    """Write question sets over the corpus of an assistant that is indexed, and the changed documents two of them need.

    Args:
        into: a folder; files of an earlier call with the same names are replaced.
        most: figures asked about, spread over the documents.

    Returns:
        The sets: `stress.yaml` over the corpus as it is, `changed.yaml` and `removed.yaml` over counterfactual copies.

    Raises:
        QuestionSetError: no document states a figure with a unit, or the folder cannot be written.
    """
    drawn = random.Random(seed)
    bases = _bases(assistant, drawn, most)
    if not bases:
        raise QuestionSetError(into, "the corpus", "no sentence of it states a figure with a unit that no other states")
    known = sorted({name for record in assistant.documents() for name in record.subjects})
    documents = [assistant.document(record.id) for record in assistant.documents()]
    texts = {document.id: document.text for document in documents}
    try:
        into.mkdir(parents=True, exist_ok=True)
        beside = Path(os.path.relpath(assistant.settings.corpus.resolve(), into.resolve())).as_posix()
        sets = [_write(into / "stress.yaml", beside, [row for base in bases for row in _variants(base, known, drawn)])]
        changed, rows = _changed(bases, texts, drawn)
        sets.append(_write(into / "changed.yaml", _documents(into / "changed", changed), rows))
        removed, rows = _removed(bases, texts)
        sets.append(_write(into / "removed.yaml", _documents(into / "removed", removed), rows))
    except OSError as error:
        raise QuestionSetError(into, "the folder", f"it cannot be written ({error}); name another") from error
    return sets


def _bases(assistant: Assistant, drawn: random.Random, most: int) -> list[_Base]:
    by_document: list[list[_Base]] = []
    for record in sorted(assistant.documents(), key=lambda record: record.id):
        document, language = assistant.document(record.id), record.metadata.language
        if language not in LANGUAGES:
            continue
        found = [
            (sentence, figure)
            for sentence, figure in stress.figures_of(document, assistant.passages(record.id), language)
            if _LEAST <= sentence.end - sentence.start <= _MOST
            and document.text.count(document.text[figure.start : figure.end]) == 1
        ]
        drawn.shuffle(found)
        by_document.append([_base(document, language, one, n, record.subjects) for n, one in enumerate(found)])
    bases: list[_Base] = []
    used: set[tuple[str, int]] = set()
    for turn in range(max(map(len, by_document), default=0)):
        for listed in by_document:
            if turn < len(listed) and len(bases) < most:
                base = listed[turn]
                place = (base.document.id, base.sentence.start)
                if place not in used:  # one figure of a sentence, so that each counterfactual changes one thing
                    used.add(place)
                    bases.append(base)
    return bases


def _base(document: Document, language: str, stated: tuple[Sentence, Found], n: int, names: Sequence[str]) -> _Base:
    sentence, figure = stated
    gap = document.text[sentence.start : figure.start] + "…" + document.text[figure.end : sentence.end]
    question = _ASK[language].format(" ".join(gap.split()))
    return _Base(f"{Path(document.id).stem}-{n}", language, question, document, sentence, figure, tuple(names))


def _variants(base: _Base, known: Sequence[str], drawn: random.Random) -> Iterator[dict[str, Any]]:
    yield base.answered("plain", base.question)
    harder = {
        "typo": stress.with_typo(base.question, drawn, base.names),
        "diacritics": stress.without_diacritics(base.question),
        "paraphrase": stress.paraphrased(base.question, base.language, drawn),
        "foreign-words": stress.in_other_words(base.question, base.language, drawn),
    }
    for kind, question in harder.items():
        if question != base.question:
            yield base.answered(kind, question)
    swapped = stress.entity_swapped(base.question, base.names, drawn)
    if swapped != base.question and not any(name.casefold() in swapped.casefold() for name in known):
        yield base.row("unknown-name", swapped, abstain=True)


def _changed(
    bases: Sequence[_Base], texts: dict[str, str], drawn: random.Random
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    found, rows = dict(texts), []
    for base in bases:
        before, now = base.value, stress.other_figure(base.value, drawn)
        found[base.document.id] = found[base.document.id].replace(before, now)
        quote = base.quote.replace(before, now)
        evidence = [{"document": _name(base.document.id), "quote": quote}]
        facts = [[{"value": now}]]
        rows.append(base.row("changed", base.question, facts=facts, forbid=[{"value": before}], evidence=evidence))
    return found, rows


def _removed(bases: Sequence[_Base], texts: dict[str, str]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    found, rows = dict(texts), []
    for base in sorted(bases, key=lambda base: -base.sentence.start):  # from behind, so that places before stay true
        text = found[base.document.id]
        found[base.document.id] = text[: base.sentence.start] + text[base.sentence.end :]
        rows.append(base.row("removed", base.question, forbid=[{"value": base.value}], abstain=True))
    return found, rows


def _name(document_id: str) -> str:
    """A document whose file is no text is copied as one."""
    return document_id if document_id.endswith((".txt", ".md")) else f"{document_id}.txt"


def _documents(folder: Path, texts: dict[str, str]) -> str:
    for id_, text in texts.items():
        file = folder / _name(id_)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return folder.name


def _write(path: Path, corpus: str, rows: list[dict[str, Any]]) -> Path:
    head = "# Made by `assistant eval make` from the documents; make it again rather than change it.\n"
    stated = {"corpus": corpus, "questions": rows}
    path.write_text(head + yaml.safe_dump(stated, allow_unicode=True, sort_keys=False, width=4096), "utf-8")
    return path
