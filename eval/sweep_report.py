"""A sweep as a table, a closed page with plots, and JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from eval.charts import Bar, bars
from eval.page import STYLE, closed, table, text
from eval.paired import Flips, mcnemar
from eval.sweep import SHOWN, Tried

_LABEL = 18

HEADINGS = ("settings", *(name for name, _ in SHOWN), "correct, to the first", "median", "cost")


def difference(tried: Tried, measure: str = "correct") -> str:
    """The paired difference of a measure to the first combination; of `correct` with a two-sided p."""
    if tried.against is None:
        return "(the first)"
    one = next((paired for paired in tried.against.paired if paired.measure == measure), None)
    if one is None:
        return "-"
    told = f"{100 * one.net:+.1f} points, -{one.losses} +{one.wins}"
    if one.p is None or measure != "correct":
        return told
    either = 2 * min(mcnemar(Flips(one.losses, one.wins)), mcnemar(Flips(one.wins, one.losses)))
    return f"{told}, p {min(either, 1.0):.3f}"


def cells(tried: Tried) -> list[str]:
    """One row: settings, each measure with its interval, the difference, a median answer, the cost."""
    row = [tried.label]
    for name, _ in SHOWN:
        known = tried.shown[name]
        interval = known[1] if known else None
        edges = f" [{interval.low:.2f}, {interval.high:.2f}]" if interval else ""
        row.append(f"{known[0]:.3f}{edges}" if known else "-")
    took = "-" if tried.cost.p50 is None else f"{tried.cost.p50 * 1000:.0f} ms"
    return [*row, difference(tried), took, "-" if tried.cost.money is None else f"{tried.cost.money:.4f}"]


def sweep_page(name: str, tried: Sequence[Tried]) -> str:
    """The table, the paired differences and a plot of each measure as one closed page."""
    first = tried[0]
    names = [measure for measure, _ in SHOWN]
    differences = [[one.label, *(difference(one, measure) for measure in names)] for one in tried[1:]]
    plots = [
        bars(f"{measure} on {category} (95 % interval)", _bars(measure, tried)) for measure, category in SHOWN
    ]
    body = (
        f"<h1>{text(name)}: {len(tried)} combinations of settings</h1>"
        f"<p>{first.items} dev items in {first.groups} groups; value [95 % interval].</p>"
        f"{table(HEADINGS, _inert(map(cells, tried)))}"
        f"<h2>Paired differences to {text(first.label)}</h2>"
        '<p class="dim">Mean change over groups, in points; groups that got worse and better.</p>'
        f"{table(('settings', *names), _inert(differences))}"
        f'<h2>Plots</h2><div class="plots">{"".join(plots)}</div>'
    )
    return closed(text(name), body, STYLE)


def sweep_json(tried: Sequence[Tried]) -> str:
    """The combinations with figures, intervals, paired differences and cost as JSON."""
    rows = [
        {
            "settings": dict(one.chosen),
            "items": one.items,
            "groups": one.groups,
            "figures": {name: known[0] if known else None for name, known in one.shown.items()},
            "intervals": {
                name: asdict(known[1]) if known and known[1] else None for name, known in one.shown.items()
            },
            "differences": {name: difference(one, name) for name, _ in SHOWN},
            "cost": asdict(one.cost),
        }
        for one in tried
    ]
    return json.dumps(rows, indent=1, allow_nan=False) + "\n"


def _bars(measure: str, tried: Sequence[Tried]) -> list[Bar]:
    """A bar a combination; names that are too long for a plot become numbers, in the order of the table."""
    long = any(len(one.short) > _LABEL for one in tried)
    found = []
    for number, one in enumerate(tried, start=1):
        known = one.shown[measure]
        if known is not None:
            low, high = (known[1].low, known[1].high) if known[1] else (None, None)
            found.append(Bar(f"row {number}" if long else one.short, known[0], low, high, f"{known[0]:.3f}"))
    return found


def _inert(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in rows]
