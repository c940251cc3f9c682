"""What a run of a question set found: a table to read, failures to stop a build, answers to score elsewhere."""

import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.calibration import Calibration, of_answers, of_decisions
from assistant.evaluation.measures import LESS_IS_BETTER, Measured, measured
from assistant.evaluation.measures import value as measure
from assistant.evaluation.metrics import Outcome, Score, counts, scores
from assistant.evaluation.model_judge import Judged
from assistant.evaluation.question_set import AT_LEAST, AT_MOST, QuestionSet
from assistant.evaluation.rows import Row, row_of

_WIDTH = 110
COLUMNS = ("right", "fact right", "evidence cited", "abstained right", "conflicts shown", "words per answer")


@dataclass(frozen=True, slots=True)
class Stale:
    """Evidence that no longer stands in its document, so that no answer can be right by it."""

    question_id: str
    document: str
    quote: str
    is_missing: bool = False  # the whole document is
    nearest: str = ""  # what of the document comes nearest to it

    def __str__(self) -> str:
        if self.is_missing:
            return f"{self.question_id}: the document {self.document} is missing; put it back, or correct its name"
        near = f"; nearest is {self.nearest[:160]!r}" if self.nearest else ""
        return (
            f"{self.question_id}: not in {self.document}: {self.quote[:160]!r}{near}. Where the document is right, "
            "correct the quote; where it is not, mend how it is read"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """One run of one question set."""

    question_set: QuestionSet
    outcomes: tuple[Outcome, ...]
    stale: tuple[Stale, ...] = ()
    reused: int = 0  # answers that were kept from an earlier run
    judged: Judged | None = None  # a language model's opinion, where it was asked for; no figure depends on it

    def rows(self) -> list[Row]:
        """What is counted of each question."""
        return [row_of(outcome) for outcome in self.outcomes]

    def measures(self) -> list[Measured]:
        """Every measure with its interval."""
        return measured(self.rows())

    def scores(self) -> dict[str, Score]:
        """Every score over the whole set."""
        return scores(self.outcomes)

    def counts(self) -> dict[str, int]:
        """False conflicts and forbidden claims over the whole set."""
        return counts(self.outcomes)

    def by(self, group: Callable[[Outcome], str]) -> dict[str, dict[str, Score]]:
        """The scores of each group of questions, by name: `report.by(lambda o: o.question.kind)`."""
        names = sorted({group(outcome) for outcome in self.outcomes})
        return {name: scores([o for o in self.outcomes if group(o) == name]) for name in names}

    def calibrations(self) -> dict[str, Calibration]:
        """How far the confidence is the probability it claims to be, by what it claims."""
        return {"an answer is right": of_answers(self.outcomes), "there is an answer": of_decisions(self.outcomes)}

    def failed(self) -> list[tuple[Outcome, tuple[str, ...]]]:
        """Every outcome that broke a rule, in order, with the rules it broke."""
        return [(outcome, tuple(faults)) for outcome in self.outcomes if (faults := _faults(outcome))]

    def wrong(self) -> dict[str, list[str]]:
        """Ids that failed, by what failed: the kind of the question, or the rule that was broken."""
        failed: dict[str, list[str]] = {}
        for outcome, faults in self.failed():
            for what in faults:
                failed.setdefault(what, []).append(outcome.question.id)
        return dict(sorted(failed.items()))

    def failures(self, thresholds: Mapping[str, float] | None = None) -> list[str]:
        """One line per threshold missed and per stale evidence; none where all is well.

        Args:
            thresholds: by name of the score; those of the set where None. Counts and words are upper bounds.
        """
        lines = [_missed_line(*missed) for missed in self.missed(thresholds)]
        return lines + [f"stale evidence: {stale}" for stale in self.stale]

    def missed(self, thresholds: Mapping[str, float] | None = None) -> list[tuple[str, float | None, float]]:
        """Each threshold missed as (name of the score, its value, the threshold); a value over nothing is None."""
        bounds = self.question_set.thresholds if thresholds is None else thresholds
        scores, counts = self.scores(), self.counts()
        values: dict[str, float | None] = {
            name: counts[name]
            if name in counts
            else scores[name].value
            if name in scores
            else measure(name, self.rows())
            for name in bounds
        }
        return [(name, values[name], bound) for name, bound in bounds.items() if not _holds(name, values[name], bound)]

    def answers_jsonl(self) -> str:
        """The answers as the machine-readable door writes them, one a line."""
        return "".join(
            json.dumps(outcome.answer.as_dict(outcome.question.id), ensure_ascii=False) + "\n"
            for outcome in self.outcomes
        )

    def table(self, *, show: bool = False, terminal: bool | None = None) -> str:
        """The scores for reading: a drawn table on a terminal, plain columns elsewhere.

        Args:
            show: also list the ids that failed, by kind.
            terminal: colours and lines or not; None looks at standard output.
        """
        from rich import box
        from rich.console import Console
        from rich.table import Table

        drawn = sys.stdout.isatty() if terminal is None else terminal
        style = box.SIMPLE_HEAD if drawn else None
        total = Table("score", "", "", box=style, pad_edge=drawn)
        for figure in self.totals():
            total.add_row(*figure)
        parts = Table("", "questions", *COLUMNS, box=style, pad_edge=drawn)
        for group in (language_of, kind_of):
            for name, number, *row in self.parts(group):
                parts.add_row(name, str(number), *row)
        console = Console(
            file=io.StringIO(), force_terminal=drawn, width=_WIDTH, no_color=not drawn, highlight=False, emoji=False
        )
        console.print(f"{self.question_set.path.name}: {len(self.outcomes)} questions\n", markup=False)
        console.print(total)
        console.print()
        console.print(parts)
        console.print()
        console.print(self._measured_table(style, drawn))
        if self.judged:
            console.print("\nA language model's opinion, which no score, threshold or baseline depends on:")
            for line in self.judged.lines() if show else self.judged.lines()[:1]:
                console.print(line, markup=False, soft_wrap=True)
        for line in self._notes(show):
            console.print(line, markup=False, soft_wrap=True)
        assert isinstance(console.file, io.StringIO)
        return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())

    def _measured_table(self, style: Any, drawn: bool) -> Any:
        from rich.table import Table

        table = Table("measure", "", "95 %", "questions", box=style, pad_edge=drawn)
        for one in self.measures():
            if one.value is not None:
                table.add_row(one.name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}", str(one.questions))
        return table

    def totals(self) -> Iterator[tuple[str, str, str]]:
        """Rows of (figure, its value, what of what) over the whole set, for reading."""
        for name, score in self.scores().items():
            if name == "words per answer":
                yield name, _shown(score, 1), ""
            else:
                yield name, _shown(score, 3), f"{score.part:g}/{score.whole}"
        for name, count in self.counts().items():
            yield name, str(count), ""
        for what, calibration in self.calibrations().items():
            of = f"that {what}, {len(calibration.claims)}"
            yield "calibration error", _number(calibration.error, 3), of
            yield "Brier score", _number(calibration.brier, 3), of

    def parts(self, group: Callable[[Outcome], str]) -> Iterator[tuple[str, int, *tuple[str, ...]]]:
        """Rows of (name, questions, the scores of COLUMNS) for each group of questions, for reading."""
        for name, row in self.by(group).items():
            number = sum(group(o) == name for o in self.outcomes)
            yield name, number, *(_shown(row[c], 1 if c == "words per answer" else 3) for c in COLUMNS)

    def _notes(self, show: bool) -> Iterator[str]:
        for stale in self.stale:
            yield f"stale evidence: {stale}"
        if show:
            for what, ids in self.wrong().items():
                yield f"{what}: {' '.join(ids)}"


def is_at_least(name: str) -> bool:
    """Whether a threshold of this name is a lower bound; counts, lengths and errors have upper ones."""
    return name in AT_LEAST or not (name in AT_MOST or name in LESS_IS_BETTER)


def _holds(name: str, value: float | None, bound: float) -> bool:
    if value is None:
        return False
    return value >= bound if is_at_least(name) else value <= bound


def _missed_line(name: str, value: float | None, bound: float) -> str:
    if value is None:
        return f"{name}: nothing in this set measures it; remove the threshold or add such a question"
    return f"{name} is {value:.3f}, and must be {'at least' if is_at_least(name) else 'at most'} {bound:g}"


def language_of(outcome: Outcome) -> str:
    """The language of the question, to group by."""
    return outcome.question.language


def kind_of(outcome: Outcome) -> str:
    """The kind of the question, to group by."""
    return outcome.question.kind


def _shown(score: Score, digits: int) -> str:
    return _number(score.value, digits)


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _faults(outcome: Outcome) -> Sequence[str]:
    question, answer = outcome.question, outcome.answer
    faults = []
    if outcome.exact < len(answer.citations):
        faults.append("inexact span")
    if outcome.forbidden:
        faults.append(f"forbidden {question.kind}")
    if question.abstain:
        return [*faults, "answered the unanswerable"] if not answer.abstained else faults
    if not outcome.right:
        faults.append(question.kind)
    if question.conflict and not answer.conflicts:
        faults.append("conflict not shown")
    if answer.conflicts and not question.conflict:
        faults.append("false conflict")
    return faults
