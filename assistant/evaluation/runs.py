"""Runs are kept: one JSON file each, so that a page can show the last ones and how they went over time."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from assistant.answering.answer import Citation
from assistant.errors import RunNotKeptError
from assistant.evaluation.calibration import Calibration
from assistant.evaluation.kept import (
    KeptBin,
    KeptBound,
    KeptCalibration,
    KeptFact,
    KeptFailure,
    KeptGroup,
    KeptMeasure,
    KeptOpinion,
    KeptPlace,
    KeptScore,
    Run,
)
from assistant.evaluation.metrics import Outcome, Score, met
from assistant.evaluation.model_judge import Judged
from assistant.evaluation.report import Report, is_at_least, kind_of, language_of
from assistant.evaluation.rows import Parts
from assistant.settings import Settings

MOST_READ = 200  # files: the newest; a folder that was never emptied still opens quickly
_TOLD = ("embedding_model", "reranker_model", "nli_model", "llm_model", "abstain_below", "max_sentences")


@dataclass(frozen=True, slots=True)
class Unread:
    """A file among the runs that is none, or is damaged."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Runs:
    """What stands in a folder of runs."""

    runs: tuple[Run, ...]  # the oldest first
    unread: tuple[Unread, ...] = ()

    def by_set(self) -> dict[tuple[str, str], tuple[Run, ...]]:
        """The runs of each set over the same corpus, by (set, corpus), the oldest first."""
        found: dict[tuple[str, str], tuple[Run, ...]] = {}
        for run in self.runs:
            found[run.set, run.corpus] = (*found.get((run.set, run.corpus), ()), run)
        return dict(sorted(found.items()))


def run_of(
    report: Report,
    *,
    corpus: Path,
    documents: int,
    generation: str,
    settings: Settings,
    when: datetime | None = None,
    texts: Mapping[str, tuple[str, str]] | None = None,
    made_with: Mapping[str, str] | None = None,
) -> Run:
    """A report as it is kept.

    Args:
        documents: how many there are in the index.
        texts: of each document, hashes of its file and of what was read from it.
        made_with: what answers depend on besides; see records/circumstances.py.
        when: with its time zone; None: now.
    """
    return Run(
        set=report.question_set.path.name,
        when=when or datetime.now(UTC),
        corpus=_below_here(corpus),
        documents=documents,
        generation=generation,
        settings={name: getattr(settings, name) for name in _TOLD if getattr(settings, name) != ""},
        questions=len(report.outcomes),
        scores=_scores(report.scores()),
        counts=report.counts(),
        by_language=_groups(report, language_of),
        by_kind=_groups(report, kind_of),
        calibration={what: _calibration(found) for what, found in report.calibrations().items()},
        missed=tuple(
            KeptBound(figure=name, value=value, bound=bound, at_least=is_at_least(name))
            for name, value, bound in report.missed()
        ),
        stale=tuple(dict.fromkeys(stale.question_id for stale in report.stale)),
        failed=tuple(_failure(outcome, faults) for outcome, faults in report.failed()),
        rows=tuple(report.rows()),
        measures=tuple(
            KeptMeasure(**{name: getattr(one, name) for name in KeptMeasure.model_fields}) for one in report.measures()
        ),
        texts=dict(texts or {}),
        made_with=dict(made_with or {}),
        opinion=_opinion(report.judged),
    )


def ready(folder: Path) -> None:
    """Make the folder, before anything is asked.

    Raises:
        RunNotKeptError: nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".{uuid4().hex[:8]}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise RunNotKeptError(folder, error.strerror or str(error)) from error


def keep(folder: Path, run: Run) -> Path:
    """Write a run into the folder, whole or not at all; returns its file, named by time and set.

    Raises:
        RunNotKeptError: it cannot be written.
    """
    stem = f"{run.when.astimezone(UTC):%Y-%m-%dT%H%M%SZ}-{Path(run.set).stem}"
    file = folder / f"{stem}.json"
    while file.exists():  # the same set twice within a second
        file = folder / f"{stem}-{uuid4().hex[:4]}.json"
    return _whole(folder, file, run.model_dump_json(indent=1) + "\n")


def keep_baseline(folder: Path, run: Run) -> Path:
    """Write what a later run is compared by into `folder`, as a file for the set that replaces the one before it.

    What differs from machine to machine, or is only for reading, is left out: it is to be committed.

    Raises:
        RunNotKeptError: it cannot be written.
    """
    rows = tuple(
        row.model_copy(update={"seconds": 0.0, "confidence": round(row.confidence, 4), "parts": _rounded(row.parts)})
        for row in run.rows
    )
    left_out: dict[str, object] = {
        "failed": (),
        "measures": (),
        "by_kind": {},
        "by_language": {},
        "calibration": {},
        "missed": (),
    }
    slim = run.model_copy(update={**left_out, "rows": rows, "opinion": None, "generation": "", "counts": {}})
    head, _, last = slim.model_dump_json(exclude={"rows"}).rpartition("}")
    lines = ",\n".join(row.model_dump_json(exclude_defaults=True) for row in rows)  # a question a line, for diffs
    ready(folder)
    return _whole(folder, folder / f"{Path(run.set).stem}.json", f'{head},"rows":[\n{lines}\n]}}{last}\n')


def _rounded(parts: Parts) -> Parts:
    return {name: (round(part, 6), round(whole, 6)) for name, (part, whole) in parts.items()}


def _whole(folder: Path, file: Path, text: str) -> Path:
    """Write a file, whole or not at all."""
    aside = folder / f".{uuid4().hex[:8]}"
    try:
        with aside.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)
    except OSError as error:
        raise RunNotKeptError(folder, error.strerror or str(error)) from error
    return file


def read(folder: Path) -> Runs:
    """The newest runs of a folder; a file that is no run is named, and no folder is no runs."""
    runs, unread = [], []
    try:
        files = sorted((f for f in folder.glob("*.json") if not f.name.startswith(".")), reverse=True)[:MOST_READ]
    except OSError as error:
        return Runs((), (Unread(folder.name, error.strerror or str(error)),))
    for file in files:
        try:
            runs.append(Run.model_validate_json(file.read_bytes()))
        except OSError as error:
            unread.append(Unread(file.name, error.strerror or str(error)))
        except ValidationError as error:
            first = error.errors()[0]
            unread.append(Unread(file.name, ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))))
    return Runs(tuple(sorted(runs, key=lambda run: run.when)), tuple(unread))


def _below_here(folder: Path) -> str:
    whole, here = folder.resolve(), Path.cwd()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else whole.as_posix()


def _scores(scores: Mapping[str, Score]) -> dict[str, KeptScore]:
    return {name: KeptScore(part=score.part, whole=score.whole) for name, score in scores.items()}


def _groups(report: Report, group: Callable[[Outcome], str]) -> dict[str, KeptGroup]:
    asked = [group(outcome) for outcome in report.outcomes]
    return {
        name: KeptGroup(questions=asked.count(name), scores=_scores(scores))
        for name, scores in report.by(group).items()
    }


def _opinion(found: Judged | None) -> KeptOpinion | None:
    return KeptOpinion(model=found.model, verdicts=dict(found.verdicts), agreed=found.agreed) if found else None


def _calibration(found: Calibration) -> KeptCalibration:
    bins = tuple(
        KeptBin(least=one.least, most=one.most, mean=one.mean, came_true=one.came_true, count=one.count)
        for one in found.bins
    )
    return KeptCalibration(claims=len(found.claims), error=found.error, brier=found.brier, bins=bins)


def _failure(outcome: Outcome, faults: Iterable[str]) -> KeptFailure:
    question, answer = outcome.question, outcome.answer
    return KeptFailure(
        id=question.id,
        language=question.language,
        kind=question.kind,
        question=question.question,
        history=question.history,
        faults=tuple(faults),
        answer=answer.text,
        answer_language=answer.language,
        abstained=answer.abstained,
        confidence=answer.confidence,
        citations=tuple(_cited(c, hit) for c, hit in zip(answer.citations, outcome.hits, strict=True)),
        facts=tuple(
            KeptFact(alternatives=tuple(question.as_written(one) for one in group), said=met(group, answer))
            for group in question.facts
        ),
        forbidden=tuple(question.as_written(pattern) for pattern in outcome.forbidden),
        should_abstain=question.abstain,
        evidence=tuple(KeptPlace(document=e.document, quote=e.quote) for e in question.evidence),
    )


def _cited(citation: Citation, expected: bool) -> KeptPlace:
    return KeptPlace(
        document=citation.document_id,
        quote=citation.reading,
        section=citation.section,
        page=citation.page,
        language=citation.language,
        expected=expected,
    )
