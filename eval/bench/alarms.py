"""How often the gate fails though nothing got worse: a stored run whose items are asked again by chance.

Re-rolled: a share of the items, drawn anew in each round, takes what was measured on another item of its
category, drawn at random (itself excluded). So each kind of question is right as often as before, on
average, and only chance changes what is right. A measure that the item does not owe (it has no nuggets, say)
stays empty, and one that the other item does not owe stays as it was. The outcome of each round goes through
the real gate: floors, invariants, and the paired tests against the run as it was stored.

With a `fall` the same is done to a run that did get worse, which the gate should notice: some of the items
that were right become wrong first, each by taking what was measured on a wrong item of its category.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from eval.errors import EvalSetupError
from eval.floors import Floors
from eval.gate import GateReport, decide
from eval.metrics.catalogue import measures
from eval.recorded import recorded
from eval.regression import compare
from eval.runner import ItemResult, RunResult
from eval.stats import Interval, wilson
from eval.stored import StoredRun

SEED = 7


@dataclass(frozen=True, slots=True)
class AlarmReport:
    """What the gate did in rounds of chance.

    Attributes:
        items: How many can be drawn; those marked `info` never gate and are left alone.
        rerolled: How many were drawn in each round.
        flipped: Of them, how many changed in a gated measure, on average.
        fall: Share of the items that were made wrong before.
        failed: Rounds in which the gate failed.
        rate: Their share.
        interval: Of the rate, Wilson, 95 %.
        rules: How often each decision failed.
    """

    name: str
    items: int
    rerolled: int
    flipped: float
    fall: float
    rounds: int
    failed: int
    rate: float
    interval: Interval
    rules: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def bench_alarms(
    run: StoredRun,
    floors: Floors | None,
    *,
    rounds: int = 1000,
    share: float = 0.05,
    fall: float = 0.0,
    progress: Callable[[int, int], None] | None = None,
) -> AlarmReport:
    """Gate a stored run again and again, each time with some items re-rolled; see the module.

    Raises:
        EvalSetupError: No item of the run gates, or the run fails its floors and invariants as it is.
    """
    base = run.record
    ks = run.result.ks
    alike = _alike(run.result.items)
    gating = [at for at, item in enumerate(run.result.items) if len(alike[_kind(item)]) > 1]
    if not gating:
        raise EvalSetupError(f"{run.about.name}: no item of the run gates; nothing can be drawn again")
    now = decide(run.result, floors, None, compare(base, base, ks))
    if now.failed:
        raise EvalSetupError(
            f"{run.about.name}: the run fails as it is ({now.failed[0].rule}), so every round would; "
            "mend it, or its floors, first"
        )
    draw = random.Random(SEED)
    count = round(share * len(gating))
    owed = frozenset(measure.name for measure in measures(ks) if measure.needs)
    rules: Counter[str] = Counter()
    failed = flipped = 0
    for done in range(1, rounds + 1):
        items = list(run.result.items)
        for at, other in _worse(items, gating, alike, round(fall * len(gating)), draw):
            items[at] = _taking(items[at], other, owed)
        for at in draw.sample(gating, count):
            others = [other for other in alike[_kind(items[at])] if other != at]
            items[at] = _taking(items[at], run.result.items[draw.choice(others)], owed)
        report = _gated(run, replace(run.result, items=tuple(items)), floors)
        failed += report.exit_code != 0
        rules.update(decision.rule for decision in report.failed)
        flipped += sum(bool(change.flips) for change in report.comparison.changes) if report.comparison else 0
        if progress:
            progress(done, rounds)
    rate = failed / rounds
    return AlarmReport(
        run.about.name, len(gating), count, flipped / rounds, fall, rounds, failed, rate,
        wilson(rate, rounds) or Interval(0.0, 1.0), dict(rules.most_common()),
    )  # fmt: skip


def _gated(run: StoredRun, drawn: RunResult, floors: Floors | None) -> GateReport:
    found = compare(recorded(drawn, run.about), run.record, drawn.ks)
    return decide(drawn, floors, None, found)


def _kind(item: ItemResult) -> tuple[str, str]:
    return item.question.category, item.question.gate


def _alike(items: Sequence[ItemResult]) -> Mapping[tuple[str, str], list[int]]:
    """Where the items of each kind stand; none of the kinds that never gate."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        if item.question.gate != "info":
            found[_kind(item)].append(at)
    return found


def _worse(
    items: Sequence[ItemResult],
    gating: Sequence[int],
    alike: Mapping[tuple[str, str], list[int]],
    count: int,
    draw: random.Random,
) -> list[tuple[int, ItemResult]]:
    """Where right items stand, each with a wrong one of its kind."""
    wrong = {kind: [items[at] for at in places if not _right(items[at])] for kind, places in alike.items()}
    right = [at for at in gating if _right(items[at]) and wrong[_kind(items[at])]]
    chosen = draw.sample(right, min(count, len(right)))
    return [(at, draw.choice(wrong[_kind(items[at])])) for at in chosen]


def _right(item: ItemResult) -> bool:
    return item.values.get("correct") == 1.0


def _taking(item: ItemResult, other: ItemResult, owed: frozenset[str]) -> ItemResult:
    """An item with the outcome and the measures of another, as far as both owe them."""
    values = {
        name: old if name in owed and None in (old, other.values[name]) else other.values[name]
        for name, old in item.values.items()
    }
    return replace(item, outcome=other.outcome, error=other.error, values=values, answer=other.answer)
