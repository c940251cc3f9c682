"""Holds a run against an earlier one: what became significantly worse, at which questions, and what changed between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import RunMissingError
from assistant.evaluation.kept import Run
from assistant.evaluation.runs import Runs, read
from assistant.evaluation.significance import Change, changes

_MOST_NAMED = 12  # questions in a line


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs of one set, or of the same questions with other settings."""

    before: Run
    after: Run

    def changes(self) -> list[Change]:
        """Every measure, before and after."""
        return changes(self.before.rows, self.after.rows)

    def drops(self) -> list[str]:
        """A line for each measure that became significantly worse, with the questions that did."""
        return [_told(one) for one in self.changes() if one.is_drop]

    def causes(self) -> list[str]:
        """What is another than it was: documents, how they are read, models, code, settings."""
        return [*_documents(self.before, self.after), *_made_with(self.before, self.after), *_questions(self)]

    def table(self) -> str:
        """The measures that have a value, for reading: before, after, and whether that can be chance."""
        rows = [f"{'measure':<24}{'before':>9}{'after':>9}  worse better       p"]
        for one in self.changes():
            p = "–" if one.p is None else f"{one.p:.3f}"
            mark = " dropped" if one.is_drop else " gained" if one.is_gain else ""
            rows.append(
                f"{one.name:<24}{_number(one.before):>9}{_number(one.after):>9}"
                f"{len(one.worse):>7}{len(one.better):>7}{p:>8}{mark}"
            )
        return "\n".join([*rows, *(f"changed: {cause}" for cause in self.causes())])


def failures(before: Run, after: Run) -> list[str]:
    """Why a gate must not let a run pass; nothing where it is no worse. Causes are told with a drop."""
    found = Comparison(before, after)
    drops = found.drops()
    if drops:
        return [*drops, *(f"changed: {line}" for line in found.causes())]
    is_stale = bool(set(after.stale) - set(before.stale))
    told = [line for line in _documents(before, after) if is_stale or "is missing" in line]
    return [f"changed: {line}" for line in told]


def earlier(where: str, kept: Path, set_name: str, before: Run | None = None) -> Run:
    """The run to compare with.

    Args:
        where: "last", a run's file, or a folder of runs.
        kept: the folder in which runs are kept.
        set_name: the set's file name.
        before: the run that is compared; it is not found itself.

    Raises:
        RunMissingError: there is none, or it was kept by a version that counted no questions.
    """
    path = kept if where == "last" else Path(where)
    runs = _one(path) if path.is_file() else read(path)
    fitting = [run for run in runs.runs if run.set == set_name and (before is None or run.when < before.when)]
    if not fitting:
        raise RunMissingError(path, f"no run of {set_name}")
    if not fitting[-1].rows:
        raise RunMissingError(path, f"the last run of {set_name} does not say what was counted of each question")
    return fitting[-1]


def _one(file: Path) -> Runs:
    from pydantic import ValidationError

    try:
        return Runs((Run.model_validate_json(file.read_bytes()),))
    except (OSError, ValidationError) as error:
        raise RunMissingError(file, f"it is no run ({type(error).__name__})") from None


def _told(change: Change) -> str:
    named = ", ".join(change.worse[:_MOST_NAMED])
    more = f" and {len(change.worse) - _MOST_NAMED} more" if len(change.worse) > _MOST_NAMED else ""
    return (
        f"{change.name} dropped from {_number(change.before)} to {_number(change.after)} "
        f"(p = {change.p:.3f}; {len(change.worse)} worse, {len(change.better)} better): {named}{more}"
    )


def _documents(before: Run, after: Run) -> Iterator[str]:
    if not before.texts or not after.texts:
        return
    for id_, (file, text) in before.texts.items():
        if id_ not in after.texts:
            yield f"the document {id_} is missing"
        elif after.texts[id_][0] == file and after.texts[id_][1] != text:
            yield f"the text read from {id_} is another, though the file is the same: the reader changed"
        elif after.texts[id_][0] != file:
            yield f"the document {id_} has another content"
    for id_ in after.texts:
        if id_ not in before.texts:
            yield f"the document {id_} is new"


def _made_with(before: Run, after: Run) -> Iterator[str]:
    for name in {**before.made_with, **after.made_with}:
        was, is_ = before.made_with.get(name, ""), after.made_with.get(name, "")
        if was != is_ and name != "generation":
            yield f"{name}: was {was or 'none'}, is {is_ or 'none'}"


def _questions(found: Comparison) -> Iterator[str]:
    before, after = ([row.id for row in run.rows] for run in (found.before, found.after))
    for what, ids in (("no longer asked", _less(before, after)), ("asked for the first time", _less(after, before))):
        if ids:
            yield f"{len(ids)} questions {what}: {', '.join(ids[:_MOST_NAMED])}"


def _less(these: Sequence[str], those: Sequence[str]) -> list[str]:
    there = set(those)
    return [one for one in these if one not in there]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
