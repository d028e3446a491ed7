"""Measures of a whole slice: they are no mean of item values. n is the number of items they are over.

Abstention and conflict precision, recall and F1; how far confidence tells right from wrong; how far an
answer depends on the wording of its question.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from eval.metrics import calibration
from eval.metrics.abstention import confusion
from eval.runner import ItemResult
from eval.stats import Array, Interval, ratio_interval, weighted_interval

RATES = ("precision", "recall", "f1")
RISKS = (0.05, 0.1)

_CONFIDENCE: dict[str, Callable[[calibration.Judged, Array], Array]] = {
    "aurc": calibration.aurc,
    "e_aurc": calibration.excess_aurc,
    **{
        f"coverage_at_risk_{round(risk * 100)}": partial(calibration.coverage_at, risk=risk) for risk in RISKS
    },
    "ece": calibration.calibration_error,
}


@dataclass(frozen=True, slots=True)
class Whole:
    """One measure of a slice."""

    value: float | None
    interval: Interval | None
    over: Sequence[ItemResult] = field(repr=False)


def whole_names() -> tuple[str, ...]:
    """Every measure of this module."""
    rates = [f"{kind}_{rate}" for kind in ("abstention", "conflict") for rate in RATES]
    return (*rates, *_CONFIDENCE, "brier", "paraphrase_range")


def whole_set(items: Sequence[ItemResult]) -> Iterator[tuple[str, Whole]]:
    """Each measure on a slice, by name."""
    decided = [item for item in items if item.answer]
    refused = [
        (not i.question.answerable, bool(i.answer and i.answer.status == "abstained")) for i in decided
    ]
    yield from _rates("abstention", decided, refused)
    told = [(i.question.conflict is not None, bool(i.answer and i.answer.conflicts)) for i in decided]
    yield from _rates("conflict", decided, told)
    yield from _confidence(items)
    yield "paraphrase_range", _paraphrases(items)


def confident(items: Sequence[ItemResult]) -> list[tuple[float, bool, ItemResult]]:
    """(confidence, right, item) of every answer that states a confidence; others are not applicable."""
    return [
        (item.answer.confidence, item.values.get("correct") == 1.0, item)
        for item in items
        if item.answer and item.answer.confidence is not None and item.answer.status != "abstained"
    ]


def _rates(
    kind: str, items: Sequence[ItemResult], pairs: list[tuple[bool, bool]]
) -> Iterator[tuple[str, Whole]]:
    """Precision, recall and F1 of pairs (there is one, it was told)."""
    counts = confusion((not there, told) for there, told in pairs)
    groups = [item.question.group for item in items]
    hits = [float(there and told) for there, told in pairs]
    alarms = [float(told) for _, told in pairs]
    needed = [float(there) for there, _ in pairs]
    both = [alarm + need for alarm, need in zip(alarms, needed, strict=True)]
    parts = zip(RATES, (counts.precision, counts.recall, counts.f1), (alarms, needed, both), strict=True)
    for rate, value, lower in parts:
        upper = [2 * hit for hit in hits] if rate == "f1" else hits
        over = [item for item, under in zip(items, lower, strict=True) if under or rate == "f1"]
        some = value is not None and any(upper)
        yield f"{kind}_{rate}", Whole(value, ratio_interval(groups, upper, lower) if some else None, over)


def _confidence(items: Sequence[ItemResult]) -> Iterator[tuple[str, Whole]]:
    known = confident(items)
    over = [item for _, _, item in known]
    if not known:
        yield from ((name, Whole(None, None, over)) for name in (*_CONFIDENCE, "brier"))
        return
    judged = calibration.judged([(confidence, right) for confidence, right, _ in known])
    groups = [known[at][2].question.group for at in judged.order]
    for name, measure in _CONFIDENCE.items():
        value = float(measure(judged, np.ones((1, len(known))))[0])
        yield name, Whole(value, weighted_interval(groups, partial(measure, judged)), over)
    squares = [(confidence - right) ** 2 for confidence, right, _ in known]
    interval = ratio_interval([item.question.group for item in over], squares, [1.0] * len(squares))
    yield "brier", Whole(float(np.mean(squares)), interval, over)


def _paraphrases(items: Sequence[ItemResult]) -> Whole:
    """Largest less smallest containment among items of a group that expect the same, averaged over them."""
    alike: dict[tuple[str, tuple[str, ...]], list[ItemResult]] = defaultdict(list)
    for item in items:
        question = item.question
        if question.answers and item.values.get("containment") is not None:
            alike[question.group, tuple(sorted(question.answers))].append(item)
    sets = [members for members in alike.values() if len(members) > 1]
    over = [item for members in sets for item in members]
    if not sets:
        return Whole(None, None, over)
    values = [[item.values["containment"] or 0.0 for item in members] for members in sets]
    spread = [max(found) - min(found) for found in values]
    groups = [members[0].question.group for members in sets]
    interval = ratio_interval(groups, spread, [1.0] * len(spread)) if any(spread) else None
    return Whole(sum(spread) / len(spread), interval, over)
