"""A run as table rows and as JSON types. Pure: nothing is printed or written here.

Figures are easily read as more than they are, so n stands beside each, for items and for independent groups.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.gate import Decision, GateReport
from eval.metrics.answers import said
from eval.runner import ItemResult, RunResult
from eval.slices import Figure, figures, find
from eval.whole import RATES

SHOWN_SPLITS = ("heldout", "dev")
_UNANSWERABLE = ("off_corpus", "boilerplate", "same_topic", "false_premise")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a metric on a category, a cell for each of `SHOWN_SPLITS`, and its floors."""

    metric: str
    category: str
    cells: tuple[str, ...]
    floor: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Miss:
    """An item that went wrong, in words."""

    id: str
    split: str
    category: str
    what: str
    question: str
    answer: str


def rows(result: RunResult, report: GateReport, *, by_type: bool = False) -> tuple[Row, ...]:
    """The table of a run; with `by_type` also the answer and citation measures of each answerable type."""
    wanted = [
        ("citation_validity", "all"),
        ("containment", "answerable"),
        ("correct_when_answered", "answerable"),
    ]
    wanted += [(name, "answerable") for name in ("nugget_recall", "wrong_value")]
    wanted += [(name, "answerable") for name in ("gold_citation_recall", "gold_citation_precision")]
    wanted += [(f"evidence_recall@{k}", "answerable") for k in result.ks]
    wanted += [
        ("over_abstention", "answerable"),
        ("partial", "all"),
        *((f"abstention_{rate}", "all") for rate in RATES),
    ]
    wanted += [("abstention", category) for category in _UNANSWERABLE]
    wanted += [("false_answer", category) for category in ("unanswerable", *_UNANSWERABLE)]
    if by_type:
        types = sorted({item.question.type for item in result.items if item.question.answerable})
        wanted += [(name, kind) for kind in types for name in ("containment", "gold_citation_recall")]
    floored = [(d.floor.metric, d.floor.category) for d in report.decisions if d.floor]
    known = figures(result)
    return tuple(_row(known, report.decisions, *pair) for pair in dict.fromkeys([*wanted, *floored]))


def misses(result: RunResult) -> tuple[Miss, ...]:
    """Every item that did not go as its gold says, in file order."""
    found = []
    for item in result.items:
        what = [*_wrong(item), *item.faults]
        if what:
            question, answer = item.question, item.answer
            reply = "" if answer is None else "(abstained)" if answer.status == "abstained" else said(answer)
            found.append(
                Miss(
                    question.id, question.split, question.category, "; ".join(what), question.question, reply
                )
            )
    return tuple(found)


def as_json(result: RunResult, report: GateReport) -> dict[str, Any]:
    """The whole run: decisions, figures, and each item with its values and its answer."""
    return {
        "schema": 1,
        "set": result.name,
        "set_sha256": result.sha256,
        "indexes": sorted({item.answer.trace.index for item in result.items if item.answer}),
        "exit_code": report.exit_code,
        "decisions": [_decision(decision) for decision in report.decisions],
        "figures": [asdict(figure) for figure in figures(result)],
        "items": [_item(item) for item in result.items],
    }


def _row(known: Sequence[Figure], decisions: Sequence[Decision], metric: str, category: str) -> Row:
    cells = tuple(_cell(find(known, metric, split, category)) for split in SHOWN_SPLITS)
    floors: list[str] = []
    verdicts: list[str] = []
    for decision in decisions:
        floor = decision.floor
        if floor and (floor.metric, floor.category) == (metric, category):
            floors.append(f"{floor.floor:.2f} ({floor.split})")
            verdicts.append({True: "pass", False: "FAIL", None: "not gated"}[decision.passed])
    return Row(metric, category, cells, ", ".join(floors), ", ".join(verdicts))


def _cell(figure: Figure) -> str:
    if figure.value is None:
        return "-  n 0"
    interval = f" [{figure.interval.low:.2f}, {figure.interval.high:.2f}]" if figure.interval else ""
    return f"{figure.value:.3f}{interval}  n {figure.items}/{figure.groups}"


def _wrong(item: ItemResult) -> list[str]:
    values = item.values
    wrong = [item.error] if item.error else []
    for name in ("containment", "nugget_recall", "gold_citation_recall", "abstention"):
        value = values.get(name)
        if value is not None and value < 1.0:
            wrong.append(f"{name} {value:.2f}")
    return [*wrong, *(["a forbidden value"] if values.get("wrong_value") else [])]


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "tier": decision.tier,
        "rule": decision.rule,
        "passed": decision.passed,
        "reason": decision.reason,
    }


def _item(item: ItemResult) -> dict[str, Any]:
    question = item.question
    return {
        "id": question.id,
        "split": question.split,
        "category": question.category,
        "group": question.group,
        "gate": question.gate,
        "outcome": item.outcome,
        "error": item.error,
        "values": dict(item.values),
        "faults": list(item.faults),
        "answer": item.answer.to_dict() if item.answer else None,
    }
