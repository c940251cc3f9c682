"""A question for a set from what happened: an answer that somebody marked, one in the records, or a saved chat."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import yaml

from assistant.documents.language import detect
from assistant.documents.quantities import find_quantities
from assistant.errors import QuestionSetError
from assistant.records.answer_record import AnswerRecord
from assistant.records.feedback import Feedback


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as it was asked, and what was answered."""

    question: str
    language: str
    statements: tuple[tuple[str, str], ...]  # (text, language that its figures are written in)
    places: tuple[tuple[str, str], ...]  # (document, quote) that were cited
    history: tuple[tuple[str, str], ...] = ()
    abstained: bool = False
    has_conflict: bool = False
    verdict: str = ""  # "up", "down", or nobody said
    remark: str = ""  # what was said of it


def of_record(record: AnswerRecord, feedback: Sequence[Feedback]) -> Seen:
    """An answer of the audit log, with what people said of it.

    Raises:
        QuestionSetError: the record was kept without question and answer.
    """
    if record.is_hidden:
        raise QuestionSetError("the records", record.id, "question and answer were not kept, as log_personal was off")
    answer = json.loads(record.answer)
    seen = _of_answer(record.asking.question, answer, record.asking.history)
    mine = [one for one in feedback if one.answer_id == record.id]
    down = next((one for one in mine if one.verdict == "down"), None)
    one = down or (mine[0] if mine else None)
    if one is None:
        return seen
    return replace(seen, verdict=one.verdict, remark=_remark(one))


def of_feedback(feedback: Feedback) -> Seen:
    """An answer of which only the feedback was kept: question and text, no citations."""
    language = detect(feedback.question)
    statements = ((feedback.answer, language),) if feedback.answer else ()
    return Seen(feedback.question, language, statements, (), verdict=feedback.verdict, remark=_remark(feedback))


def _remark(feedback: Feedback) -> str:
    return " – ".join(part for part in (feedback.reason, " ".join(feedback.comment.split())) if part)


def of_chat(text: str) -> list[Seen]:
    """Every turn of a conversation that was saved on the page, as Markdown.

    Raises:
        QuestionSetError: it holds no turn.
    """
    found = list(_of_markdown(text))
    if not found:
        reason = "it holds no question; name a conversation that was saved on the page"
        raise QuestionSetError("the chat", "line 1", reason)
    return found


def _of_answer(question: str, answer: dict[str, object], history: Sequence[tuple[str, str]]) -> Seen:
    cited: list[dict[str, str]] = answer["citations"]  # type: ignore[assignment]
    stated: list[dict[str, object]] = answer["statements"]  # type: ignore[assignment]
    own = str(answer["language"])
    quoted = answer.get("wording", "quoted") == "quoted"
    statements = []
    for one in stated:
        numbers: list[int] = one["citations"]  # type: ignore[assignment]
        language = cited[numbers[0] - 1].get("language") if quoted and numbers else own
        statements.append((str(one["text"]), language or own))
    places = tuple(dict.fromkeys((one["path"], one["quote"]) for one in cited))
    abstained, disputed = bool(answer["abstained"]), bool(answer.get("conflicts"))
    return Seen(question, own, tuple(statements), places, tuple(history), abstained, disputed)


def _of_markdown(text: str) -> Iterator[Seen]:
    history: list[tuple[str, str]] = []
    for turn in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = turn.partition("\n")
        question = _unescaped(heading)
        language = detect(question)
        said = re.findall(r"^(?!\[|>|#)(.+?)((?: \[\d+\])+)$", body, re.MULTILINE)
        cited = re.findall(r"^\[\d+\] (.+)\n> (.+)$", body, re.MULTILINE)
        places = tuple((_unescaped(place).split(" · ")[-1], _unescaped(quote)) for place, quote in cited)
        statements = tuple((_unescaped(one), detect(one)) for one, _ in said)
        yield Seen(question, language, statements, places if said else (), tuple(history), not said)
        history.append((question, " ".join(one for one, _ in statements)))


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\`*_{}\[\]<>#|~+.)-])", r"\1", text).strip()


def written(seen: Seen) -> str:
    """The question as an item of a set's `questions:`, ready to be read over.

    An answer that nobody complained of is taken for right: its figures are the facts, its citations the evidence. One
    that was marked down is not: what it said stands in comments, and the question is a draft until somebody has
    written what is right.
    """
    trusted = seen.verdict != "down"
    facts = _figures(seen) if trusted else []
    is_draft = not (trusted and (seen.abstained or (facts and seen.places)))
    row: dict[str, object] = {
        "id": f"{seen.language}-{hashlib.sha256(seen.question.encode()).hexdigest()[:8]}",
        "language": seen.language,
        "kind": "feedback" if seen.verdict else "chat",
        "question": seen.question,
    }
    if seen.history:
        row["history"] = [list(turn) for turn in seen.history]
    if is_draft:
        row["draft"] = True
    elif seen.abstained:
        row["abstain"] = True
    else:
        row["facts"] = [[fact] for fact in facts]
        row["evidence"] = [{"document": document, "quote": " ".join(quote.split())} for document, quote in seen.places]
        if seen.has_conflict:
            row["conflict"] = True
    lines = yaml.safe_dump([row], allow_unicode=True, sort_keys=False, width=4096).splitlines()
    notes = list(_notes(seen)) if is_draft else []
    return "\n".join(f"  {line}" for line in [*notes, *lines]) + "\n"


def _figures(seen: Seen) -> list[dict[str, str]]:
    found: dict[object, dict[str, str]] = {}
    for text, language in seen.statements:
        for one in find_quantities(text, language):
            if not one.quantity.unit:
                continue
            stated = {"value": text[one.start : one.end].strip()}
            if language != seen.language:
                stated["language"] = language
            found.setdefault(one.quantity, stated)
    return list(found.values())


def _notes(seen: Seen) -> Iterator[str]:
    yield "# Write what a right answer holds, then remove 'draft': facts and evidence, or 'abstain: true'."
    if seen.remark:
        yield f"# What was said of the answer: {_line(seen.remark)}"
    for text, _ in seen.statements:
        yield f"# It said: {_line(text)}"
    if seen.abstained:
        yield "# It said that the documents do not say."
    for document, quote in seen.places:
        yield f"# It cited {_line(document)}: {_line(quote)}"


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())
