"""Means over slices of a run: split by category. Empty slices have n 0 and no value, never NaN.

Items marked `gate: info` stand in a split of their own, so that they are seen and never counted in a gate.
A figure's value is the mean over items; its interval takes the number of independent groups as n.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eval.metrics.abstention import confusion
from eval.runner import ItemResult, RunResult, metric_names
from eval.stats import Interval, mean, wilson

SPLITS = ("heldout", "dev", "all", "info")
REFUSALS = ("abstention_precision", "abstention_recall", "abstention_f1")


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric on one slice.

    Attributes:
        category: `all`, `answerable`, `unanswerable`, or a category of `Question.category`.
        interval: Wilson, 95 %; None for an empty slice and for F1, which is no share.
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
        for category in ("all", "answerable", "unanswerable", *categories)
        for figure in _slice(result, split, category)
        if figure.value is not None
    )


def find(known: Iterable[Figure], metric: str, split: str, category: str) -> Figure:
    """The figure asked for, or an empty one."""
    for figure in known:
        if (figure.metric, figure.split, figure.category) == (metric, split, category):
            return figure
    return Figure(metric, split, category, None, None, 0, 0)


def figure_names(ks: Sequence[int]) -> frozenset[str]:
    """Every metric that a figure can be about."""
    return frozenset((*metric_names(ks), *REFUSALS))


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
    for name in metric_names(result.ks):
        pairs = [(value, item) for item in chosen if (value := item.values.get(name)) is not None]
        yield _figure(name, split, category, mean([value for value, _ in pairs]), [item for _, item in pairs])
    if category == "all":
        yield from _refusals(chosen, split)


def _refusals(chosen: list[ItemResult], split: str) -> Iterator[Figure]:
    decided = [(item, item.answer.status == "abstained") for item in chosen if item.answer]
    counts = confusion((item.question.answerable, abstained) for item, abstained in decided)
    refused = [item for item, abstained in decided if abstained]
    negative = [item for item, _ in decided if not item.question.answerable]
    yield _figure("abstention_precision", split, "all", counts.precision, refused)
    yield _figure("abstention_recall", split, "all", counts.recall, negative)
    f1 = _figure("abstention_f1", split, "all", counts.f1, [item for item, _ in decided])
    yield Figure(f1.metric, split, "all", f1.value, None, f1.items, f1.groups)


def _figure(metric: str, split: str, category: str, value: float | None, over: list[ItemResult]) -> Figure:
    groups = len({item.question.group for item in over})
    interval = None if value is None else wilson(value, groups)
    return Figure(metric, split, category, value, interval, len(over), groups)
