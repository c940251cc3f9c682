"""A question set: questions with the facts and the evidence that a right answer holds, read from YAML or JSONL."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import QuestionSetError
from assistant.evaluation.matching import compiled
from assistant.evaluation.values import Value

AT_LEAST = (
    *("right", "fact right", "evidence cited", "first citation right", "citation precision"),
    *("spans exact", "statements cited", "abstained right", "conflicts shown"),
)
AT_MOST = ("false conflicts", "forbidden claims", "words per answer")
Fact = re.Pattern[str] | Value  # one way in which a fact may be stated


@dataclass(frozen=True, slots=True)
class Evidence:
    """One acceptable place: a quote of a document, or a span of it."""

    document: str  # path below the corpus folder
    quote: str = ""
    span: tuple[int, int] | None = None  # stated in JSONL sets only


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what a right answer holds."""

    id: str
    language: str
    kind: str
    question: str
    history: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[Fact, ...], ...] = ()  # every group is met by one of its alternatives
    forbid: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()  # citing any one of them is enough
    abstain: bool = False
    conflict: bool = False
    tags: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict, compare=False)  # a pattern -> as the set writes it
    line: int = 0  # on which it starts in its file; 0: in none
    golds: tuple[str, ...] = ()  # answers as a public reading set gives them; see squad.py

    def as_written(self, fact: Fact | str) -> str:
        """One of `facts` or `forbid` as the set writes it, for reading."""
        text = fact if isinstance(fact, str) else fact.pattern
        return self.written.get(text, text)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions over one corpus, and the least (or most) that each score may be."""

    path: Path
    questions: tuple[Question, ...]
    corpus: Path | None = None  # JSONL states none
    thresholds: Mapping[str, float] = field(default_factory=dict)
    drafts: tuple[str, ...] = ()  # ids of questions that are still being written; they are not asked


def load(path: Path) -> QuestionSet:
    """Read and check a question set; `.jsonl` is read as JSON lines, anything else as YAML.

    Raises:
        QuestionSetError: the file, or one of its questions, is not as docs/evals.md describes.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(path, "the file", f"it cannot be read ({error}); name a UTF-8 file") from error
    if path.suffix == ".jsonl":
        question_set = _from_jsonl(path, text)
    else:
        from assistant.evaluation.yaml_set import read

        question_set = read(path, text)
    seen: dict[str, int] = {}
    for question in question_set.questions:
        if question.id in seen:
            first = f" (first on line {seen[question.id]})" if question.line else ""
            place = f"line {question.line}, question {question.id}" if question.line else f"question {question.id}"
            raise QuestionSetError(path, place, f"its id is used twice{first}; give each question its own")
        seen[question.id] = question.line
    if not question_set.questions and not question_set.drafts:
        raise QuestionSetError(path, "questions", "there are none; write at least one")
    return question_set


def _from_jsonl(path: Path, text: str) -> QuestionSet:
    """Rows of {id, lang, kind, question, history?, expect, forbid, cite, abstain, conflict}; patterns are regular
    expressions."""
    questions = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            questions.append(_row(json.loads(line), number))
        except (ValueError, KeyError, TypeError, re.error) as error:
            reason = f"it is no question of the expected shape ({type(error).__name__}: {error}); mend it"
            raise QuestionSetError(path, place, reason) from error
    return QuestionSet(path, tuple(questions))


def _row(row: dict[str, Any], line: int) -> Question:
    return Question(
        id=row["id"],
        language=row["lang"],
        kind=row["kind"],
        question=row["question"],
        history=tuple((question, answer) for question, answer in row.get("history") or ()),
        facts=tuple(tuple(compiled(f"re:{alternative}") for alternative in group) for group in row["expect"]),
        forbid=tuple(compiled(f"re:{pattern}", multiline=False) for pattern in row.get("forbid") or ()),
        evidence=tuple(
            Evidence(cited["doc"], cited.get("quote", ""), (cited["start"], cited["end"]) if "start" in cited else None)
            for cited in row["cite"]
        ),
        abstain=row["abstain"],
        conflict=bool(row.get("conflict")),
        line=line,
    )
