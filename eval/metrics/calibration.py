"""Does the confidence of an answer tell whether it is right? Over answered items with a confidence.

An item with `confidence: null`, or without an answer, is not applicable. Each measure takes weights, one row
a resample and one column an item, so that a bootstrap is one call; a row of ones is the value itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """Answered items, most confident first.

    Attributes:
        confidence: Falling.
        wrong: 1 for a wrong answer; items of equal confidence share their mean, so their order is no matter.
        order: Where each item stood in the sequence given.
        ends: Whether the next item is less confident: only there can a threshold cut.
    """

    confidence: Array
    wrong: Array
    order: npt.NDArray[np.intp]
    ends: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of the reliability diagram."""

    confidence: float
    right: float
    items: int


def judged(pairs: Sequence[tuple[float, bool]]) -> Judged:
    """Sort pairs of (confidence, right)."""
    given = np.array([confidence for confidence, _ in pairs], dtype=np.float64)
    wrong = np.array([not right for _, right in pairs], dtype=np.float64)
    order = np.argsort(-given, kind="stable")
    confidence, wrong = given[order], wrong[order]
    block = np.cumsum(np.r_[0, confidence[1:] != confidence[:-1]])[: len(given)]
    shared = np.bincount(block, wrong) / np.bincount(block) if len(given) else wrong
    ends = np.r_[confidence[1:] != confidence[:-1], True][: len(given)]
    return Judged(confidence, shared[block] if len(given) else wrong, order, ends)


def aurc(items: Judged, weights: Array) -> Array:
    """Area under the risk-coverage curve: the error rate of each prefix, averaged over prefixes.

    Method: Geifman and others, https://arxiv.org/abs/1805.08206
    """
    return _area(items.wrong, weights)


def excess_aurc(items: Judged, weights: Array) -> Array:
    """AURC less that of an order with every right answer first."""
    best = np.argsort(items.wrong, kind="stable")
    return _area(items.wrong, weights) - _area(items.wrong[best], weights[:, best])


def coverage_at(items: Judged, weights: Array, risk: float) -> Array:
    """Share of the items in the largest prefix with at most this error rate; 0 if there is none."""
    covered = np.cumsum(weights, axis=1)
    errors = np.cumsum(weights * items.wrong, axis=1)
    fine = (errors <= risk * covered + 1e-9) & items.ends & (covered > 0)
    largest: Array = np.max(np.where(fine, covered, 0.0), axis=1) / covered[:, -1]
    return largest


def calibration_error(items: Judged, weights: Array) -> Array:
    """Expected calibration error over 10 bins of equal mass: the mean gap of confidence and accuracy.

    Method: Guo and others, https://arxiv.org/abs/1706.04599, with bins of equal mass.
    """
    gap: Array = np.zeros(len(weights))
    for part in _parts(len(items.wrong)):
        miss = items.confidence[part] - (1 - items.wrong[part])
        gap += np.abs(weights[:, part] @ miss)
    return np.asarray(gap / weights.sum(axis=1))


def bins(items: Judged) -> tuple[Bin, ...]:
    """The bins of `calibration_error`, for the diagram."""
    return tuple(
        Bin(float(items.confidence[part].mean()), float(1 - items.wrong[part].mean()), part.stop - part.start)
        for part in _parts(len(items.wrong))
    )


def curve(items: Judged) -> tuple[tuple[float, float], ...]:
    """The risk-coverage curve as (coverage, error rate), at the places where a threshold can cut."""
    count = np.arange(1, len(items.wrong) + 1)
    risk = np.cumsum(items.wrong) / count
    cut = items.ends
    return tuple(zip((count[cut] / len(count)).tolist(), risk[cut].tolist(), strict=True))


def _area(wrong: Array, weights: Array) -> Array:
    covered = np.cumsum(weights, axis=1)
    risk = np.cumsum(weights * wrong, axis=1) / np.maximum(covered, 1e-12)
    return np.asarray((risk * weights).sum(axis=1) / weights.sum(axis=1))


def _parts(count: int) -> list[slice]:
    edges = np.linspace(0, count, min(BINS, count) + 1).astype(int) if count else np.zeros(1, int)
    return [slice(int(a), int(b)) for a, b in pairwise(edges)]
