"""Cases as numbers: the features of every sentence considered for a question, and which of them answer it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import Assistant, Settings
from assistant.answering.features import FEATURES, Measured, measure
from assistant.answering.parts import parts
from assistant.answering.question import Question, understand
from assistant.retrieval.terms import Term
from training.evidence.cases import Case, Folder


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How rare a question's terms were, kept when the index is closed."""

    weights: dict[str, float]
    unknown: frozenset[str]

    def __call__(self, term: Term) -> float:
        return self.weights[term.word]

    def is_unknown(self, term: Term) -> bool:
        return term.word in self.unknown


@dataclass(frozen=True, slots=True)
class Rows:
    """One question: `x` float64 (sentences, features), `y` bool (sentences,)."""

    folder: str
    case: Case
    question: Question
    measured: tuple[Measured, ...]
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.bool_]
    rarity: Snapshot


def of_folder(folder: Folder, work: Path) -> list[Rows]:
    """The rows of every question over one folder that has but one part and is searched for."""
    assistant = Assistant(Settings.load(corpus=folder.written(work / "corpora"), index=work / "indexes" / folder.name))
    assistant.index()
    opened = assistant._open()
    found = []
    for case in folder.cases:
        asked = understand(case.question, history=case.history, language=case.language)
        if asked.declined or len(parts(case.question, asked.language)) > 1:
            continue
        measured, x = measure(asked, assistant._drafting(opened).candidates(asked), opened.rarity, assistant._words)
        if not len(x):
            continue
        y = np.array([_answers(one, case) for one in measured])
        rarity = Snapshot(
            {term.word: opened.rarity(term) for term in asked.terms},
            frozenset(term.word for term in asked.terms if opened.rarity.is_unknown(term)),
        )
        found.append(Rows(folder.name, case, asked, tuple(measured), x, y, rarity))
    assistant.close()
    return found


def _answers(one: Measured, case: Case) -> bool:
    sentence, document = one.candidate.passage.sentences[one.index], one.candidate.passage.document_id
    return any(
        document == name
        and sentence.start < end
        and start < sentence.end
        and _much(sentence.start, sentence.end, start, end)
        for name, start, end in case.gold
    )


def _much(start: int, end: int, gold_start: int, gold_end: int) -> bool:
    """They share half of the shorter of the two."""
    return min(end, gold_end) - max(start, gold_start) >= 0.5 * min(end - start, gold_end - gold_start)


__all__ = ["FEATURES", "Rows", "of_folder"]
