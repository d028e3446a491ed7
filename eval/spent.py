"""What a run cost: time, tokens, money. Reported, never gated."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from eval.replies import KEPT
from eval.runner import RunResult
from rag.records import Trace


@dataclass(frozen=True, slots=True)
class Spent:
    """Sums over all replicates of a run, and the seconds an answer took.

    Attributes:
        p50: Seconds of the median answer; None where no answer states its time.
        p95: The same for the 95th of 100.
        tokens: By kind, as generators count them; those of kept replies apart; empty where none is counted.
        money: What was paid; None where it is not known of every answer.
        kept: Answers with a kept reply of a language model: it cost nothing, and they are not timed.
    """

    answers: int
    p50: float | None
    p95: float | None
    tokens: dict[str, int]
    money: float | None
    kept: int = 0


def seconds(*runs: RunResult) -> list[float]:
    """How long each answer took, in file order; those that ended in an error or were kept are left out."""
    return [sum(trace.timings.values()) for trace in _traces(runs) if trace.timings and not _from_kept(trace)]


def spent(*runs: RunResult) -> Spent:
    """What runs of one set cost together."""
    traces = list(_traces(runs))
    took = seconds(*runs)
    tokens: dict[str, int] = {}
    for trace in traces:
        for kind, count in trace.tokens.items():
            tokens[kind] = tokens.get(kind, 0) + count
    costs = [trace.cost for trace in traces if trace.cost is not None]
    unknown = any(trace.cost is None for trace in traces if any(trace.tokens.values()))
    p50, p95 = (float(q) for q in np.quantile(took, [0.5, 0.95])) if took else (None, None)
    money = sum(costs) if costs and not unknown else None
    return Spent(len(traces), p50, p95, dict(sorted(tokens.items())), money, sum(map(_from_kept, traces)))


def cost_told(cost: Spent) -> str:
    """What a run cost, in one line."""
    told = [f"{cost.answers} answers"]
    if cost.p50 is not None and cost.p95 is not None:
        told.append(f"{cost.p50:.3f} s the median one, {cost.p95:.3f} s the 95th of 100")
    told += [f"{count} {kind} tokens" for kind, count in cost.tokens.items()]
    told += [f"cost {cost.money:.4f}"] if cost.money is not None else []
    told += [f"{cost.kept} with kept replies, which cost nothing and are not timed"] if cost.kept else []
    return "; ".join(told)


def _traces(runs: Iterable[RunResult]) -> Iterable[Trace]:
    return (item.answer.trace for run in runs for item in run.items if item.answer)


def _from_kept(trace: Trace) -> bool:
    return any(kind.startswith(KEPT) for kind in trace.tokens)
