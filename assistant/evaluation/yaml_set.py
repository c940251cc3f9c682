"""Reads a question set that people wrote in YAML; what is wrong is said with its line and what to do, all at once."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.documents.model import LANGUAGES
from assistant.errors import QuestionSetError
from assistant.evaluation.matching import compiled
from assistant.evaluation.measures import CURVES, RATIOS
from assistant.evaluation.question_set import AT_LEAST, AT_MOST, Evidence, Fact, Question, QuestionSet
from assistant.evaluation.values import value
from assistant.evaluation.yaml_lines import Listed, Mapped, Refused, parsed

_KEYS = (
    *("id", "language", "kind", "question", "history", "facts", "forbid", "evidence", "abstain", "conflict", "tags"),
    "draft",
)
_TOP_KEYS = ("corpus", "thresholds", "questions")
_VALUE_KEYS = ("value", "within", "language")
_MOST_TOLD = 20  # problems of one set; mending these first may mend others


def read(path: Path, text: str) -> QuestionSet:
    """Read a whole set.

    Raises:
        QuestionSetError: with every question that is not as docs/evals.md describes.
    """
    problems: list[tuple[str, str]] = []

    @contextmanager
    def noting(who: str = "") -> Iterator[None]:
        try:
            yield
        except Refused as error:
            problems.append((f"line {error.line}{who}", error.reason))

    top = Mapped()
    with noting():
        top = _mapping(parsed(text), 1, "the file", "start with 'corpus:' and 'questions:'")
        _check_keys(top, _TOP_KEYS)
    corpus, thresholds, questions, drafts = None, dict[str, float](), list[Question](), list[str]()
    if not problems:
        with noting():
            corpus = _corpus(path, top)
        with noting():
            thresholds = _thresholds(top)
        rows = Listed()
        with noting():
            rows = _list(top, "questions", "start each question with '- id:'")
        for number, (line, row) in enumerate(zip(rows.lines, rows, strict=True), 1):
            who = f", question {row.get('id') or number if isinstance(row, Mapped) else number}"
            with noting(who):
                question, is_draft = _question(_mapping(row, line, "it", "start it with '- id:'"))
                (drafts if is_draft else questions).append(question.id if is_draft else question)  # type: ignore[arg-type]
    if problems:
        raise QuestionSetError(path, *problems[0], tuple(problems[1:_MOST_TOLD]))
    return QuestionSet(path, tuple(questions), corpus, thresholds, tuple(drafts))


def _mapping(found: Any, line: int, what: str, remedy: str) -> Mapped:
    if not isinstance(found, Mapped):
        raise Refused(line, f"{what} is no mapping of keys to values; {remedy}")
    return found


def _check_keys(mapping: Mapped, known: Sequence[str]) -> None:
    for key in mapping:
        if key not in known:
            raise Refused(mapping.keys_on[key], _unknown("key", key, known))


def _unknown(what: str, name: Any, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(name), known, 1)
    listed = f"known are {', '.join(known)}"
    return f"unknown {what} {name!r}; " + (f"did you mean {near[0]!r}? ({listed})" if near else listed)


def _corpus(path: Path, top: Mapped) -> Path:
    """The folder stated, looked for beside the set and then upwards, so that it does not matter where one stands."""
    stated = top.get("corpus")
    if not isinstance(stated, str) or not stated:
        raise Refused(1, "the set names no corpus; add 'corpus: FOLDER'")
    for folder in path.resolve().parents:
        if (folder / stated).is_dir():
            return folder / stated
    raise Refused(top.line_of("corpus"), f"no folder {stated} stands beside the set or above it; correct the name")


def _thresholds(top: Mapped) -> dict[str, float]:
    known = tuple(dict.fromkeys((*AT_LEAST, *AT_MOST, *RATIOS, *CURVES)))
    stated = top.get("thresholds")
    if stated is None:
        return {}
    mapping = _mapping(stated, top.line_of("thresholds"), "it", "write for example 'right: 0.6' below 'thresholds:'")
    for name, bound in mapping.items():
        if name not in known:
            raise Refused(mapping.keys_on[name], _unknown("score", name, known))
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            raise Refused(mapping.line_of(name), f"{name!r} is no number; write for example 0.6")
    return {name: float(bound) for name, bound in mapping.items()}


def _question(row: Mapped) -> tuple[Question, bool]:
    _check_keys(row, _KEYS)
    for key in ("id", "language", "kind", "question"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            quoted = " in quotes" if row.get(key) is not None else ""
            raise Refused(
                row.line_of(key), f"it has no {key}; add '{key}: …'{quoted or ' (in quotes where it holds a colon)'}"
            )
    if row["language"] not in LANGUAGES:
        raise Refused(
            row.line_of("language"), f"language {row['language']!r} is not one of {', '.join(LANGUAGES)}; choose one"
        )
    for key in ("abstain", "conflict", "draft"):
        if not isinstance(row.get(key, False), bool):
            raise Refused(row.line_of(key), f"{key} is neither true nor false; write one of the two, without quotes")
    facts = _list(row, "facts", "write 'facts: [...]'")
    forbid = _list(row, "forbid", "write 'forbid: [...]'")
    evidence = _list(row, "evidence", "write 'evidence: [{document: …, quote: …}]'")
    written: dict[str, str] = {}
    question = Question(
        id=row["id"],
        language=row["language"],
        kind=row["kind"],
        question=row["question"],
        history=_history(row),
        facts=tuple(
            _alternatives(group, line, row["language"], written) for line, group in zip(facts.lines, facts, strict=True)
        ),
        forbid=_alternatives(forbid, row.line_of("forbid"), row["language"], written, multiline=False),
        evidence=tuple(_evidence(cited, line) for line, cited in zip(evidence.lines, evidence, strict=True)),
        abstain=row.get("abstain", False),
        conflict=row.get("conflict", False),
        tags=tuple(str(tag) for tag in _list(row, "tags", "write 'tags: [...]'")),
        written=written,
        line=row.line,
    )
    is_draft = row.get("draft", False)
    if question.abstain and (question.facts or question.evidence):
        raise Refused(row.line, "it must be abstained from, yet expects an answer; remove one of the two")
    if not is_draft and not question.abstain and not (question.facts and question.evidence):
        raise Refused(row.line, "it needs facts and evidence, or 'abstain: true'; add them, or 'draft: true' for now")
    return question, is_draft


def _list(mapping: Mapped, key: str, remedy: str) -> Listed:
    found = mapping.get(key)
    if found is None:
        return Listed()
    if not isinstance(found, Listed):
        raise Refused(mapping.line_of(key), f"{key} is no list; {remedy}")
    return found


def _alternatives(
    group: Any, line: int, language: str, written: dict[str, str], *, multiline: bool = True
) -> tuple[Fact, ...]:
    if isinstance(group, Listed):
        listed = list(zip(group.lines, group, strict=True))
        if multiline and not listed:
            raise Refused(line, "a fact has no alternative; write one, or remove the empty []")
    else:
        listed = [(line, group)]
    found = []
    for on, alternative in listed:
        fact = _value(alternative, language) if isinstance(alternative, Mapped) else _text(alternative, on, multiline)
        written[fact.pattern] = _as_written(alternative)
        found.append(fact)
    return tuple(found)


def _text(alternative: Any, line: int, multiline: bool) -> re.Pattern[str]:
    if isinstance(alternative, bool) or not isinstance(alternative, str | int | float) or alternative == "":
        raise Refused(line, f"{alternative!r} is no text; put it in quotes")
    try:
        return compiled(str(alternative), multiline=multiline)
    except re.error as error:
        raise Refused(line, f"{alternative!r} is no regular expression ({error}); mend it") from None


def _value(stated: Mapped, language: str) -> Fact:
    _check_keys(stated, _VALUE_KEYS)
    spoken = stated.get("language", language)
    if spoken not in LANGUAGES:
        raise Refused(stated.line_of("language"), f"language {spoken!r} is not one of {', '.join(LANGUAGES)}")
    try:
        return value(str(stated.get("value", "")), spoken, stated.get("within", ""))
    except ValueError as error:
        raise Refused(stated.line_of("value"), str(error)) from None


def _as_written(alternative: Any) -> str:
    if not isinstance(alternative, Mapping):
        return str(alternative)
    within = alternative.get("within")
    return f"{alternative['value']}" + (f" ± {within}" if within is not None else "")


def _evidence(cited: Any, line: int) -> Evidence:
    if not isinstance(cited, Mapped) or not all(
        isinstance(cited.get(k), str) and cited[k].strip() for k in ("document", "quote")
    ):
        raise Refused(line, "evidence must be {document: …, quote: …}; add what is missing, the quote in quotes")
    _check_keys(cited, ("document", "quote"))
    return Evidence(cited["document"], cited["quote"])


def _history(row: Mapped) -> tuple[tuple[str, str], ...]:
    turns = _list(row, "history", "write 'history: [[question, answer]]'")
    for line, turn in zip(turns.lines, turns, strict=True):
        if not isinstance(turn, Listed) or len(turn) != 2 or not all(isinstance(text, str) for text in turn):
            raise Refused(line, "history must be a list of [question, answer]; mend it, both in quotes")
    return tuple((question, answer) for question, answer in turns)
