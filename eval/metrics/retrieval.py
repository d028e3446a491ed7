"""Did the passages hold the evidence? Measured on characters, so re-chunking does not change the gold."""

from collections.abc import Sequence

from eval.metrics.spans import covered, found_share
from eval.schema import COMBINING, Question
from rag.records import Passage

_COVERED = 0.5


def evidence_recall(question: Question, passages: Sequence[Passage], k: int) -> float | None:
    """Gold spans with at least half their characters in the union of the top `k` passages of their document.

    A share for types that need all their spans; for the others one span found is 1. None for an unanswerable
    item. An abstention counts by the passages it found.

    Method: evidence as spans of the source rather than chunk ids, after KILT, https://arxiv.org/abs/2009.02252

    Raises:
        ValueError: `k` is below 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if not question.evidence:
        return None
    top = passages[:k]
    hits = [
        covered((gold.start, gold.end), [(p.start, p.end) for p in top if p.document == gold.doc]) >= _COVERED
        for gold in question.evidence
    ]
    return found_share(hits, all_needed=question.type in COMBINING)
