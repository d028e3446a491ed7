"""Intervals and tests against published figures, scipy, and their definitions worked out in full."""

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.paired import Flips, bootstrap_p, detectable, flips, holm, mcnemar
from eval.stats import RESAMPLES, draws, mean, ratio_interval, wilson


@pytest.mark.parametrize(("n", "right"), [(1, 0), (10, 10), (30, 27), (300, 270), (1000, 1)])
def test_wilson_equals_scipys(n: int, right: int) -> None:
    """The score interval without a continuity correction."""
    from scipy.stats import binomtest

    found, theirs = wilson(right / n, n), binomtest(right, n).proportion_ci(method="wilson")
    assert found
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize(
    ("losses", "wins", "significant"),
    [(5, 0, True), (4, 0, False), (7, 1, True), (6, 1, False), (9, 2, True), (8, 2, False), (10, 3, True),
     (9, 3, False), (13, 5, True), (12, 5, False), (0, 0, False), (0, 9, False)],
)  # fmt: skip
def test_mcnemar_at_its_limits(losses: int, wins: int, significant: bool) -> None:
    """One-sided at 0.05: five losses to none, seven to one, nine to two, ten to three, thirteen to five."""
    assert (mcnemar(Flips(losses, wins)) < 0.05) is significant


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_equals_scipys_binomial_test(losses: int, wins: int) -> None:
    """An exact one-sided test of a fair coin."""
    from scipy.stats import binomtest

    if losses + wins:
        theirs = binomtest(losses, losses + wins, 0.5, alternative="greater").pvalue
        assert mcnemar(Flips(losses, wins)) == pytest.approx(theirs)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_what_testing_every_intersection_gives(values: list[float]) -> None:
    """Holm's correction is Bonferroni's, closed: the largest p of all sets that hold a hypothesis."""
    places = range(len(values))
    sets = [some for size in places for some in itertools.combinations(places, size + 1)]
    closed = [
        max(min(1.0, len(some) * min(values[at] for at in some)) for some in sets if place in some)
        for place in places
    ]
    ours = holm({str(place): values[place] for place in places})
    assert [ours[str(place)] for place in places] == pytest.approx(closed)


def test_the_bootstrap_agrees_with_scipys() -> None:
    """Percentile interval of a mean over independent items, within what 10,000 draws leave open."""
    import numpy as np
    from scipy.stats import bootstrap

    chance = random.Random(3)
    values = [chance.random() for _ in range(80)]
    ours = ratio_interval(range(80), values, [1.0] * 80)
    theirs = bootstrap((values,), np.mean, method="percentile", rng=1).confidence_interval
    assert ours
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.005)


def test_groups_are_drawn_and_not_items() -> None:
    """Twenty copies of five groups leave five to draw from: the interval is far wider."""
    values = [0.0, 0.2, 0.5, 0.8, 1.0] * 20
    naive = ratio_interval(range(100), values, [1.0] * 100)
    grouped = ratio_interval([at % 5 for at in range(100)], values, [1.0] * 100)
    assert naive and grouped
    assert grouped.high - grouped.low > 3 * (naive.high - naive.low)


def test_the_draws_are_seeded_and_fair() -> None:
    """10,000 rows that sum to the number of groups, equal each time."""
    first = draws(7).copy()
    draws.cache_clear()
    assert (draws(7) == first).all()
    assert first.shape == (RESAMPLES, 7)
    assert (first.sum(axis=1) == 7).all()
    assert first.mean(axis=0) == pytest.approx([1.0] * 7, abs=0.05)


def test_nothing_and_a_single_group_have_no_bootstrap() -> None:
    """No variation can be seen; never NaN."""
    assert ratio_interval([], [], []) is None
    assert ratio_interval(["a", "a"], [0.0, 1.0], [1.0, 1.0]) is None
    assert mean([]) is None
    assert bootstrap_p([]) == (1.0, 0.0)


def test_the_bootstrap_test_has_a_direction() -> None:
    """A fall is found, a rise and no change are not."""
    assert bootstrap_p([-0.2, -0.1, -0.3, 0.0, -0.2, -0.4])[0] < 0.05
    assert bootstrap_p([0.2, 0.1, 0.3, 0.0, 0.2, 0.4])[0] > 0.95
    assert bootstrap_p([0.0] * 50)[0] == 1.0
    assert flips([-0.5, 0.0, 0.2, -1.0]) == Flips(2, 1)


@pytest.mark.parametrize(
    ("groups", "discordant", "points"),
    [
        (100, 0.10, 7.6),
        (200, 0.05, 3.9),
        (200, 0.10, 5.5),
        (300, 0.10, 4.5),
        (500, 0.20, 4.9),
        (1000, 0.05, 1.8),
    ],
)
def test_the_smallest_detectable_change(groups: int, discordant: float, points: float) -> None:
    """The table of the design, within the difference of two approximations."""
    found = detectable(groups, discordant)
    assert found
    assert 100 * found == pytest.approx(points, abs=0.25)


def test_what_cannot_be_detected_is_none() -> None:
    """More than every flip would have to be a loss; and no flips, no groups."""
    assert detectable(80, 0.05) is None
    assert detectable(0, 0.1) is None
    assert detectable(100, 0.0) is None
    assert not math.isnan(detectable(100, 1.0) or 0.0)
