"""Logistic regression with an L2 penalty, and the area under the ROC curve: numpy, no further dependency."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


def _sigmoid(logits: Values) -> Values:
    return np.asarray(np.exp(-np.logaddexp(0.0, -logits)), dtype=np.float64)
