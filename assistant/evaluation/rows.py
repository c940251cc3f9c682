"""What is counted of each question: the parts of every measure, kept with a run so that any two can be compared."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from assistant.answering.answer import Answer
from assistant.documents.quantities import Quantity, quantities
from assistant.evaluation import ranking, squad
from assistant.evaluation.metrics import Outcome, met, said, states
from assistant.evaluation.question_set import Question
from assistant.evaluation.values import Value

Parts = dict[str, tuple[float, float]]  # measure -> (part, whole); a measure that does not apply is absent


class Row(BaseModel):
    """One question of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    language: str
    kind: str
    documents: tuple[str, ...]  # that hold its evidence
    should_abstain: bool
    answered: bool
    right: bool
    confidence: float
    seconds: float
    first_rank: int | None = None  # of a passage with evidence; None: not found, or not looked for
    is_ranked: bool = False
    parts: Parts


def row_of(outcome: Outcome) -> Row:
    """What is counted of an outcome."""
    question, answer = outcome.question, outcome.answer
    found = outcome.ranking
    return Row(
        id=question.id,
        language=question.language,
        kind=question.kind,
        documents=tuple(dict.fromkeys(one.document for one in question.evidence)),
        should_abstain=question.abstain,
        answered=not answer.abstained,
        right=outcome.right,
        confidence=answer.confidence,
        seconds=answer.seconds,
        first_rank=found.first if found else None,
        is_ranked=found is not None,
        parts=dict(_parts(outcome)),
    )


def _parts(outcome: Outcome) -> Iterator[tuple[str, tuple[float, float]]]:
    question, answer = outcome.question, outcome.answer
    yield "abstention recall" if question.abstain else "right", (float(outcome.right_or_silent), 1)
    if answer.abstained:
        yield "abstention precision", (float(question.abstain), 1)
    if not question.abstain and (question.facts or question.golds):
        yield from _of_facts(outcome)
    if not question.abstain:
        yield from _of_citations(outcome)
        if answer.conflicts:
            yield "conflict precision", (float(question.conflict), 1)
        if question.conflict:
            yield "conflict recall", (float(bool(answer.conflicts)), 1)
        yield "words per answer", (float(len(answer.text.split())), 1)
    if answer.statements:
        yield "grounding violations", (float(outcome.ungrounded), len(answer.statements))
    if question.golds or (question.abstain and "reading" in question.tags):
        shown = "" if answer.abstained else answer.text
        yield "SQuAD exact", (float(squad.exact(shown, question.golds)), 1)
        yield "SQuAD F1", (squad.f1(shown, question.golds), 1)
    if outcome.ranking:
        for at in (1, 3, ranking.DEPTH):
            yield f"recall@{at}", (ranking.recall(outcome.ranking, at), 1)
        yield f"nDCG@{ranking.DEPTH}", (ranking.ndcg(outcome.ranking, ranking.DEPTH), 1)


def _of_facts(outcome: Outcome) -> Iterator[tuple[str, tuple[float, float]]]:
    question, answer = outcome.question, outcome.answer
    silent = answer.abstained
    if question.facts:
        yield (
            "fact recall",
            (0.0 if silent else float(sum(met(g, answer) for g in question.facts)), len(question.facts)),
        )
    if answer.statements and question.facts:
        alone = [_alone(answer, n) for n in range(len(answer.statements))]
        right = sum(
            any(met(group, one) for group in question.facts) and not any(states(one, f) for f in question.forbid)
            for one in alone
        )
        yield "fact precision", (float(right), len(alone))
    wanted = expected_values(question)
    if wanted:
        given = [] if silent else _values(answer)
        used: set[int] = set()
        for group in wanted:
            hit = next(
                (n for n, one in enumerate(given) if n not in used and any(v.is_met_by(one) for v in group)), None
            )
            used |= {hit} if hit is not None else set()
        yield "value exact", (float(len(used) == len(wanted) == len(given)), 1)
        yield "value F1", (2 * len(used) / (len(wanted) + len(given)), 1)


def expected_values(question: Question) -> list[tuple[Value, ...]]:
    """The facts that are figures: those written as `value`, and texts that are one figure with its unit and no more."""
    found = []
    for group in question.facts:
        values = []
        for fact in group:
            if isinstance(fact, Value):
                values.append(fact)
            elif (one := _only(question.as_written(fact), question.language)) is not None:
                values.append(Value(question.as_written(fact), one))
        if values:
            found.append(tuple(values))
    return found


def _only(text: str, language: str) -> Quantity | None:
    from assistant.documents.quantities import find_quantities

    found = find_quantities(text, language)
    if len(found) == 1 and found[0].quantity.unit and text[found[0].start : found[0].end].strip() == text.strip():
        return found[0].quantity
    return None


def _values(answer: Answer) -> list[Quantity]:
    found = [one for text, language in said(answer) for one in quantities(text, language) if one.unit]
    return list(dict.fromkeys(found))


def _alone(answer: Answer, n: int) -> Answer:
    from dataclasses import replace

    return replace(answer, text=answer.statements[n].text, statements=(answer.statements[n],))


def _of_citations(outcome: Outcome) -> Iterator[tuple[str, tuple[float, float]]]:
    answer, places = outcome.answer, outcome.places
    if answer.statements:
        backed = sum(any(outcome.hits[n - 1] for n in one.citations) for one in answer.statements)
        yield "citation recall", (float(backed), len(answer.statements))
    if answer.citations:
        yield "citation precision", (float(sum(outcome.hits)), len(answer.citations))
    wanted = {id_: _characters(spans) for id_, spans in places.items()}
    cited: dict[str, set[int]] = {}
    for one in answer.citations:
        cited.setdefault(one.document_id, set()).update(range(one.start, one.end))
    total = sum(map(len, cited.values()))
    if total:
        inside = sum(len(found & wanted.get(id_, set())) for id_, found in cited.items())
        yield "span precision", (inside / total, 1)
    best = [
        len(cited.get(id_, set()) & set(range(*span))) / (span[1] - span[0])
        for id_, spans in places.items()
        for span in spans
    ]
    if best:
        yield "span recall", (0.0 if answer.abstained else max(best), 1)


def _characters(spans: Sequence[tuple[int, int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}
