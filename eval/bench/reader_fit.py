"""What tells whether a document answers: its weights fitted again, and judged on titles they never saw."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.bench.fitting import Logistic, Values, auroc, fit_weighted
from eval.stats import draws
from rag.reader.verdict import SIGNALS

_FOLDS = 10
_PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class Told:
    """A question that a document answers or does not.

    Attributes:
        data: The set it comes from.
        title: Of the document; questions about one title are never on both sides of a fold.
        signals: By name, as `rag/reader/verdict.py` has them.
    """

    data: str
    title: str
    answerable: bool
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Area:
    """An area under the ROC curve, and its standard error when titles are drawn anew."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.error:.3f}"


def fit_told(told: Sequence[Told]) -> Logistic | None:
    """Weights in the order of `SIGNALS`, each set and both answers counting alike; None if any lacks one."""
    labels = np.array([float(item.answerable) for item in told])
    kinds = [(item.data, item.answerable) for item in told]
    sizes = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    if not told or len(sizes) < 2 * len({item.data for item in told}):
        return None
    counts = np.array([len(told) / len(sizes) / sizes[kind] for kind in kinds])
    return fit_weighted(_rows(told), labels, counts, _PENALTY)


def crossed(told: Sequence[Told]) -> list[float] | None:
    """Each question's log odds by weights fitted on titles of other folds; None where `fit_told` is."""
    folds = np.array([hashlib.sha256(item.title.encode()).digest()[1] % _FOLDS for item in told])
    rows, odds = _rows(told), np.zeros(len(told))
    for fold in range(_FOLDS):
        here = folds == fold
        if not here.any():
            continue
        fitted = fit_told([item for item, held in zip(told, here, strict=True) if not held])
        if fitted is None:
            return None
        odds[here] = rows[here] @ np.array(fitted.weights) + fitted.intercept
    return [float(value) for value in odds]


def area(told: Sequence[Told], scores: Sequence[float]) -> Area | None:
    """How well scores tell answerable questions; None unless there are both kinds."""
    value = auroc(scores, [item.answerable for item in told])
    return None if value is None else Area(value, float(np.nanstd(_drawn(told, scores))))


def gain(told: Sequence[Told], scores: Sequence[float], others: Sequence[float]) -> Area | None:
    """How much larger the area of some scores is than that of others on the same questions."""
    own, other = area(told, scores), area(told, others)
    if own is None or other is None:
        return None
    return Area(own.value - other.value, float(np.nanstd(_drawn(told, scores) - _drawn(told, others))))


def _rows(told: Sequence[Told]) -> Values:
    # What states nothing at all is infinitely unlikely to, which no weight can be fitted on.
    rows = np.array([[item.signals[name] for name in SIGNALS] for item in told], dtype=np.float64)
    return rows.clip(-50.0, 50.0)


def _drawn(told: Sequence[Told], scores: Sequence[float]) -> Values:
    """The area in each of many draws of as many titles."""
    titles = {title: at for at, title in enumerate(dict.fromkeys(item.title for item in told))}
    of = np.array([titles[item.title] for item in told])
    right = np.array([item.answerable for item in told])
    values = np.array(scores)
    ones, zeros = values[right], values[~right]
    wins = (ones[:, None] > zeros[None, :]).astype(np.float32) + 0.5 * (ones[:, None] == zeros[None, :])
    each = np.eye(len(titles), dtype=np.float32)
    by_title = (each[of[right]].T @ wins @ each[of[~right]]).astype(np.float64)
    counts = draws(len(titles))
    pairs = (counts @ np.bincount(of[right], minlength=len(titles))) * (
        counts @ np.bincount(of[~right], minlength=len(titles))
    )
    with np.errstate(invalid="ignore"):
        return np.asarray(((counts @ by_title) * counts).sum(axis=1) / pairs, dtype=np.float64)
