"""Reports as one HTML page that opens anywhere: no script, nothing fetched; every text in it is escaped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from assistant.evaluation import plots
from assistant.evaluation.calibration import Calibration, risk_coverage
from assistant.evaluation.metrics import Outcome, met
from assistant.evaluation.report import COLUMNS, Report, kind_of, language_of


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
    environment.globals["met"] = met
    return environment.get_template("report.html")


def _section(report: Report) -> _Section:
    return _Section(
        report=report,
        figures=tuple(report.totals()),
        missed=tuple(report.failures()),
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


_RELIABILITY = "On the line, the confidence is the probability. Bars hold the true share with 95 % confidence."
_RISK = "The dot is how the assistant ran; to the left, only its more confident answers are counted."
