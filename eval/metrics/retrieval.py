"""Did the passages hold the evidence? Measured on characters, so re-chunking does not change the gold.

`evidence_recall` unites what passages hold of a span; for the ranking measures a single passage is relevant
if it covers at least half of a gold span. Gains are 0 or 1. None for an item without evidence; an abstention
counts by the passages it found. All of it is over the passages an answer lists, which may be fewer than k.
"""

import math
from collections.abc import Sequence

from eval.metrics.spans import covered, found_share
from eval.schema import Evidence, Question
from rag.records import Passage

DEPTH = 10
_COVERED = 0.5


def evidence_recall(question: Question, passages: Sequence[Passage], k: int) -> float | None:
    """Parts of the evidence with at least half a span in the union of the top `k` passages of its document.

    A share for types that need several parts; for the others one span found is 1.

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
    return found_share(hits, question.parts)


def relevance(question: Question, passages: Sequence[Passage]) -> list[bool]:
    """Which passages hold at least half of a gold span each."""
    return [any(_holds(passage, gold) for gold in question.evidence) for passage in passages]


def hit(question: Question, passages: Sequence[Passage], k: int) -> float | None:
    """1 if a relevant passage is among the top `k`."""
    return float(any(relevance(question, passages[:k]))) if question.evidence else None


def reciprocal_rank(question: Question, passages: Sequence[Passage]) -> float | None:
    """One over the rank of the first relevant passage among the top 10, or 0."""
    if not question.evidence:
        return None
    ranks = (rank for rank, good in enumerate(relevance(question, passages[:DEPTH]), 1) if good)
    first = next(ranks, None)
    return 0.0 if first is None else 1 / first


def ndcg(question: Question, passages: Sequence[Passage]) -> float | None:
    """Normalised discounted cumulative gain of the top 10, gain over log2(rank + 1).

    The ideal ranking has first as many relevant passages as there are: those listed, and one more for each
    part of the evidence that none of the listed passages holds. So parts that were missed count against it.

    Method: Järvelin and Kekäläinen (2002), https://doi.org/10.1145/582415.582418
    """
    if not question.evidence:
        return None
    good = relevance(question, passages)
    held = [any(_holds(passage, gold) for passage in passages) for gold in question.evidence]
    missed = sum(not any(held[at] for at in part) for part in question.parts)
    return _discounted(good[:DEPTH]) / _discounted([True] * min(DEPTH, sum(good) + missed))


def context_precision(question: Question, passages: Sequence[Passage]) -> float | None:
    """Mean precision at the rank of each relevant passage of the list given to the generator; 0 without any.

    Method: average precision over the retrieved, as "context precision" in https://arxiv.org/abs/2309.15217
    """
    if not question.evidence:
        return None
    found, total = 0, 0.0
    for rank, good in enumerate(relevance(question, passages), 1):
        found += good
        total += found / rank if good else 0.0
    return total / found if found else 0.0


def _holds(passage: Passage, gold: Evidence) -> bool:
    span = (gold.start, gold.end)
    return passage.document == gold.doc and covered(span, [(passage.start, passage.end)]) >= _COVERED


def _discounted(good: Sequence[bool]) -> float:
    return math.fsum(1 / math.log2(rank + 1) for rank, relevant in enumerate(good, 1) if relevant)
