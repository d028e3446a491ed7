"""The one order of a ranking: best score first, and of equal scores the lower chunk id."""

from collections.abc import Iterable


def ranked(scored: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    """Pairs of a chunk id and its score, best first."""
    # Sorting pairs as they are takes a third of the time of sorting them by a function.
    return [(chunk, -score) for score, chunk in sorted([(-score, chunk) for chunk, score in scored])]
