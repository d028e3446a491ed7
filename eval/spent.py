"""What a run cost: time, tokens, money. Reported, never gated."""

from dataclasses import dataclass

import numpy as np

from eval.runner import RunResult


@dataclass(frozen=True, slots=True)
class Spent:
    """Sums over a run, and the seconds an answer took.

    Attributes:
        p50: Seconds of the median answer; None where no answer states its time.
        p95: The same for the 95th of 100.
        tokens: By kind, as generators count them; empty for those that count none.
        money: What generators say they cost; None where none says.
    """

    answers: int
    p50: float | None
    p95: float | None
    tokens: dict[str, int]
    money: float | None


def seconds(result: RunResult) -> list[float]:
    """How long each answer took, in file order; items that ended in an error are left out."""
    traces = [item.answer.trace for item in result.items if item.answer]
    return [sum(trace.timings.values()) for trace in traces if trace.timings]


def spent(result: RunResult) -> Spent:
    """What a run cost."""
    traces = [item.answer.trace for item in result.items if item.answer]
    took = seconds(result)
    tokens: dict[str, int] = {}
    for trace in traces:
        for kind, count in trace.tokens.items():
            tokens[kind] = tokens.get(kind, 0) + count
    costs = [trace.cost for trace in traces if trace.cost is not None]
    p50, p95 = (float(q) for q in np.quantile(took, [0.5, 0.95])) if took else (None, None)
    return Spent(len(traces), p50, p95, dict(sorted(tokens.items())), sum(costs) if costs else None)
