"""Convex fusion: worked out by hand, and its order total."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.fuse import convex

rankings = st.dictionaries(
    st.integers(1, 30), st.floats(-1, 50, allow_nan=False, allow_infinity=False), max_size=20
).map(lambda scores: list(scores.items()))


def test_two_full_lists_by_hand() -> None:
    """Each full list is scaled from its lowest to its highest score, then weighted and added."""
    dense = [(1, 0.9), (2, 0.7), (3, 0.5)]
    words = [(3, 12.0), (1, 7.0), (4, 2.0)]
    fused = convex(dense, words, 0.25, candidates=3)
    assert [chunk for chunk, _ in fused] == [3, 1, 2, 4]
    assert [score for _, score in fused] == pytest.approx([0.75, 0.625, 0.125, 0.0])


def test_a_short_list_keeps_its_weight() -> None:
    """A list with fewer hits than were asked for is scaled from 0, so a lone exact match counts in full."""
    assert convex([], [(7, 3.0)], 0.5, candidates=100) == [(7, 0.5)]
    fused = dict(convex([(1, 0.8), (2, 0.4)], [(7, 3.0)], 0.5, candidates=100))
    assert fused == pytest.approx({1: 0.5, 7: 0.5, 2: 0.25})


def test_a_full_list_starts_at_its_last() -> None:
    """The last of a full list scores 0 from it; in a list cut short it does not."""
    ranking = [(1, 0.8), (2, 0.4)]
    assert dict(convex(ranking, [], 1.0, candidates=2)) == {1: 1.0, 2: 0.0}
    assert dict(convex(ranking, [], 1.0, candidates=3)) == {1: 1.0, 2: 0.5}


def test_below_zero() -> None:
    """Negative cosines stay below positive ones, and a list of nothing but them gives no score."""
    assert dict(convex([(1, 0.5), (2, -0.5)], [], 1.0, candidates=9)) == {1: 1.0, 2: 0.0}
    assert dict(convex([(1, -0.5)], [], 1.0, candidates=9)) == {1: 0.0}


def test_all_alike() -> None:
    """Equal scores all scale to 1 and do not divide by zero."""
    assert convex([(2, 0.3), (1, 0.3)], [], 1.0, candidates=2) == [(1, 1.0), (2, 1.0)]


def test_ties_go_by_id() -> None:
    """Chunks with equal fused scores come in the order of their ids."""
    assert [chunk for chunk, _ in convex([(9, 0.5)], [(3, 5.0)], 0.5, candidates=10)] == [3, 9]


@pytest.mark.parametrize(("weight", "first"), [(1.0, 1), (0.0, 2)])
def test_the_ends_of_the_weight(weight: float, first: int) -> None:
    """With weight 1 only the vectors decide, with 0 only the words; the others stay listed at 0."""
    fused = convex([(1, 0.9)], [(2, 4.0)], weight, candidates=10)
    assert fused[0] == (first, 1.0) and fused[1][1] == 0.0


def test_nothing_found() -> None:
    """Two empty lists give an empty one."""
    assert convex([], [], 0.5, 10) == []


@given(rankings, rankings, st.floats(0, 1), st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_order_is_total(
    dense: list[tuple[int, float]],
    words: list[tuple[int, float]],
    weight: float,
    candidates: int,
    shuffler: random.Random,
) -> None:
    """Every chunk once, by (-score, id), scores in 0 to 1, whatever order the hits came in."""
    fused = convex(dense, words, weight, candidates)
    assert sorted(chunk for chunk, _ in fused) == sorted({chunk for chunk, _ in dense + words})
    assert fused == sorted(fused, key=lambda hit: (-hit[1], hit[0]))
    assert all(0 <= score <= 1 + 1e-12 for _, score in fused)
    shuffler.shuffle(dense)
    shuffler.shuffle(words)
    assert convex(dense, words, weight, candidates) == fused
