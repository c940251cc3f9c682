"""Reports as one HTML page that opens anywhere: no script, nothing fetched; every text in it is escaped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from assistant.evaluation import plots
from assistant.evaluation.calibration import Calibration, risk_coverage
from assistant.evaluation.gate import Comparison
from assistant.evaluation.measures import Measured
from assistant.evaluation.metrics import Outcome, met
from assistant.evaluation.report import COLUMNS, Report, kind_of, language_of
from assistant.evaluation.rows import Row


@dataclass(frozen=True, slots=True)
class _Plot:
    """A plot with its table: what the eye reads and what can be read aloud, copied and checked."""

    title: str
    note: str
    svg: Markup
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    """One question set."""

    report: Report
    figures: tuple[tuple[str, str, str], ...]  # name, value, of what
    missed: tuple[str, ...]
    groups: Mapping[str, tuple[tuple[str, int, *tuple[str, ...]], ...]]  # name, questions, its scores
    measures: tuple[Measured, ...]
    since: Comparison | None  # the run before, where there is one
    plots: tuple[_Plot, ...]
    failed: tuple[tuple[Outcome, tuple[str, ...]], ...]


def page(
    reports: Sequence[Report],
    since: Sequence[Comparison | None] = (),
    failures: Sequence[Sequence[str]] = (),
) -> str:
    """The whole page: per set its scores, measures and plots, what changed, and each failed question.

    Args:
        since: of each report, it and the run before; empty: nothing to compare.
        failures: of each report, why the gate fails; empty: the thresholds it misses.
    """
    sections = [
        _section(report, since[n] if since else None, failures[n] if failures else report.failures())
        for n, report in enumerate(reports)
    ]
    return _template().render(sections=sections, columns=COLUMNS)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("assistant.evaluation", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["met"] = met
    return environment.get_template("report.html")


def _section(report: Report, since: Comparison | None, failures: Sequence[str]) -> _Section:
    return _Section(
        report=report,
        figures=tuple(report.totals()),
        missed=tuple(failures),
        measures=tuple(one for one in report.measures() if one.value is not None),
        since=since,
        groups={"language": tuple(report.parts(language_of)), "kind": tuple(report.parts(kind_of))},
        plots=tuple(_plots(report)),
        failed=tuple(report.failed()),
    )


def _plots(report: Report) -> Iterator[_Plot]:
    found = {"an answer is right": "right", "there is an answer": "answerable"}
    for what, calibration in report.calibrations().items():
        if calibration.claims:
            svg = plots.reliability(calibration.bins, said="confidence", found=found[what])
            yield _Plot(f"Confidence that {what}", _RELIABILITY, Markup(svg), calibration)
    points = risk_coverage(report.outcomes)
    if points:
        yield _Plot("Answering less often", _RISK, Markup(plots.risk_coverage(points)))
    rows = report.rows()
    for name, groups in (
        ("kind", _by(rows, _kinds)),
        ("language", _by(rows, _languages)),
        ("document", _by(rows, _sources)),
    ):
        if groups:
            yield _Plot(f"Right by {name}", _SHARES, Markup(plots.shares(groups)))
    seconds = _binned([row.seconds for row in rows], (0.05, 0.1, 0.2, 0.5, 1, 2, 5))
    yield _Plot("Seconds an answer took", "As it ran, several at once.", Markup(plots.columns(seconds, "seconds")))
    ranks = [row.first_rank for row in rows if row.is_ranked]
    if ranks:
        counted = [*((str(n), ranks.count(n)) for n in range(1, 11)), ("–", ranks.count(None))]
        yield _Plot("Where the search put the evidence", _RANKS, Markup(plots.columns(counted, "rank of the first")))


def _by(rows: Sequence[Row], names: Callable[[Row], Sequence[str]]) -> list[plots.Share]:
    found: dict[str, list[bool]] = {}
    for row in rows:
        for name in names(row):
            found.setdefault(name, []).append(row.right)
    return [plots.Share(name, sum(right), len(right)) for name, right in sorted(found.items())]


def _kinds(row: Row) -> Sequence[str]:
    return (row.kind,)


def _languages(row: Row) -> Sequence[str]:
    return (row.language,)


def _sources(row: Row) -> Sequence[str]:
    return row.documents


def _binned(values: Sequence[float], edges: Sequence[float]) -> list[tuple[str, int]]:
    """How many values lie up to each edge and above the one before it."""
    bounds = [-1.0, *edges]
    counted = [
        (f"≤ {high:g}", sum(low < one <= high for one in values)) for low, high in zip(bounds, edges, strict=False)
    ]
    return [*counted, (f"> {edges[-1]:g}", sum(one > edges[-1] for one in values))]


_RELIABILITY = "On the line, the confidence is the probability. Bars hold the true share with 95 % confidence."
_SHARES = "Answered right, or rightly not. Lines hold the true share with 95 % confidence."
_RANKS = "Of the first passage that holds evidence; – is below rank 10. Follow-up questions are left out."
_RISK = "The dot is how the assistant ran; to the left, only its more confident answers are counted."
