"""Tests of a run against a baseline on the same items, and what they could have seen.

Pairs are groups: the mean over a group's items, now and before.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from eval.stats import Array, draws

ALPHA = 0.05
_Z_ALPHA, _Z_POWER = 1.6448536269514722, 0.8416212335729143  # one-sided 5 %, power 80 %


class Flips(NamedTuple):
    """Groups that got worse and better."""

    losses: int
    wins: int


def flips(differences: Sequence[float]) -> Flips:
    """Count groups by the sign of their difference (now less before, higher being better)."""
    return Flips(sum(d < 0 for d in differences), sum(d > 0 for d in differences))


def mcnemar(found: Flips) -> float:
    """One-sided exact p of as many losses or more, if a flip went either way with equal chance.

    Method: McNemar (1947), exact form, https://doi.org/10.1007/BF02295996
    """
    total = found.losses + found.wins
    return float(sum(math.comb(total, at) for at in range(found.losses, total + 1)) / 2**total)


def bootstrap_p(differences: Sequence[float]) -> tuple[float, float]:
    """(p, upper bound): share of resamples whose mean is not below 0, and the one-sided 95 % upper bound."""
    if not differences:
        return 1.0, 0.0
    values: Array = np.array(differences, dtype=np.float64)
    means = draws(len(values)) @ values / len(values)
    # The resample that is the sample itself counts, so that p is never 0.
    p = (int((means >= -1e-12).sum()) + 1) / (len(means) + 1)
    return p, float(np.quantile(means, 1 - ALPHA))


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """p values corrected for their number; each stays comparable with alpha.

    Method: Holm (1979), https://www.jstor.org/stable/4615733
    """
    corrected: dict[str, float] = {}
    largest = 0.0
    for at, (name, p) in enumerate(sorted(values.items(), key=lambda pair: (pair[1], pair[0]))):
        largest = max(largest, min(1.0, (len(values) - at) * p))
        corrected[name] = largest
    return corrected


def detectable(groups: int, discordant: float) -> float | None:
    """Smallest change, as a share, that McNemar's one-sided test sees with power 0.8; None if none is.

    Args:
        groups: Independent groups.
        discordant: Share of them that flip either way.

    Method: Connor (1987), normal approximation, https://doi.org/10.2307/2531961
    """
    if groups < 1 or not 0 < discordant <= 1:
        return None
    # Power of a difference d: (d sqrt(n) - z_alpha sqrt(disc)) / sqrt(disc - d^2) = z_power.
    low, high = 0.0, discordant
    for _ in range(60):
        middle = (low + high) / 2
        spread = math.sqrt(max(discordant - middle * middle, 0.0))
        reached = middle * math.sqrt(groups) >= _Z_ALPHA * math.sqrt(discordant) + _Z_POWER * spread
        low, high = (low, middle) if reached else (middle, high)
    return high if high < discordant - 1e-9 else None
