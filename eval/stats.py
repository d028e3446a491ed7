"""Intervals for shares, computed without scipy, so that the gate runs in a plain install."""

import math
from dataclasses import dataclass

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval inside [0, 1]."""

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
