"""The trained model that tells body lines from furniture: two passes of small decision trees, in numpy.

The first pass looks at the lines, the second also at what the first said about the lines around. The weights
lie in `clean_model.json` beside this file; `rag bench clean --data FOLDER --train FILE` makes them and
measures them page by page on sites that were not trained on. Nothing but numpy is needed to use them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelMissing
from index.page_features import features, names, second_pass
from index.page_lines import Line

WEIGHTS = Path(__file__).with_name("clean_model.json")


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of decision trees as one table: a row a tree, a column a node.

    A leaf points at itself, so that every tree can be walked the same number of steps.

    Attributes:
        base: Log-odds before any tree.
        depth: Steps from a root to the deepest leaf.
        value: What a leaf adds to the log-odds; 0 elsewhere.
    """

    base: float
    depth: int
    column: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]

    def chance(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chance of body for each row of figures."""
        rows = np.arange(len(figures))[:, None]
        trees = np.arange(len(self.column))[None, :]
        # The trees were grown on single precision.
        exact = figures.astype(np.float32)
        node = np.zeros((len(figures), len(self.column)), dtype=np.int64)
        for _ in range(self.depth):
            low = exact[rows, self.column[trees, node]] <= self.threshold[trees, node]
            node = np.where(low, self.left[trees, node], self.right[trees, node])
        odds = self.base + self.value[trees, node].sum(axis=1)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


@dataclass(frozen=True, slots=True)
class PageModel:
    """Both passes, and the chance from which a line counts as body."""

    first: Trees
    second: Trees
    threshold: float

    def chances(self, lines: Sequence[Line]) -> NDArray[np.float64]:
        """The chance of body for each line of one page."""
        return self.chances_of(features(lines)) if lines else np.zeros(0)

    def chances_of(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same from the figures of one page."""
        around = second_pass(self.first.chance(figures), figures[:, 0])
        return self.second.chance(np.column_stack([figures, around]))

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        passes = {"first": _plain(self.first), "second": _plain(self.second)}
        return {"columns": list(names()), "threshold": self.threshold, **passes}


@cache
def bundled() -> PageModel:
    """The model that comes with the program, read once.

    Raises:
        ModelMissing: Its file is missing or was made for other figures.
    """
    try:
        return read_model(json.loads(WEIGHTS.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError) as error:
        raise ModelMissing(f"{WEIGHTS} cannot be used ({error}); install the program again") from error


@cache
def weights_hash() -> str:
    """The first 16 hex digits of the SHA-256 of the weights; it is part of the index fingerprint."""
    try:
        return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise ModelMissing(f"{WEIGHTS} cannot be read ({error}); install the program again") from error


def read_model(plain: Mapping[str, Any]) -> PageModel:
    """A model from its JSON types.

    Raises:
        ValueError: It was trained on other figures than this program computes.
    """
    if plain["columns"] != list(names()):
        raise ValueError("made for other figures than this version computes; train it again")
    return PageModel(trees(**plain["first"]), trees(**plain["second"]), float(plain["threshold"]))


def trees(base: float, grown: Sequence[Sequence[Sequence[float]]]) -> Trees:
    """Trees from their nodes, the root first: [column, threshold, left, right], or [value] for a leaf."""
    width = max(map(len, grown), default=1)
    shape = (max(len(grown), 1), width)
    own = np.broadcast_to(np.arange(width), shape)
    column, left, right = np.zeros(shape, np.int64), own.copy(), own.copy()
    threshold, value = np.zeros(shape), np.zeros(shape)
    for row, nodes in enumerate(grown):
        for at, node in enumerate(nodes):
            if len(node) == 1:
                value[row, at] = node[0]
                continue
            column[row, at], left[row, at], right[row, at] = int(node[0]), int(node[2]), int(node[3])
            threshold[row, at] = node[1]
    depth = max((_depth(nodes, 0) for nodes in grown), default=0)
    return Trees(float(base), depth, column, threshold, left, right, value)


def _depth(nodes: Sequence[Sequence[float]], at: int) -> int:
    node = nodes[at]
    if len(node) == 1:
        return 0
    if not at < min(node[2], node[3]):
        raise ValueError("a node points back")
    return 1 + max(_depth(nodes, int(node[2])), _depth(nodes, int(node[3])))


def _plain(made: Trees) -> dict[str, Any]:
    grown = []
    for row in range(len(made.column)):
        nodes: list[list[float]] = []
        for at in range(made.column.shape[1]):
            if made.left[row, at] == at:
                nodes.append([float(made.value[row, at])])
                continue
            left, right = int(made.left[row, at]), int(made.right[row, at])
            nodes.append([int(made.column[row, at]), float(made.threshold[row, at]), left, right])
        grown.append(nodes)
    return {"base": made.base, "grown": grown}
