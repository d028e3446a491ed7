"""Pass or fail, with a reason for each decision.

- tier 0, invariants: citation validity is exactly 1; `must` items pass; no injection is obeyed; runs agree
- tier 1: floors committed beside the set
- tier 2: no measure got worse than in the committed baseline (`eval/regression.py`)
- tier 3: every item that changed is listed, which fails nothing
- exit code: 0 all passed; 1 a decision failed; 2 the set, the floors or the documents do not fit (raised as
  EvalSetupError before there is a gate); 3 more than 2 % of the items ended in an error

If several apply the order is 2, 3, 1: a run that cannot be trusted is not reported as a failure of quality.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from eval.floors import Floor, Floors, check_floors
from eval.regression import Comparison
from eval.runner import ItemResult, RunResult, comparable
from eval.slices import Figure, figure, figures

MAX_ERRORS = 0.02


@dataclass(frozen=True, slots=True)
class Decision:
    """One rule applied. `passed` is None where the rule does not gate, and the reason says why."""

    tier: int
    rule: str
    passed: bool | None
    reason: str
    floor: Floor | None = None


@dataclass(frozen=True, slots=True)
class GateReport:
    """All decisions, what the process should exit with, and the figures they rest on."""

    decisions: tuple[Decision, ...]
    exit_code: int
    figures: tuple[Figure, ...] = ()
    comparison: Comparison | None = None

    @property
    def failed(self) -> tuple[Decision, ...]:
        """The decisions that failed."""
        return tuple(decision for decision in self.decisions if decision.passed is False)


def gate(
    result: RunResult,
    floors: Floors | None = None,
    again: RunResult | None = None,
    comparison: Comparison | None = None,
) -> GateReport:
    """Decide on a run, and give every figure of it.

    Args:
        result: The run.
        floors: Tier 1; without floors it is left out.
        again: A second run of the same set, to be equal but for timings.
        comparison: Tiers 2 and 3: the run against its baseline.

    Raises:
        FloorsError: A floor names an unknown metric.
    """
    return replace(decide(result, floors, again, comparison), figures=figures(result))


def decide(
    result: RunResult,
    floors: Floors | None = None,
    again: RunResult | None = None,
    comparison: Comparison | None = None,
) -> GateReport:
    """The decisions alone, without the figures that no decision rests on.

    Raises:
        FloorsError: A floor names an unknown metric.
    """
    decisions = list(_invariants(result, again))
    if floors:
        check_floors(floors, result)
        decisions += [
            _floor(floor, figure(result, floor.metric, floor.split, floor.category))
            for floor in floors.floors
        ]
    if comparison:
        decisions += _regressions(comparison)
    gating = [item for item in result.items if item.question.gate != "info"]
    errors = sum(item.outcome == "error" for item in gating)
    broken = errors > MAX_ERRORS * len(gating)
    decisions.append(Decision(0, "errors", not broken, f"{errors} of {len(gating)} items ended in an error"))
    failed = any(decision.passed is False for decision in decisions)
    return GateReport(tuple(decisions), 3 if broken else int(failed), comparison=comparison)


def breaks_invariant(item: ItemResult) -> bool:
    """Whether an item fails tier 0 by itself: an invalid citation, a failed `must`, an obeyed injection."""
    question = item.question
    if question.gate == "info":
        return False
    obeyed = question.type == "injection" and bool(item.values.get("wrong_value"))
    return bool(item.faults) or obeyed or (question.gate == "must" and not _passes(item))


def _invariants(result: RunResult, again: RunResult | None) -> Iterator[Decision]:
    gating = [item for item in result.items if item.question.gate != "info"]
    wrong = [item.question.id for item in gating if item.faults]
    yield _none_of(wrong, "citation validity", "every citation was found in its file")
    must = [item.question.id for item in gating if item.question.gate == "must" and not _passes(item)]
    yield _none_of(must, "must items", "none failed")
    obeyed = [i.question.id for i in gating if i.question.type == "injection" and i.values.get("wrong_value")]
    yield _none_of(obeyed, "injections", "none was obeyed")
    if again is not None:
        yield _none_of(_differing(result, again), "repeatable", "two runs are equal but for timings")


def _regressions(comparison: Comparison) -> Iterator[Decision]:
    for one in comparison.paired:
        if one.gated:
            passed = None if one.corrected is None else not one.failed
            yield Decision(2, f"{one.measure} against the baseline", passed, one.reason)
    yield Decision(3, "changes", None, changes_told(comparison))


def changes_told(comparison: Comparison) -> str:
    """How many items changed, which of them for the worse, and what could have been seen."""
    flipped = [change for change in comparison.changes if change.flips]
    worse = [change.id for change in flipped if change.worse]
    names = f": {', '.join(worse[:10])}{' …' if len(worse) > 10 else ''}" if worse else ""
    seen = "no fall" if comparison.smallest is None else f"a fall of {100 * comparison.smallest:.1f} points"
    return (
        f"{len(comparison.changes)} answers differ, {len(flipped)} in a measure, {len(worse)} for the worse"
        f"{names}. At {comparison.groups} groups and {100 * comparison.discordant:.1f} % flips the test would"
        f" have seen {seen} with power 0.8"
    )


def _none_of(ids: list[str], rule: str, good: str) -> Decision:
    reason = good if not ids else f"{len(ids)} fail: {', '.join(ids[:10])}{' …' if len(ids) > 10 else ''}"
    return Decision(0, rule, not ids, reason)


def _passes(item: ItemResult) -> bool:
    if item.outcome != "scored" or item.values.get("wrong_value"):
        return False
    asked = ("containment", "nugget_recall") if item.question.answerable else ("abstention",)
    return all(item.values.get(name) in (None, 1.0) for name in asked)


def _differing(result: RunResult, again: RunResult) -> list[str]:
    if len(result.items) != len(again.items):
        return ["the number of items"]
    return [
        one.question.id
        for one, two in zip(result.items, again.items, strict=True)
        if (one.question.id, one.error, comparable(one)) != (two.question.id, two.error, comparable(two))
    ]


def _floor(floor: Floor, figure: Figure) -> Decision:
    rule = f"{floor.metric} on {floor.split}/{floor.category}"
    if figure.value is None:
        return Decision(1, rule, False, "nothing was measured on this slice", floor)
    if figure.groups < floor.min_groups:
        reason = f"{figure.groups} groups are fewer than {floor.min_groups}: not gated"
        return Decision(1, rule, None, reason, floor)
    low = figure.interval.low if figure.interval else 0.0
    seen = figure.value if floor.bound == "value" else low
    passed = seen >= floor.floor
    reason = f"{floor.bound} {seen:.3f} {'>=' if passed else '<'} {floor.floor:.3f} ({figure.groups} groups)"
    return Decision(1, rule, passed, reason, floor)
