"""Several runs of one set as one: for generators whose answers differ from run to run.

The mean of an item's values comes first, then the same figures and paired tests. Such a run reports and does
not block: only the invariants and the share of errors decide.
"""

from collections.abc import Sequence
from dataclasses import replace

from eval.gate import Decision, GateReport
from eval.runner import ItemResult, Replicate, RunResult
from eval.stats import mean

BLOCKING = (0,)


def averaged(runs: Sequence[RunResult]) -> RunResult:
    """The runs as one, each item with its mean values, every fault, and all its answers."""
    if len(runs) == 1:
        return runs[0]
    return replace(runs[0], items=tuple(map(_averaged, zip(*(run.items for run in runs), strict=True))))


def advisory(report: GateReport) -> GateReport:
    """The decisions of a replicated run: floors and regressions are told and decide nothing."""
    decisions = tuple(_advisory(decision) for decision in report.decisions)
    failed = any(decision.passed is False for decision in decisions)
    return replace(report, decisions=decisions, exit_code=3 if report.exit_code == 3 else int(failed))


def _advisory(decision: Decision) -> Decision:
    if decision.tier in BLOCKING or decision.passed is None:
        return decision
    word = "would pass" if decision.passed else "would fail"
    return replace(decision, passed=None, reason=f"{word}, reported only: {decision.reason}")


def _averaged(items: tuple[ItemResult, ...]) -> ItemResult:
    first = items[0]
    values = {
        name: mean([value for item in items if (value := item.values.get(name)) is not None])
        for name in first.values
    }
    failed = next((item for item in items if item.outcome == "error"), first)
    faults = tuple(dict.fromkeys(fault for item in items for fault in item.faults))
    further = tuple(Replicate(item.answer, item.error, item.values.get("correct")) for item in items[1:])
    return replace(
        first, outcome=failed.outcome, error=failed.error, values=values, faults=faults, further=further
    )
