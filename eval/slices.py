"""Figures of a run by slice: split by category. Empty slices have n 0 and no value, never NaN.

Items marked `gate: info` stand in a split of their own, so that they are seen and never counted in a gate.
A figure's value is over items; its interval counts independent groups.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eval.metrics.catalogue import Measure, measures
from eval.runner import ItemResult, RunResult
from eval.stats import Interval, mean, ratio_interval, wilson
from eval.whole import whole_names, whole_set

SPLITS = ("heldout", "dev", "all", "info")
KINDS = ("all", "answerable", "unanswerable")


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric on one slice.

    Attributes:
        category: `all`, `answerable`, `unanswerable`, or a category of `Question.category`.
        interval: 95 %; Wilson's for shares, else a bootstrap over groups; None where there is too little.
    """

    metric: str
    split: str
    category: str
    value: float | None
    interval: Interval | None
    items: int
    groups: int


def figures(result: RunResult) -> tuple[Figure, ...]:
    """Every metric on every slice that has a value, in a fixed order."""
    categories = sorted({item.question.category for item in result.items})
    return tuple(
        figure
        for split in SPLITS
        for category in (*KINDS, *categories)
        for figure in _slice(result, split, category)
        if figure.value is not None
    )


def figure(result: RunResult, metric: str, split: str, category: str) -> Figure:
    """One figure, without making the others."""
    chosen = [item for item in result.items if in_slice(item, split, category)]
    measure = next((one for one in measures(result.ks) if one.name == metric), None)
    if measure is not None:
        return _figure(measure, split, category, chosen)
    return find(_whole(split, category, chosen), metric, split, category)


def find(known: Iterable[Figure], metric: str, split: str, category: str) -> Figure:
    """The figure asked for, or an empty one."""
    for figure in known:
        if (figure.metric, figure.split, figure.category) == (metric, split, category):
            return figure
    return Figure(metric, split, category, None, None, 0, 0)


def cell(figure: Figure) -> str:
    """A figure as it is shown: value, interval, n."""
    if figure.value is None:
        return "-  n 0"
    interval = f" [{figure.interval.low:.2f}, {figure.interval.high:.2f}]" if figure.interval else ""
    return f"{figure.value:.3f}{interval}  n {figure.items}/{figure.groups}"


def figure_names(ks: Sequence[int]) -> frozenset[str]:
    """Every metric that a figure can be about."""
    return frozenset((*(measure.name for measure in measures(ks)), *whole_names()))


def in_slice(item: ItemResult, split: str, category: str) -> bool:
    """Whether an item counts in a slice."""
    question = item.question
    info = question.gate == "info"
    if info != (split == "info") or split not in ("all", "info", question.split):
        return False
    kind = "answerable" if question.answerable else "unanswerable"
    return category in ("all", kind, question.category)


def _slice(result: RunResult, split: str, category: str) -> Iterator[Figure]:
    chosen = [item for item in result.items if in_slice(item, split, category)]
    for measure in measures(result.ks):
        yield _figure(measure, split, category, chosen)
    yield from _whole(split, category, chosen)


def _whole(split: str, category: str, chosen: Sequence[ItemResult]) -> Iterator[Figure]:
    if category == "all":
        for name, found in whole_set(chosen):
            groups = len({item.question.group for item in found.over})
            yield Figure(name, split, category, found.value, found.interval, len(found.over), groups)


def _figure(measure: Measure, split: str, category: str, chosen: Sequence[ItemResult]) -> Figure:
    pairs = [(value, item) for item in chosen if (value := item.values.get(measure.name)) is not None]
    values = [value for value, _ in pairs]
    names = [item.question.group for _, item in pairs]
    groups = len(set(names))
    value = mean(values)
    if value is None:
        interval = None
    elif measure.binary or len(set(values)) == 1:  # a bootstrap of equal values would claim certainty
        interval = wilson(value, groups)
    else:
        interval = ratio_interval(names, values, [1.0] * len(values))
    return Figure(measure.name, split, category, value, interval, len(values), groups)
