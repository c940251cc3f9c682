"""Runs drawn as HTML: figures, bars by kind and language, the trend, the confidence, and what failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from assistant.documents.model import LOCALES
from assistant.evaluation import plots
from assistant.evaluation.calibration import Bin, wilson
from assistant.evaluation.kept import KeptCalibration, KeptGroup, KeptScore, Run
from assistant.evaluation.runs import Runs
from assistant.web.drawing import template
from assistant.web.strings import Strings

MEASURES = ("right", "evidence cited", "abstained right")  # what is drawn; the rest stands in a table
_MOST_POINTS = 12  # runs in a trend
_LABEL, _BAR, _APART = 20, 19, 10  # of the bars: heights of a name and of a bar, and between rows, in CSS pixels
_PLOT, _TOP, _LINE = 150, 12, 17  # of the trend: heights of what is plotted, above it, and of a line of text
_FIRST, _LAST = 2.0, 56.0  # of the trend: where its first and its last run stand, in percent of the width
_FAULTS = {
    "inexact span": "quality_fault_span",
    "answered the unanswerable": "quality_fault_answered",
    "conflict not shown": "quality_fault_conflict_missed",
    "false conflict": "quality_fault_conflict_false",
}


_Table = Sequence[tuple[str, Sequence[object]]]  # the name of a row, and its cells


@dataclass(frozen=True, slots=True)
class _Bar:
    """One share, drawn: in percent of the full length."""

    measure: str
    y: int
    share: float
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A kind or a language with its bars."""

    name: str
    questions: int
    bars: tuple[_Bar, ...]
    height: int


@dataclass(frozen=True, slots=True)
class _Bars:
    """A picture of bars, and its table."""

    by: str
    measures: tuple[str, ...]  # those that any of its bars shows
    rows: tuple[_Row, ...]
    table: _Table


@dataclass(frozen=True, slots=True)
class _Line:
    """A measure over the runs: x in percent of the width, y in pixels."""

    measure: str
    points: tuple[tuple[float, int], ...]
    label_y: int
    text: str


@dataclass(frozen=True, slots=True)
class _Trend:
    """A measure per line, a run per dot."""

    lines: tuple[_Line, ...]
    grid: tuple[tuple[int, str], ...]
    days: tuple[tuple[float, str, str], ...]  # where, which end of the text stands there, the text
    height: int
    table: _Table


@dataclass(frozen=True, slots=True)
class _Confidence:
    """How far the confidence is the probability it claims to be."""

    name: str
    svg: Markup
    found: KeptCalibration
    table: _Table


class Numbers:
    """Figures and days as a language writes them."""

    def __init__(self, language: str) -> None:
        self._locale = LOCALES.get(language, "en_GB")
        self._percent = "#,##0 %" if language == "da" else "#,##0%"
        self._day = "d. MMMM y" if language == "da" else "d MMMM y"
        self._time = "HH.mm" if language == "da" else "HH:mm"

    def percent(self, share: float | None) -> str:
        return "–" if share is None else str(format_percent(share, self._percent, locale=self._locale))

    def decimal(self, value: float | None, digits: int = 2) -> str:
        return "–" if value is None else str(format_decimal(value, "0." + "0" * digits, locale=self._locale))

    def score(self, score: KeptScore | None) -> str:
        """A share with what it counts; a share of nothing is a dash."""
        return f"{self.percent(score.value)} · {score.part:g}/{score.whole}" if score and score.whole else "–"

    def moment(self, when: datetime) -> str:
        """In the time zone of the server."""
        return str(format_datetime(when.astimezone(), f"{self._day}, {self._time}", locale=self._locale))

    def day(self, when: datetime) -> str:
        """Short enough for an axis."""
        return str(format_datetime(when.astimezone(), self._day.replace("MMMM y", "MMM"), locale=self._locale))


def quality(found: Runs, s: Strings) -> str:
    """The whole tab; where no run was kept, how to make one."""
    n = Numbers(s.language)
    sets = [_section(number, runs, s, n) for number, runs in enumerate(found.by_set().values(), 1)]
    return template("quality/quality.html").render(
        sets=sets,
        unread=found.unread,
        headings=[s(f"quality_short_{_word(m)}") for m in MEASURES],
        figure=_figure(s),
        fault=_fault(s),
        n=n,
        s=s,
    )


def withheld(s: Strings) -> str:
    """The tab for somebody from whom documents are kept."""
    return template("quality/withheld.html").render(s=s)


def _section(number: int, runs: Sequence[Run], s: Strings, n: Numbers) -> dict[str, object]:
    run = runs[-1]
    return {
        "id": f"quality-{number}",
        "name": run.set.rpartition(".")[0] or run.set,
        "run": run,
        "tiles": [(measure, *_drawn(run.scores.get(measure))) for measure in MEASURES],
        "figures": list(_figures(run, n)),
        "by_kind": _bars("kind", run.by_kind, {}, n),
        "by_language": _bars("language", run.by_language, {c: s.language_name(c) for c in run.by_language}, n),
        "trend": _trend(runs[-_MOST_POINTS:], s, n) if len(runs) > 1 else None,
        "confidence": list(_confidence(run, s, n)),
    }


def _figure(s: Strings) -> object:
    return lambda name: s(f"quality_figure_{_word(name)}")


def _word(name: str) -> str:
    """A score's name as the words of the page are named."""
    return name.replace(" ", "_")


def _fault(s: Strings) -> object:
    """A rule that was broken, in the page's language; see report.py for how they are written."""
    return lambda fault: s(
        _FAULTS.get(fault, "quality_fault_forbidden" if fault.startswith("forbidden ") else "quality_fault_not_right")
    )


def _drawn(score: KeptScore | None) -> tuple[KeptScore, float, float, float]:
    """A score with its share and the 95 % interval of it, in percent."""
    found = score or KeptScore(part=0, whole=0)
    low, high = wilson(int(found.part), found.whole)
    return found, 100 * (found.value or 0), 100 * low, 100 * high


def _figures(run: Run, n: Numbers) -> Iterator[tuple[str, str]]:
    for name, score in run.scores.items():
        yield name, n.decimal(score.value, 1) if name == "words per answer" else n.score(score)
    for name, count in run.counts.items():
        yield name, str(count)


def _bars(by: str, groups: Mapping[str, KeptGroup], names: Mapping[str, str], n: Numbers) -> _Bars:
    rows: list[_Row] = []
    table: list[tuple[str, Sequence[object]]] = []
    for code, group in sorted(groups.items(), key=lambda item: (-item[1].questions, item[0])):
        bars: list[_Bar] = []
        for measure in MEASURES:
            score, share, low, high = _drawn(group.scores.get(measure))
            if score.whole:
                bars.append(_Bar(measure, _LABEL + len(bars) * _BAR, share, low, high, n.score(score)))
        name = names.get(code, code)
        rows.append(_Row(name, group.questions, tuple(bars), _LABEL + len(bars) * _BAR + _APART))
        table.append((name, [group.questions, *(n.score(group.scores.get(measure)) for measure in MEASURES)]))
    drawn = {bar.measure for row in rows for bar in row.bars}
    return _Bars(by, tuple(m for m in MEASURES if m in drawn), tuple(rows), table)


def _trend(runs: Sequence[Run], s: Strings, n: Numbers) -> _Trend:
    across = [_FIRST + (_LAST - _FIRST) * place / (len(runs) - 1) for place in range(len(runs))]
    lines = []
    for measure in MEASURES:
        scores = [run.scores.get(measure) for run in runs]
        found = [(x, score.value) for x, score in zip(across, scores, strict=True) if score and score.value is not None]
        if found:
            points = tuple((x, _height(value)) for x, value in found)
            text = f"{s(f'quality_short_{_word(measure)}')} {n.percent(found[-1][1])}"
            lines.append(_Line(measure, points, points[-1][1], text))
    return _Trend(
        lines=_labelled(lines),
        grid=tuple((_height(share), n.percent(share)) for share in (0.0, 0.5, 1.0)),
        days=((_FIRST, "start", n.day(runs[0].when)), (_LAST, "end", n.day(runs[-1].when))),
        height=_TOP + _PLOT + 2 * _LINE,
        table=[(n.moment(run.when), [n.score(run.scores.get(m)) for m in MEASURES]) for run in reversed(runs)],
    )


def _height(share: float) -> int:
    return round(_TOP + (1 - share) * _PLOT)


def _labelled(lines: Sequence[_Line]) -> tuple[_Line, ...]:
    """Lines with their labels a line of text apart, none below the plot."""
    placed: list[_Line] = []
    lowest = _TOP + _PLOT
    for left, line in enumerate(sorted(lines, key=lambda line: line.label_y)):
        above = placed[-1].label_y + _LINE if placed else 0
        room = lowest - (len(lines) - 1 - left) * _LINE
        placed.append(_Line(line.measure, line.points, min(max(line.label_y, above), room), line.text))
    return tuple(placed)


def _confidence(run: Run, s: Strings, n: Numbers) -> Iterator[_Confidence]:
    named = {"an answer is right": "right", "there is an answer": "answerable"}
    for what, found in run.calibration.items():
        if found.claims and what in named:
            svg = plots.reliability(
                found.as_bins(),
                said=f"{s('quality_axis_said')} (%)",
                found=f"{s(f'quality_axis_{named[what]}')} (%)",
                told=s("quality_bin_told"),
                number=n.percent,
                tick=lambda share: f"{100 * share:.0f}",
            )
            yield _Confidence(
                s(f"quality_confidence_{named[what]}"), Markup(svg), found, [_row(b, n) for b in found.as_bins()]
            )


def _row(one: Bin, n: Numbers) -> tuple[str, Sequence[object]]:
    low, high = one.interval
    between = f"{n.percent(one.least)}–{n.percent(one.most)}"
    return between, [one.count, n.percent(one.share), f"{n.percent(low)}–{n.percent(high)}"]
