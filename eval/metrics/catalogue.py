"""Every measure of one item: whether it is a share of yes and no, which way is better, what the gate tests.

A binary measure has a Wilson interval and McNemar's test, any other a bootstrap over groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

KS = (1, 3, 5, 10)
JUDGED = "judged_right"
"""The one measure by a language model, filled in after the run and only when asked for."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of an item, 0 to 1.

    Attributes:
        better: Which way an answer gets better; "" where neither is.
        gated: Tier 2 tests it against the baseline.
        needs: Which items owe a value even when they end in an error, in which case it is 0.
    """

    name: str
    binary: bool
    better: Literal["high", "low", ""] = "high"
    gated: bool = False
    needs: Literal["expected", "vital", "nuggets", "answers", "evidence", "unanswerable", "conflict", "all",
                   ""] = ""  # fmt: skip


_BEFORE = (
    Measure("correct", True, gated=True, needs="all"),
    Measure("containment", True, gated=True, needs="expected"),
    Measure("correct_when_answered", True),
    Measure("nugget_recall", False, gated=True, needs="vital"),
    Measure("nugget_recall_vital", False, needs="vital"),
    Measure("nugget_recall_all", False, needs="nuggets"),
    Measure("exact_match", True, needs="answers"),
    Measure("token_f1", False, needs="answers"),
    Measure("wrong_value", True, "low", gated=True),
    Measure("citation_validity", False),
    Measure("citation_recall", False, gated=True),
    Measure("citation_precision", False),
    Measure("gold_citation_recall", False, gated=True, needs="evidence"),
    Measure("gold_citation_precision", False, gated=True, needs="evidence"),
    Measure("faithfulness", False),
    Measure("unsupported_figures", False, "low"),
    Measure("unsupported_names", False, "low"),
)
_AFTER = (
    Measure("mrr@10", False, gated=True, needs="evidence"),
    Measure("ndcg@10", False, needs="evidence"),
    Measure("context_precision", False, needs="evidence"),
    Measure("abstention", True, gated=True, needs="unanswerable"),
    Measure("false_answer", True, "low"),
    Measure("over_abstention", True, "low"),
    Measure("partial", True, ""),
    Measure("conflict_detected", True, needs="conflict"),
    Measure("conflict_both_cited", True, needs="conflict"),
    Measure("conflict_single_side", True, "low"),
    Measure("conflict_as_expected", True, gated=True, needs="conflict"),
    Measure(JUDGED, True),
)


def measures(ks: Sequence[int] = KS) -> tuple[Measure, ...]:
    """All measures in the order in which they are shown; evidence recall is gated at the largest k."""
    depths = sorted(ks)
    recall = [Measure(f"evidence_recall@{k}", False, gated=k == depths[-1], needs="evidence") for k in depths]
    hits = [Measure(f"hit@{k}", True, needs="evidence") for k in depths]
    return (*_BEFORE, *recall, *hits, *_AFTER)
