"""A run as rows of a table and as the items that went wrong. Pure: nothing is printed or written here.

Figures are easily read as more than they are, so n stands beside each, for items and for independent groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eval.gate import Decision, GateReport
from eval.metrics.answers import said
from eval.metrics.catalogue import JUDGED
from eval.runner import ItemResult, RunResult
from eval.schema import Question
from eval.slices import Figure, cell, find
from eval.whole import whole_names

SHOWN_SPLITS = ("heldout", "dev")
_ANSWERABLE = (
    "containment",
    "correct_when_answered",
    "exact_match",
    "token_f1",
    "nugget_recall",
    "nugget_recall_all",
    "wrong_value",
    "gold_citation_recall",
    "gold_citation_precision",
)
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

    item: ItemResult
    what: str
    answer: str

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.item.question


def rows(result: RunResult, report: GateReport, *, by_type: bool = False) -> tuple[Row, ...]:
    """The table of a run; with `by_type` also the answer and citation measures of each answerable type."""
    wanted = [("correct", "all"), ("citation_validity", "all")]
    wanted += [(name, "answerable") for name in _ANSWERABLE]
    wanted += [(f"evidence_recall@{k}", "answerable") for k in result.ks]
    wanted += [(name, "answerable") for name in ("mrr@10", "ndcg@10", "context_precision")]
    wanted += [(name, "all") for name in ("citation_recall", "citation_precision", "faithfulness")]
    wanted += [("unsupported_figures", "all"), ("unsupported_names", "all")]
    wanted += [("over_abstention", "answerable"), ("partial", "all"), ("partial", "answerable")]
    wanted += [("partial", category) for category in _UNANSWERABLE]
    wanted += [(name, "all") for name in whole_names()]
    wanted += [(name, "all") for name in ("conflict_both_cited", "conflict_single_side")]
    wanted += [("conflict_as_expected", "all"), (JUDGED, "answerable")]
    wanted += [("abstention", category) for category in _UNANSWERABLE]
    wanted += [("false_answer", category) for category in ("unanswerable", *_UNANSWERABLE)]
    if by_type:
        types = sorted({item.question.type for item in result.items if item.question.answerable})
        wanted += [(name, kind) for kind in types for name in ("containment", "gold_citation_recall")]
    floored = [(d.floor.metric, d.floor.category) for d in report.decisions if d.floor]
    known = report.figures
    return tuple(_row(known, report.decisions, *pair) for pair in dict.fromkeys([*wanted, *floored]))


def misses(result: RunResult) -> tuple[Miss, ...]:
    """Every item that did not go as its gold says, in file order."""
    found = []
    for item in result.items:
        what = [*_wrong(item), *item.faults]
        if what:
            answer = item.answer
            reply = "" if answer is None else "(abstained)" if answer.status == "abstained" else said(answer)
            found.append(Miss(item, "; ".join(what), reply))
    return tuple(found)


def _row(known: Sequence[Figure], decisions: Sequence[Decision], metric: str, category: str) -> Row:
    cells = tuple(cell(find(known, metric, split, category)) for split in SHOWN_SPLITS)
    floors: list[str] = []
    verdicts: list[str] = []
    for decision in decisions:
        floor = decision.floor
        if floor and (floor.metric, floor.category) == (metric, category):
            floors.append(f"{floor.floor:.2f} ({floor.split})")
            verdicts.append({True: "pass", False: "FAIL", None: "not gated"}[decision.passed])
    return Row(metric, category, cells, ", ".join(floors), ", ".join(verdicts))


def _wrong(item: ItemResult) -> list[str]:
    values = item.values
    wrong = [item.error] if item.error else []
    for name in ("containment", "nugget_recall", "gold_citation_recall", "abstention"):
        value = values.get(name)
        if value is not None and value < 1.0:
            wrong.append(f"{name} {value:.2f}")
    return [*wrong, *(["a forbidden value"] if values.get("wrong_value") else [])]


def decision_json(decision: Decision) -> dict[str, Any]:
    """One decision as JSON types."""
    return {
        "tier": decision.tier,
        "rule": decision.rule,
        "passed": decision.passed,
        "reason": decision.reason,
    }
