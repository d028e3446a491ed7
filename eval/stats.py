"""Intervals, 95 %: Wilson's for shares, a bootstrap over groups for everything else.

Items of one group are not independent, so groups are what is counted and drawn. The draws are seeded and
the same for every figure over as many groups.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

Z95 = 1.959963984540054
RESAMPLES = 10_000
SEED = 20_230_601


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval."""

    low: float
    high: float


def wilson(share: float, n: int, z: float = Z95) -> Interval | None:
    """Wilson's score interval for a share observed on `n` independent units; None when there are none.

    For a mean of values between 0 and 1 that are not all 0 or 1 the interval is too wide rather than too
    narrow, since their variance is at most `share * (1 - share)`.

    Method: E. B. Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953

    Raises:
        ValueError: The share is outside [0, 1] or `n` is negative.
    """
    if n < 0 or not 0.0 <= share <= 1.0:
        raise ValueError(f"no share: {share} of {n}")
    if n == 0:
        return None
    square = z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    # At shares of exactly 0 and 1 the bound is exact; the square root leaves a rounding error there.
    low = 0.0 if share == 0.0 else max(0.0, centre - half)
    high = 1.0 if share == 1.0 else min(1.0, centre + half)
    return Interval(low, high)


def mean(values: list[float]) -> float | None:
    """The arithmetic mean, or None of nothing; exact summation, so the order of items cannot matter."""
    return math.fsum(values) / len(values) if values else None


@lru_cache(maxsize=4)
def draws(groups: int) -> Array:
    """How often each of `groups` groups is drawn, shape (RESAMPLES, groups); rows sum to `groups`."""
    drawn = np.random.default_rng(SEED).integers(groups, size=(RESAMPLES, groups))
    flat = drawn + groups * np.arange(RESAMPLES)[:, None]
    counts = np.bincount(flat.ravel(), minlength=RESAMPLES * groups)
    return counts.reshape(RESAMPLES, groups).astype(np.float64)


def per_group(groups: Sequence[Hashable], *columns: Sequence[float]) -> list[Array]:
    """Sums of each column by group, groups in the order of their first item."""
    number = {name: at for at, name in enumerate(dict.fromkeys(groups))}
    at = [number[name] for name in groups]
    return [np.bincount(at, column, minlength=len(number)).astype(np.float64) for column in columns]


def ratio_interval(
    groups: Sequence[Hashable], upper: Sequence[float], lower: Sequence[float]
) -> Interval | None:
    """Bootstrap interval of sum(upper) / sum(lower): means, precision, recall and F1 are all of this form.

    None with fewer than two groups, from which no variation can be seen.
    """
    if len(set(groups)) < 2:
        return None
    above, below = per_group(groups, upper, lower)
    weights = draws(len(above))
    total = weights @ below
    return _middle((weights @ above)[total > 0] / total[total > 0])


def weighted_interval(groups: Sequence[Hashable], measure: Callable[[Array], Array]) -> Interval | None:
    """Bootstrap interval of a measure that takes item weights, one row a resample."""
    if len(set(groups)) < 2:
        return None
    number = {name: at for at, name in enumerate(dict.fromkeys(groups))}
    return _middle(measure(draws(len(number))[:, [number[name] for name in groups]]))


def _middle(values: Array) -> Interval | None:
    if not len(values):
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(float(low), float(high))
