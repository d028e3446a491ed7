"""Train the model that tells body lines from furniture, and try it on sites it was not trained on.

Grown with scikit-learn, used without it (`index/page_model.py`). Pages of one site are never on both sides of
a split. Every page counts twice, once with its list marks and once without, since not every dump writes them.
The threshold is chosen on held-out training pages alone, so that the wanted share of the body is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.bench.clean_pages import Page
from index.errors import MissingExtra
from index.formats.plain_text import blocks
from index.page_features import features, second_pass
from index.page_lines import Line, by_wording, look
from index.page_model import PageModel, Trees, trees

Figures = NDArray[np.float64]
# Chosen by cross-validation on the public pages.
_PASSES = (
    {"n_estimators": 120, "learning_rate": 0.1, "min_samples_leaf": 20},
    {"n_estimators": 100, "learning_rate": 0.08, "min_samples_leaf": 30},
)
_SHARED = {"max_depth": 3, "subsample": 0.5, "max_features": 0.15}
_INNER = 3
RECALL = 0.93
_LEVELS = np.arange(1, 100) / 100


@dataclass(frozen=True, slots=True)
class Sample:
    """One page as it is trained on.

    Attributes:
        site: Pages of one site stay together.
        size: Characters of each block.
        gold: Whether most of a block's characters are body.
        worded: Blocks that are furniture by their wording; no chance makes them body.
        copies: The figures of the blocks, with list marks and without.
    """

    site: str
    size: Figures
    gold: NDArray[np.bool_]
    worded: NDArray[np.bool_]
    copies: tuple[Figures, ...]


def sample_of(page: Page) -> Sample:
    """Read a page like any text file and label its blocks."""
    text = "\n".join(page.lines)
    body = page.body
    found = blocks(text)
    lines = [look(text[block.start : block.end]) for block in found]
    size = np.array([block.end - block.start for block in found], dtype=np.float64)
    held = np.array([sum(body[block.start : block.end]) for block in found], dtype=np.float64)
    bare: list[Line] = [replace(line, bullet=False) for line in lines]
    return Sample(
        site=site_of(page.url_host) or page.id,
        size=size,
        gold=held * 2 > size,
        worded=np.array([bool(reason) for reason in by_wording(lines)], dtype=bool),
        copies=(features(lines), features(bare)),
    )


def site_of(host: str) -> str:
    """The registered part of a host name: `news.example.co.uk` is of the site `example.co.uk`."""
    parts = host.lower().split(".")
    public = 2 if len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3 else 1
    return ".".join(parts[-public - 1 :])


def folds_of(samples: Sequence[Sample], count: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """The samples in `count` parts by site, drawn with a seed."""
    sites = sorted({sample.site for sample in samples})
    order = np.random.default_rng(seed).permutation(len(sites))
    part = {sites[site]: place % count for place, site in enumerate(order)}
    split = (tuple(at for at, one in enumerate(samples) if part[one.site] == k) for k in range(count))
    return tuple(fold for fold in split if fold)


def cross_validate(
    samples: Sequence[Sample],
    *,
    folds: int = 8,
    seed: int = 0,
    recall: float = RECALL,
    progress: Callable[[int, int], None] | None = None,
) -> list[PageModel]:
    """For each page a model that was trained without its site, threshold included."""
    models: dict[int, PageModel] = {}
    parts = folds_of(samples, folds, seed)
    for number, held_out in enumerate(parts, start=1):
        rest = [sample for at, sample in enumerate(samples) if at not in held_out]
        model = train(rest, seed=seed, recall=recall)
        models |= dict.fromkeys(held_out, model)
        if progress:
            progress(number, len(parts))
    return [models[at] for at in range(len(samples))]


def train(samples: Sequence[Sample], *, seed: int = 0, recall: float = RECALL) -> PageModel:
    """A model of all samples; its second pass and its threshold see only held-out verdicts.

    Raises:
        MissingExtra: scikit-learn is not installed.
        ValueError: There are fewer than two sites, or no body or no furniture to learn from.
    """
    parts = folds_of(samples, _INNER, seed + 1)
    if len(parts) < 2:
        raise ValueError("pages of at least two sites are needed")
    everything = tuple(range(len(samples)))
    around: dict[int, list[Figures]] = {}
    for part in parts:
        made = _first([samples[at] for at in everything if at not in part], seed)
        for at in part:
            around[at] = [_both(figures, made) for figures in samples[at].copies]
    chances: dict[int, Figures] = {}
    for part in parts:
        rest = [at for at in everything if at not in part]
        made = _second(samples, around, rest, seed)
        chances |= {at: made.chance(around[at][0]) for at in part}
    threshold = _threshold(samples, [chances[at] for at in everything], recall)
    return PageModel(_first(samples, seed), _second(samples, around, everything, seed), threshold)


def _both(figures: Figures, first: Trees) -> Figures:
    return np.column_stack([figures, second_pass(first.chance(figures), figures[:, 0])])


def _first(samples: Sequence[Sample], seed: int) -> Trees:
    return _grow(0, [(sample, sample.copies) for sample in samples], seed)


def _second(
    samples: Sequence[Sample], around: dict[int, list[Figures]], chosen: Sequence[int], seed: int
) -> Trees:
    return _grow(1, [(samples[at], around[at]) for at in chosen], seed)


def _grow(step: int, rows: Sequence[tuple[Sample, Sequence[Figures]]], seed: int) -> Trees:
    figures = np.vstack([copy for _, copies in rows for copy in copies])
    gold = np.concatenate([sample.gold for sample, copies in rows for _ in copies])
    # Between counting lines and counting characters.
    weight = np.sqrt(1.0 + np.concatenate([sample.size for sample, copies in rows for _ in copies]))
    if gold.all() or not gold.any():
        raise ValueError("the pages hold no body, or nothing else")
    model = _classifier()(random_state=seed, **_SHARED, **_PASSES[step])
    model.fit(figures, gold, sample_weight=weight / weight.mean())
    share = float(np.average(gold, weights=weight))
    grown = [_nodes(tree.tree_, model.learning_rate) for tree in model.estimators_[:, 0]]
    return trees(float(np.log(share / (1.0 - share))), grown)


def _nodes(tree: Any, rate: float) -> list[list[float]]:
    """A tree as nodes, rounded: single precision has seven digits, and the file stays small."""
    nodes: list[list[float]] = []
    for at in range(tree.node_count):
        if tree.children_left[at] < 0:
            nodes.append([float(f"{rate * tree.value[at, 0, 0]:.5g}")])
            continue
        threshold = float(f"{tree.threshold[at]:.7g}")
        left, right = int(tree.children_left[at]), int(tree.children_right[at])
        nodes.append([int(tree.feature[at]), threshold, left, right])
    return nodes


def _threshold(samples: Sequence[Sample], chances: Sequence[Figures], recall: float) -> float:
    """The greatest chance at which pages keep, on average, the wanted share of their body's characters.

    Averaged by page: over all characters a single long page would decide.
    """
    curves = []
    for sample, chance in zip(samples, chances, strict=True):
        body = sample.size * (sample.gold & ~sample.worded)
        if body.any():
            kept = [float(body[chance >= level].sum()) for level in _LEVELS]
            curves.append(np.array(kept) / body.sum())
    enough = np.mean(curves, axis=0) >= recall
    return float(_LEVELS[enough][-1]) if enough.any() else float(_LEVELS[0])


def _classifier() -> Any:
    try:
        from sklearn.ensemble import GradientBoostingClassifier
    except ModuleNotFoundError as error:
        if error.name not in {"sklearn", "sklearn.ensemble"}:
            raise
        raise MissingExtra("training needs scikit-learn: pip install 'cited-rag[dev]'") from error
    return GradientBoostingClassifier
