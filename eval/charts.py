"""Small charts as inline SVG: numbers in, text out. Colours come from the page's own style sheet.

Written by hand: a plotting library would draw the same few lines and bars with fonts, dates and ids that
change from run to run, and would have to be installed.
"""

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]

_WIDTH, _HEIGHT = 460, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 18, 28, 44
_ROW, _LABEL = 24, 130
_STEPS = (1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0)
_SHOWN = 0.98
_DOTTED = 25  # a line through more points needs no dots


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart of shares, with its interval where there is one."""

    label: str
    value: float
    low: float | None
    high: float | None
    note: str


def bars(title: str, shown: Sequence[Bar]) -> str:
    """Horizontal bars from 0 to 1, each with its interval and a note such as its n."""
    height = _TOP + _ROW * len(shown) + 30
    span = _WIDTH - _LABEL - 118
    parts = []
    for at, bar in enumerate(shown):
        top = _TOP + at * _ROW
        middle = top + _ROW / 2
        parts.append(_text(_LABEL - 8, middle + 4, bar.label, "end"))
        parts.append(_rect(_LABEL, top + 4, span * bar.value, _ROW - 8))
        if bar.low is not None and bar.high is not None:
            low, high = (_LABEL + span * edge for edge in (bar.low, bar.high))
            parts.append(_line(low, middle, high, middle, "whisker"))
            parts += [_line(edge, middle - 4, edge, middle + 4, "whisker") for edge in (low, high)]
        parts.append(_text(_LABEL + span + 8, middle + 4, bar.note, "start"))
    bottom = _TOP + _ROW * len(shown)
    parts.append(_line(_LABEL, bottom, _LABEL + span, bottom, "axis"))
    parts += [_text(_LABEL + span * tick, bottom + 16, f"{tick:g}", "middle") for tick in (0, 0.5, 1)]
    return _svg(title, parts, height)


def lines(
    title: str, series: Sequence[tuple[str, Sequence[Point]]], across: str, up: str, top: float = 1.0,
    diagonal: bool = False, ticks: Sequence[float] = (0, 0.25, 0.5, 0.75, 1),
) -> str:  # fmt: skip
    """Lines through points, several series in classes `line0`, `line1`, … with their names in a corner."""
    right, top = max(ticks), rounded(top)
    parts = _axes(across, up, [(tick / right, f"{tick:g}") for tick in ticks], top)
    if diagonal:
        parts.append(_line(*_at(0, 0), *_at(1, 1), "ideal"))
    for number, (name, points) in enumerate(series):
        places = [_at(x / right, y / top) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline class="line line{number}" points="{path}"/>')
        parts += [_dot(number, x, y) for x, y in places] if len(places) <= _DOTTED else []
        if name:
            x, y = _at(0.97, 0.06 + 0.08 * number)
            parts += [_text(x - 10, y + 4, name, "end"), _dot(number, x, y)]
    return _svg(title, parts, _HEIGHT)


def histogram(title: str, values: Sequence[float], across: str, parts_wanted: int = 20) -> str:
    """How many values fall into each of equal parts; a few far above the rest stand in the last one."""
    inner = sorted(values)[: math.ceil(_SHOWN * len(values))]
    right = rounded(max(inner, default=0.0) or 1.0)
    counts = [0] * parts_wanted
    for value in values:
        counts[min(int(value / right * parts_wanted), parts_wanted - 1)] += 1
    most = rounded(max(counts) or 1)
    ticks = [(tick / 4, f"{right * tick / 4:.3g}") for tick in range(5)]
    if beyond := sum(value > right for value in values):
        across = f"{across} (in the last bar {beyond} above {right:.3g}, the longest {max(values):.3g})"
    parts = _axes(across, "answers", ticks, most)
    for at, count in enumerate(counts):
        x, y = _at(at / parts_wanted, count / most)
        width = _at(1 / parts_wanted, 0)[0] - _at(0, 0)[0]
        parts.append(_rect(x, y, width - 1, _at(0, 0)[1] - y))
    return _svg(title, parts, _HEIGHT)


def rounded(value: float) -> float:
    """The next number at or above one that an axis can well end with."""
    value = max(value, 1e-9)
    scale = 10.0 ** math.floor(math.log10(value))
    return next(step * scale for step in (*_STEPS, 10.0) if step * scale >= value * (1 - 1e-9))


def _axes(across: str, up: str, ticks: Iterable[tuple[float, str]], top: float) -> list[str]:
    left, bottom = _at(0, 0)
    right, upper = _at(1, 1)
    parts = [_line(left, bottom, right, bottom, "axis"), _line(left, bottom, left, upper, "axis")]
    parts += [_text(_at(place, 0)[0], bottom + 16, told, "middle") for place, told in ticks]
    parts += [_text(left - 6, _at(0, share)[1] + 4, f"{share * top:.3g}", "end") for share in (0, 0.5, 1)]
    parts.append(_text((left + right) / 2, bottom + 34, across, "middle"))
    parts.append(_text(left - 40, upper - 14, up, "start"))
    return parts


def _at(x: float, y: float) -> Point:
    return _LEFT + x * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - y * (_HEIGHT - _TOP - _BOTTOM)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _dot(number: int, x: float, y: float) -> str:
    return f'<circle class="dot dot{number}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>'


def _svg(title: str, parts: Iterable[str], height: float) -> str:
    name = html.escape(title)
    inner = "".join(parts)
    return (
        f'<figure><figcaption>{name}</figcaption><svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" '
        f'aria-label="{name}">{inner}</svg></figure>'
    )
