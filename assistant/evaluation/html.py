"""Reports as one HTML page that opens anywhere: no script, nothing fetched; every text in it is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from assistant.evaluation import plots
from assistant.evaluation.calibration import Calibration, risk_coverage
from assistant.evaluation.metrics import Outcome, Score
from assistant.evaluation.report import COLUMNS, Report, kind_of, language_of


@dataclass(frozen=True, slots=True)
class _Plot:
    """A plot with its table: what the eye reads and what can be read aloud, copied and checked."""

    title: str
    note: str
    svg: Markup
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    questions: int
    scores: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """One question set."""

    report: Report
    figures: tuple[tuple[str, str, str], ...]  # name, value, of what
    missed: tuple[str, ...]
    groups: Mapping[str, tuple[_Row, ...]]
    plots: tuple[_Plot, ...]
    failed: tuple[tuple[Outcome, tuple[str, ...]], ...]


def page(reports: Sequence[Report]) -> str:
    """The whole page: per set its scores, by language and kind, how its confidence holds, and each failed question."""
    return _template().render(sections=[_section(report) for report in reports], columns=COLUMNS)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("assistant.evaluation", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _section(report: Report) -> _Section:
    return _Section(
        report=report,
        figures=tuple(report.totals()),
        missed=tuple(report.failures()),
        groups={
            "language": tuple(_rows(report.by(language_of))),
            "kind": tuple(_rows(report.by(kind_of))),
        },
        plots=tuple(_plots(report)),
        failed=tuple(report.failed()),
    )


def _rows(groups: Mapping[str, tuple[int, Mapping[str, Score]]]) -> Iterable[_Row]:
    raise NotImplementedError
