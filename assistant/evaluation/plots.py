"""Plots of a report as SVG elements, drawn here: no script, no font and no colour of their own (see report.html)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from assistant.evaluation.calibration import Bin, Operating, wilson

_SIDE = 240  # of the square plotted in, in units of the drawing
_LEFT, _TOP = 46, 10
_ROW, _APART = 13, 22  # of the counts below the axis: height of a row, least distance of two in one
_WIDE = 300  # of plots of bars and columns
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def reliability(
    bins: Sequence[Bin],
    *,
    said: str,
    found: str,
    told: str = "{said} said, {found} found, {n} questions",
    number: Callable[[float], str] = "{:.2f}".format,
    tick: Callable[[float], str] = "{:.3g}".format,
) -> str:
    """Claimed probability against what came true: a dot per bin with its interval, its count below, and the diagonal.

    Args:
        said: what the horizontal axis shows; read aloud too.
        found: what the vertical axis shows.
        told: what is read aloud of a bin.
        number: how a share is written there.
        tick: how one is written on an axis.
    """
    drawn = [f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>']
    for one in bins:
        low, high = one.interval
        drawn.append(f'<line class="interval" x1="{_x(one.mean)}" y1="{_y(low)}" x2="{_x(one.mean)}" y2="{_y(high)}"/>')
    drawn += [f'<circle class="dot" cx="{_x(one.mean)}" cy="{_y(one.share)}" r="4.5"/>' for one in bins]
    rows = _rows([_x(one.mean) for one in bins])
    below = _TOP + _SIDE + 34
    for one, row in zip(bins, rows, strict=True):
        drawn.append(f'<text class="count" x="{_x(one.mean)}" y="{below + row * _ROW}">{one.count}</text>')
    lines = max(rows, default=0) + 1
    drawn.append(f'<text class="side" x="{_LEFT - 8}" y="{below}">n</text>')
    label = f"{found} / {said}: " + "; ".join(
        told.format(said=number(one.mean), found=number(one.share), n=one.count) for one in bins
    )
    return _frame(drawn, said, found, label, bottom=below + lines * _ROW, number=tick)


def risk_coverage(points: Sequence[Operating]) -> str:
    """The share of wrong answers against the share of questions answered, as steps."""
    top = max([0.1, *(point.risk for point in points)])
    scale = next(limit for limit in (0.1, 0.2, 0.5, 1.0) if top <= limit)
    corners = [f"{_x(point.coverage)},{_y(point.risk / scale)}" for point in points]
    drawn = [f'<polyline class="curve" points="{" ".join(corners)}"/>'] if corners else []
    if points:
        last = points[-1]
        drawn.append(f'<circle class="dot" cx="{_x(last.coverage)}" cy="{_y(last.risk / scale)}" r="4.5"/>')
    ran = f"; as it ran, {points[-1].coverage:.2f} answered and {points[-1].risk:.3f} wrong" if points else ""
    label = f"Share of wrong answers against share of questions answered{ran}"
    return _frame(drawn, "questions answered", "wrong answers", label, bottom=_TOP + _SIDE + 34, scale=scale)


def _frame(
    drawn: Sequence[str],
    across: str,
    upward: str,
    label: str,
    *,
    bottom: float,
    scale: float = 1.0,
    number: Callable[[float], str] = "{:.3g}".format,
) -> str:
    """The axes around what is drawn; `scale` is the value at the top of the vertical one."""
    axes = []
    for tick in _TICKS:
        axes.append(f'<line class="grid" x1="{_x(tick)}" y1="{_y(0)}" x2="{_x(tick)}" y2="{_y(1)}"/>')
        axes.append(f'<line class="grid" x1="{_x(0)}" y1="{_y(tick)}" x2="{_x(1)}" y2="{_y(tick)}"/>')
        axes.append(f'<text class="tick" x="{_x(tick)}" y="{_TOP + _SIDE + 15}">{escape(number(tick))}</text>')
        axes.append(f'<text class="side" x="{_LEFT - 8}" y="{_y(tick) + 4}">{escape(number(tick * scale))}</text>')
    middle = _LEFT + _SIDE / 2
    axes.append(f'<text class="axis" x="{middle}" y="{bottom + 8:g}">{escape(across)}</text>')
    axes.append(f'<text class="axis" transform="translate(11 {_TOP + _SIDE / 2}) rotate(-90)">{escape(upward)}</text>')
    return (
        f'<svg viewBox="0 0 {_LEFT + _SIDE + 14} {bottom + 16:g}" role="img" aria-label="{escape(label)}">'
        + "".join([*axes, *drawn])
        + "</svg>"
    )


def _rows(places: Sequence[float]) -> list[int]:
    """For counts at these places, from the left, the first row in which each does not touch the one before."""
    last: list[float] = []
    rows = []
    for place in places:
        row = next((n for n, other in enumerate(last) if place - other >= _APART), len(last))
        last[row : row + 1] = [place]
        rows.append(row)
    return rows


def _x(share: float) -> float:
    return round(_LEFT + share * _SIDE, 2)


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * _SIDE, 2)


@dataclass(frozen=True, slots=True)
class Share:
    """A bar: how many of how many, and where the share lies with 95 % confidence."""

    name: str
    part: int
    whole: int  # at least 1


def shares(rows: Sequence[Share]) -> str:
    """A bar a row with its interval; names above the bars, so that they may be long."""
    drawn = []
    for n, one in enumerate(rows):
        top = n * 34
        low, high = wilson(one.part, one.whole)
        share = one.part / one.whole
        drawn.append(f'<text class="name" x="0" y="{top + 12}">{escape(_cut(one.name))}</text>')
        drawn.append(f'<text class="side" x="{_WIDE}" y="{top + 12}">{one.part} / {one.whole}</text>')
        drawn.append(f'<rect class="track" x="0" y="{top + 17}" width="{_WIDE}" height="9"/>')
        drawn.append(f'<rect class="bar light" x="0" y="{top + 17}" width="{share * _WIDE:.1f}" height="9"/>')
        middle = top + 21.5
        across = f'x1="{low * _WIDE:.1f}" x2="{high * _WIDE:.1f}"'
        drawn.append(f'<line class="interval strong" {across} y1="{middle}" y2="{middle}"/>')
    label = "; ".join(f"{one.name} {one.part} of {one.whole}" for one in rows)
    return f'<svg viewBox="0 0 {_WIDE} {len(rows) * 34}" role="img" aria-label="{escape(label)}">{"".join(drawn)}</svg>'


def columns(counts: Sequence[tuple[str, int]], across: str) -> str:
    """A column a count, labelled below and above."""
    most = max([1, *(count for _, count in counts)])
    width = _WIDE / max(1, len(counts))
    drawn = []
    for n, (name, count) in enumerate(counts):
        height, middle = count / most * 130, (n + 0.5) * width
        drawn.append(
            f'<rect class="bar" x="{n * width + 2:.1f}" y="{150 - height:.1f}" width="{width - 4:.1f}" '
            f'height="{height:.1f}"/>'
        )
        drawn.append(f'<text class="count" x="{middle:.1f}" y="{145 - height:.1f}">{count or ""}</text>')
        drawn.append(f'<text class="tick" x="{middle:.1f}" y="164">{escape(name)}</text>')
    drawn.append(f'<line class="grid" x1="0" y1="150" x2="{_WIDE}" y2="150"/>')
    drawn.append(f'<text class="axis" x="{_WIDE / 2}" y="184">{escape(across)}</text>')
    label = f"{across}: " + "; ".join(f"{name} {count}" for name, count in counts)
    return f'<svg viewBox="0 0 {_WIDE} 190" role="img" aria-label="{escape(label)}">{"".join(drawn)}</svg>'


def _cut(name: str) -> str:
    return name if len(name) <= 40 else name[:39] + "…"
