"""A question set: questions with the facts and the evidence that a right answer holds, read from YAML or JSONL."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assistant.documents.model import LANGUAGES
from assistant.errors import QuestionSetError
from assistant.evaluation.matching import compiled

_LINE = "__line__"
_QUESTION_KEYS = {
    *("id", "language", "kind", "question", "history", "facts", "forbid", "evidence", "abstain", "conflict", "tags")
}
_TOP_KEYS = {"corpus", "thresholds", "questions"}
AT_LEAST = (
    *("right", "fact right", "evidence cited", "first citation right", "citation precision"),
    *("spans exact", "statements cited", "abstained right", "conflicts shown"),
)
AT_MOST = ("false conflicts", "forbidden claims", "words per answer")


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
    facts: tuple[tuple[re.Pattern[str], ...], ...] = ()  # every group is met by one of its alternatives
    forbid: tuple[re.Pattern[str], ...] = ()
    evidence: tuple[Evidence, ...] = ()  # citing any one of them is enough
    abstain: bool = False
    conflict: bool = False
    tags: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict, compare=False)  # a pattern -> as the set writes it

    def as_written(self, pattern: re.Pattern[str] | str) -> str:
        """A pattern of `facts` or `forbid` as the set writes it, for reading."""
        text = pattern if isinstance(pattern, str) else pattern.pattern
        return self.written.get(text, text)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions over one corpus, and the least (or most) that each score may be."""

    path: Path
    questions: tuple[Question, ...]
    corpus: Path | None = None  # JSONL states none
    thresholds: Mapping[str, float] = field(default_factory=dict)


def load(path: Path) -> QuestionSet:
    """Read and check a question set; `.jsonl` is read as JSON lines, anything else as YAML.

    Raises:
        QuestionSetError: the file, or one of its questions, is not as docs/evals.md describes.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(path, "the file", f"it cannot be read ({error}); name a UTF-8 file") from error
    question_set = _from_jsonl(path, text) if path.suffix == ".jsonl" else _from_yaml(path, text)
    seen: set[str] = set()
    for question in question_set.questions:
        if question.id in seen:
            raise QuestionSetError(path, f"question {question.id}", "its id is used twice; give each its own")
        seen.add(question.id)
    if not question_set.questions:
        raise QuestionSetError(path, "questions", "there are none; write at least one")
    return question_set


class _Lines(yaml.SafeLoader):
    """Safe YAML whose mappings remember their line."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        mapping[_LINE] = node.start_mark.line + 1
        return mapping


def _from_yaml(path: Path, text: str) -> QuestionSet:
    try:
        top = yaml.load(text, Loader=_Lines)  # a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "the file"
        raise QuestionSetError(path, place, f"it is not YAML ({getattr(error, 'problem', error)}); mend it") from error
    if not isinstance(top, dict):
        raise QuestionSetError(path, "line 1", "the top is no mapping; start with 'corpus:' and 'questions:'")
    _check_keys(path, "the top", top, _TOP_KEYS)
    rows = top.get("questions") or []
    if not isinstance(rows, list):
        raise QuestionSetError(path, "questions", "it is no list; start each question with '- id:'")
    questions = tuple(_question(path, row, number) for number, row in enumerate(rows, 1))
    return QuestionSet(path, questions, _corpus(path, top.get("corpus")), _thresholds(path, top.get("thresholds")))


def _check_keys(path: Path, place: str, mapping: Mapping[Any, Any], known: set[str]) -> None:
    unknown = sorted(str(key) for key in mapping if key not in known and key != _LINE)
    if unknown:
        raise QuestionSetError(path, place, f"unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


def _corpus(path: Path, stated: Any) -> Path:
    """The folder `stated`, looked for beside the set and then upwards, so that it does not matter where one stands."""
    if not isinstance(stated, str) or not stated:
        raise QuestionSetError(path, "the top", "it names no corpus; add 'corpus: FOLDER'")
    for folder in path.resolve().parents:
        if (folder / stated).is_dir():
            return folder / stated
    raise QuestionSetError(path, "corpus", f"no folder {stated} stands beside the set or above it; correct the name")


def _thresholds(path: Path, stated: Any) -> dict[str, float]:
    known = (*AT_LEAST, *AT_MOST)
    thresholds: dict[str, float] = {}
    for name, value in dict(stated or {}).items():
        if name == _LINE:
            continue
        if name not in known:
            raise QuestionSetError(path, "thresholds", f"unknown score {name!r}; known are {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise QuestionSetError(path, "thresholds", f"{name!r} is no number; write for example 0.6")
        thresholds[name] = float(value)
    return thresholds


def _question(path: Path, row: Any, number: int) -> Question:
    if not isinstance(row, dict):
        raise QuestionSetError(path, f"question {number}", "it is no mapping; start it with '- id:'")
    place = f"line {row.get(_LINE)}, question {row.get('id') or number}"
    _check_keys(path, place, row, _QUESTION_KEYS)
    for key in ("id", "language", "kind", "question"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise QuestionSetError(path, place, f"it has no {key}; add '{key}: …' (in quotes where YAML needs them)")
    if row["language"] not in LANGUAGES:
        raise QuestionSetError(path, place, f"language {row['language']!r} is not one of {', '.join(LANGUAGES)}")
    for key in ("abstain", "conflict"):
        if not isinstance(row.get(key, False), bool):
            raise QuestionSetError(path, place, f"{key} must be true or false")
    question = Question(
        id=row["id"],
        language=row["language"],
        kind=row["kind"],
        question=row["question"],
        history=_history(path, place, row.get("history")),
        facts=tuple(_alternatives(path, place, group) for group in _list(path, place, row, "facts")),
        forbid=tuple(_alternatives(path, place, _list(path, place, row, "forbid"), multiline=False)),
        evidence=tuple(_evidence(path, place, cited) for cited in _list(path, place, row, "evidence")),
        abstain=row.get("abstain", False),
        conflict=row.get("conflict", False),
        tags=tuple(str(tag) for tag in _list(path, place, row, "tags")),
        written=_written([*_list(path, place, row, "facts"), _list(path, place, row, "forbid")]),
    )
    if question.abstain and (question.facts or question.evidence):
        raise QuestionSetError(path, place, "it must be abstained from, yet expects an answer; remove one of the two")
    if not question.abstain and not (question.facts and question.evidence):
        raise QuestionSetError(path, place, "it needs facts and evidence, or 'abstain: true'; add them")
    return question


def _list(path: Path, place: str, row: Mapping[str, Any], key: str) -> list[Any]:
    value = row.get(key) or []
    if not isinstance(value, list):
        raise QuestionSetError(path, place, f"{key} is no list; write '{key}: [...]'")
    return value


def _alternatives(path: Path, place: str, group: Any, *, multiline: bool = True) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for alternative in group if isinstance(group, list) else [group]:
        if isinstance(alternative, bool) or not isinstance(alternative, str | int | float) or alternative == "":
            raise QuestionSetError(path, place, f"{alternative!r} is no text; put it in quotes")
        try:
            patterns.append(compiled(str(alternative), multiline=multiline))
        except re.error as error:
            raise QuestionSetError(
                path, place, f"{alternative!r} is no regular expression ({error}); mend it"
            ) from None
    return tuple(patterns)


def _written(groups: Sequence[Any]) -> dict[str, str]:
    alternatives = [str(one) for group in groups for one in (group if isinstance(group, list) else [group])]
    return {compiled(alternative).pattern: alternative for alternative in alternatives}


def _evidence(path: Path, place: str, cited: Any) -> Evidence:
    if not isinstance(cited, dict) or not all(
        isinstance(cited.get(k), str) and cited[k] for k in ("document", "quote")
    ):
        raise QuestionSetError(path, place, "evidence must be {document: …, quote: …}; add what is missing")
    _check_keys(path, place, cited, {"document", "quote"})
    return Evidence(cited["document"], cited["quote"])


def _history(path: Path, place: str, turns: Any) -> tuple[tuple[str, str], ...]:
    pairs = turns or []
    if not isinstance(pairs, list) or not all(_is_turn(turn) for turn in pairs):
        raise QuestionSetError(path, place, "history must be a list of [question, answer]; mend it")
    return tuple((question, answer) for question, answer in pairs)


def _is_turn(turn: object) -> bool:
    return isinstance(turn, Sequence) and len(turn) == 2 and all(isinstance(text, str) for text in turn)


def _from_jsonl(path: Path, text: str) -> QuestionSet:
    """Rows of {id, lang, kind, question, history?, expect, forbid, cite, abstain, conflict}; patterns are regular
    expressions."""
    questions = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            questions.append(_row(json.loads(line)))
        except (ValueError, KeyError, TypeError, re.error) as error:
            reason = f"it is no question of the expected shape ({type(error).__name__}: {error}); mend it"
            raise QuestionSetError(path, place, reason) from error
    return QuestionSet(path, tuple(questions))


def _row(row: dict[str, Any]) -> Question:
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
    )
