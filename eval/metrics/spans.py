"""Arithmetic on half-open spans, shared by the retrieval and the citation metrics."""

from collections.abc import Iterable, Sequence


def overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    """Code points that two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def covered(gold: tuple[int, int], spans: Iterable[tuple[int, int]]) -> float:
    """The share of a gold span that lies in the union of other spans."""
    total, reached = 0, gold[0]
    for start, end in sorted(spans):
        begin, stop = max(start, reached), min(end, gold[1])
        if stop > begin:
            total += stop - begin
            reached = stop
    return total / (gold[1] - gold[0])


def found_share(hits: Sequence[bool], parts: Sequence[Sequence[int]]) -> float:
    """Share of the parts of the evidence of which a gold span was hit."""
    return sum(any(hits[at] for at in part) for part in parts) / len(parts)
