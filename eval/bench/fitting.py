"""Logistic regression with an L2 penalty, and the area under the ROC curve: numpy, no further dependency."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.stats import Interval, weighted_interval

Values = NDArray[np.float64]

_STEPS = 100
_HALVINGS = 40
_DONE = 1e-10


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted model: `1 / (1 + exp(-(intercept + weights · x)))`."""

    weights: tuple[float, ...]
    intercept: float

    def probabilities(self, rows: Values) -> Values:
        """One probability a row."""
        return _sigmoid(rows @ np.array(self.weights) + self.intercept)


def fit_logistic(rows: Values, labels: Values, penalty: float = 1.0) -> Logistic:
    """The weights that make `labels` (0 and 1) likeliest, both classes counting alike.

    Minimises `penalty / 2 · |weights|²` plus the log loss by Newton's method; the intercept is free. The rows
    of a class have weights that sum to half the number of rows, so a common class does not shift the
    intercept.

    Raises:
        ValueError: One of the two classes is missing.
    """
    ones, size = int(labels.sum()), len(labels)
    if not 0 < ones < size:
        raise ValueError("both classes are needed")
    counts = np.where(labels == 1, size / (2 * ones), size / (2 * (size - ones)))
    return fit_weighted(rows, labels, counts, penalty)


def fit_weighted(rows: Values, labels: Values, counts: Values, penalty: float) -> Logistic:
    """The same where row i stands for `counts[i]` rows."""
    extended = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.diag([*[penalty] * rows.shape[1], 0.0])

    def loss(point: Values) -> float:
        signed = np.where(labels == 1, 1.0, -1.0) * (extended @ point)
        return float(point @ ridge @ point / 2 + counts @ np.logaddexp(0.0, -signed))

    point = np.zeros(extended.shape[1])
    for _ in range(_STEPS):
        likely = _sigmoid(extended @ point)
        gradient = ridge @ point + extended.T @ (counts * (likely - labels))
        curvature = ridge + (extended.T * (counts * likely * (1 - likely))) @ extended
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        now = loss(point)
        # A full step can overshoot where the classes nearly separate.
        for _ in range(_HALVINGS):
            if loss(point - step) <= now:
                break
            step = step / 2
        point = point - step
        if float(np.abs(step).max()) < _DONE:
            break
    return Logistic(tuple(map(float, point[:-1])), float(point[-1]))


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The chance that a positive scores above a negative, ties counting half; None without both.

    Method: the Mann-Whitney statistic, https://doi.org/10.1148/radiology.143.1.7063747
    """
    found = np.array(positive, dtype=bool)
    ones, zeros = int(found.sum()), int((~found).sum())
    if not ones or not zeros:
        return None
    _, place, counts = np.unique(np.array(scores, dtype=np.float64), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[found].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def auroc_interval(
    groups: Sequence[Hashable], scores: Sequence[float], positive: Sequence[bool]
) -> Interval | None:
    """Bootstrap interval of `auroc` over groups; None with fewer than two, or without both classes."""
    if auroc(scores, positive) is None:
        return None
    names = {name: at for at, name in enumerate(dict.fromkeys(groups))}
    at = np.array([names[name] for name in groups])
    found, values = np.array(positive, dtype=bool), np.array(scores, dtype=np.float64)
    ones, zeros = values[found], values[~found]
    won = (ones[:, None] > zeros) + 0.5 * (ones[:, None] == zeros)
    # How often the positives of a group win against the negatives of another, for each two of them.
    table = np.zeros((len(names), len(names)))
    np.add.at(table, (at[found][:, None], at[~found][None, :]), won)
    pairs = np.outer(*(np.bincount(part, minlength=len(names)) for part in (at[found], at[~found])))

    def measure(weights: Values) -> Values:
        above, below = (
            np.einsum("rg,gh,rh->r", weights, each, weights, optimize=True) for each in (table, pairs)
        )
        return np.asarray(above[below > 0] / below[below > 0], dtype=np.float64)

    return weighted_interval(list(names), measure)


def _sigmoid(logits: Values) -> Values:
    return np.asarray(np.exp(-np.logaddexp(0.0, -logits)), dtype=np.float64)
