"""The plots of the report: slices with intervals, retrieval by depth, confidence, time."""

from collections.abc import Callable, Iterator

from eval.charts import Bar, bars, histogram, lines
from eval.gate import GateReport
from eval.metrics import calibration
from eval.slices import Figure
from eval.spent import seconds
from eval.stored import StoredRun
from eval.whole import confident

Escape = Callable[[object], str]


def plots(run: StoredRun, report: GateReport, text: Escape) -> Iterator[str]:
    """Each plot as a figure element; a sentence where there is nothing to plot."""
    known = {(f.metric, f.split, f.category): f for f in report.figures}
    yield bars("Correct, by kind of item (95 % interval)", _by_category(report.figures))
    series = []
    for name in ("evidence_recall", "hit"):
        found = [(k, known.get((f"{name}@{k}", "all", "answerable"))) for k in run.result.ks]
        points = [(float(k), f.value) for k, f in found if f and f.value is not None]
        series.append((name.replace("_", " "), points))
    if series[0][1]:
        ticks = (0, *(k for k in sorted(run.result.ks)))
        yield lines("Retrieval by k", series, "passages looked at (k)", "share found", ticks=ticks)
    items = [item for item in run.result.items if item.question.gate != "info"]
    pairs = [(confidence, right) for confidence, right, _ in confident(items)]
    if pairs:
        judged = calibration.judged(pairs)
        curve = calibration.curve(judged)
        top = max(0.1, *(risk for _, risk in curve))
        yield lines(
            f"Risk against coverage (n {len(pairs)})", [("", curve)], "share answered", "error rate", top
        )
        bins = [(part.confidence, part.right) for part in calibration.bins(judged)]
        yield lines(
            f"Reliability (n {len(pairs)}, about {-(-len(pairs) // calibration.BINS)} answers a bin)",
            [("", sorted(bins))],
            "stated confidence",
            "share right",
            diagonal=True,
        )
    else:
        yield '<p class="dim">No answer states a confidence: risk, coverage and reliability do not apply.</p>'
    took = seconds(run.result)
    if took:
        cost = run.cost
        title = f"Seconds an answer took (median {cost.p50:.3f}, 95th of 100 {cost.p95:.3f})"
        yield histogram(title, took, "seconds")


def _by_category(figures: tuple[Figure, ...]) -> list[Bar]:
    return [
        Bar(
            figure.category,
            figure.value,
            figure.interval.low if figure.interval else None,
            figure.interval.high if figure.interval else None,
            f"{figure.value:.2f}  n {figure.items}/{figure.groups}",
        )
        for figure in figures
        if figure.metric == "correct" and figure.split == "all" and figure.value is not None
    ]
