"""Figures that tell body lines from furniture: a line by itself, its neighbours, its place in the page.

Every figure is computed for all lines at once with running sums, so a page costs time in proportion to its
length. None of them knows a site, a name or a topic; words count only by where else in the page they stand.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.page_lines import LONG, SHORT, Line, densest

Column = NDArray[np.float64]
_KINDS = (
    *("", "advert", "navigation", "share", "comments", "related", "subscription", "footer", "caption"),
    *("loading", "byline"),
)
_WINDOWS = (2, 4, 8, 16)
_FAR = 99.0


def features(lines: Sequence[Line]) -> NDArray[np.float64]:
    """One row a line, one column a figure; the columns are `names()`."""
    columns = _columns(lines)
    return np.column_stack(list(columns.values())) if lines else np.zeros((0, len(columns)))


def names() -> tuple[str, ...]:
    """The names of the columns, in order."""
    return tuple(_columns(()))


def second_pass(score: Column, length: Column) -> NDArray[np.float64]:
    """What the first verdicts say about the surroundings of each line: `score` is the chance of body."""
    columns = [score]
    weighted = score * length
    for reach in (1, 2, 4, 8, 16):
        for sums, total in ((_before, _before), (_after, _after)):
            columns.append(sums(weighted, reach) / (total(length, reach) + 1.0))
            columns.append(sums(score, reach) / reach)
    for step in (-2, -1, 1, 2):
        columns.append(_shifted(score, step))
    everything = weighted.sum() + 1.0
    before = np.cumsum(weighted) - weighted
    columns += [
        before / everything,
        1.0 - (before + weighted) / everything,
        np.full(len(score), np.log1p(everything)),
    ]
    return np.column_stack(columns)


def _columns(lines: Sequence[Line]) -> dict[str, Column]:
    def of(figure: Callable[[Line], float]) -> Column:
        return np.array([figure(line) for line in lines], dtype=np.float64)

    count = len(lines)
    length = of(lambda line: len(line.text))
    prose = of(lambda line: line.prose)
    prose_length = prose * np.minimum(length, 600)
    furniture = of(lambda line: bool(line.furniture))
    short = of(lambda line: len(line.text) < SHORT and not line.ends_sentence)
    ends = of(lambda line: line.ends_sentence)
    bullet = of(lambda line: line.bullet)
    remark = of(lambda line: line.remark)
    talk = of(lambda line: line.remark or (line.dated and len(line.text) < SHORT))
    house = of(lambda line: min(line.house_words, 4))
    at = np.arange(count, dtype=np.float64)
    columns: dict[str, Column] = {
        "length": length,
        "words": of(lambda line: len(line.words)),
        "function": of(lambda line: line.function_share),
        "small": of(lambda line: line.small_share),
        "capital": of(lambda line: line.capital_share),
        "word_length": of(lambda line: line.word_length),
        "digits": of(lambda line: line.digit_share),
        "commas": of(lambda line: line.commas),
        "ends": ends,
        "colon": of(lambda line: line.text.endswith(":")),
        "question": of(lambda line: line.text.endswith("?")),
        "quote": of(lambda line: line.text[:1] in "\"“'‘«" if line.text else False),
        "bullet": bullet,
        "dated": of(lambda line: line.dated),
        "address": of(lambda line: line.address),
        "joints": of(lambda line: line.joints),
        "house": of(lambda line: line.house_words),
        "remark": remark,
        "lower_start": of(lambda line: line.lower_start),
        "prose": prose,
        "furniture": of(lambda line: _KINDS.index(line.furniture) if line.furniture in _KINDS else 0),
        "is_furniture": furniture,
    }
    for name in ("related", "comments", "subscription", "share", "caption", "byline", "advert"):
        columns[f"is_{name}"] = np.array([name in (line.furniture, line.opens) for line in lines], np.float64)
    columns["from_top"] = at
    columns["from_bottom"] = count - 1 - at
    columns["place"] = at / max(1, count - 1)
    read = np.cumsum(length)
    columns["read"] = read / max(1.0, float(length.sum()))
    all_prose = max(1.0, float(prose_length.sum()))
    columns["prose_before"] = (np.cumsum(prose_length) - prose_length) / all_prose
    columns["prose_after"] = 1.0 - np.cumsum(prose_length) / all_prose
    for reach in _WINDOWS:
        for side, sums in (("before", _before), ("after", _after)):
            columns[f"prose_{side}_{reach}"] = sums(prose_length, reach) / reach
            columns[f"length_{side}_{reach}"] = sums(np.minimum(length, 600), reach) / reach
            columns[f"short_{side}_{reach}"] = sums(short, reach) / reach
            columns[f"furniture_{side}_{reach}"] = sums(furniture, reach) / reach
            columns[f"bullet_{side}_{reach}"] = sums(bullet, reach) / reach
    for reach in (3, 8, 24):
        for side, sums in (("before", _before), ("after", _after)):
            columns[f"talk_{side}_{reach}"] = sums(talk, reach)
            columns[f"house_{side}_{reach}"] = sums(house, reach)
    for step in (-2, -1, 1, 2):
        for name in ("length", "function", "capital", "ends", "furniture", "bullet", "digits"):
            columns[f"{name}{step:+d}"] = _shifted(columns[name], step)
    columns |= _runs(lines, short, prose, prose_length, length)
    columns |= _openers(lines)
    columns |= _shared_words(lines, prose_length)
    page = {
        "page_lines": float(count),
        "page_prose": float(prose_length.sum()),
        "page_prose_share": float(prose_length.sum()) / max(1.0, float(length.sum())),
        "page_furniture": float(furniture.mean()) if count else 0.0,
        "page_bullets": float(bullet.mean()) if count else 0.0,
        "page_longest": float(length.max()) if count else 0.0,
    }
    return columns | {name: np.full(count, value) for name, value in page.items()}


def _runs(
    lines: Sequence[Line], short: Column, prose: Column, prose_length: Column, length: Column
) -> dict[str, Column]:
    count = len(lines)
    first, last = densest(lines)
    at = np.arange(count, dtype=np.float64)
    inside = (at >= first) & (at <= last)
    dense = float(prose_length[inside].sum()) if count else 0.0
    columns = {
        "inside": inside.astype(np.float64),
        "after_first": at - first,
        "after_last": at - last,
        "dense_share": np.full(count, dense / max(1.0, float(prose_length.sum()))),
        "short_run": _run_lengths(short > 0),
        "prose_run": _run_lengths(prose > 0),
        "since_prose": _since(prose > 0),
        "until_prose": _since(prose[::-1] > 0)[::-1],
    }
    long = (prose > 0) & (length >= LONG)
    columns["since_long"] = _since(long)
    columns["until_long"] = _since(long[::-1])[::-1]
    # The prose around a line, where a gap of up to three lines does not end it.
    group = np.zeros(count)
    start, quiet, total = 0, 0, 0.0
    for k in range(count + 1):
        if k < count and prose[k]:
            total, quiet = total + prose_length[k], 0
            continue
        quiet += 1
        if quiet > 3 or k == count:
            group[start:k] = total
            start, total = k, 0.0
    columns["group"] = group
    columns["group_share"] = group / max(1.0, float(group.max()) if count else 1.0)
    return columns


def _openers(lines: Sequence[Line]) -> dict[str, Column]:
    """How far up the last line stands that opens a section of furniture, and how many there were."""
    columns = {}
    for name in ("related", "comments", "subscription"):
        opens = np.array([line.opens == name for line in lines], dtype=bool)
        columns[f"since_{name}"] = _since(opens)
        columns[f"count_{name}"] = np.cumsum(opens).astype(np.float64)
    footer = np.array([line.furniture == "footer" for line in lines], dtype=bool)
    columns["since_footer"] = _since(footer)
    columns["until_footer"] = _since(footer[::-1])[::-1]
    return columns


def _shared_words(lines: Sequence[Line], prose_length: Column) -> dict[str, Column]:
    """Whether a line is said again, and how much of its wording stands in the page's prose."""
    texts = Counter(" ".join(line.words) for line in lines)
    earlier: set[str] = set()
    repeated, again, shared, rare = [], [], [], []
    held = Counter[str]()
    sets = [set(word for word in line.words if len(word) > 3) for line in lines]
    for words, weight in zip(sets, prose_length, strict=True):
        if weight:
            held.update(words)
    for line, words, weight in zip(lines, sets, prose_length, strict=True):
        key = " ".join(line.words)
        repeated.append(float(min(texts[key], 9) if key else 0))
        again.append(float(key in earlier))
        earlier.add(key)
        own = 1 if weight else 0
        counts = [held[word] - own for word in words]
        shared.append(sum(1 for c in counts if c > 0) / max(1, len(counts)))
        rare.append(float(np.log1p(counts).mean()) if counts else 0.0)
    return {
        "repeated": np.array(repeated),
        "again": np.array(again),
        "shared": np.array(shared),
        "held": np.array(rare),
    }


def _before(values: Column, reach: int) -> Column:
    total = np.concatenate(([0.0], np.cumsum(values)))
    at = np.arange(len(values))
    return np.asarray(total[at] - total[np.maximum(at - reach, 0)])


def _after(values: Column, reach: int) -> Column:
    return _before(values[::-1], reach)[::-1]


def _shifted(values: Column, step: int) -> Column:
    """The figure of the line `step` further down; -1 beyond the page."""
    out = np.full(len(values), -1.0)
    if step > 0:
        out[:-step] = values[step:]
    else:
        out[-step:] = values[:step]
    return out


def _run_lengths(flags: NDArray[np.bool_]) -> Column:
    """The length of the run of equal flags a line stands in; negative where the flag is off."""
    out = np.zeros(len(flags))
    start = 0
    for k in range(1, len(flags) + 1):
        if k == len(flags) or flags[k] != flags[start]:
            out[start:k] = (k - start) if flags[start] else -(k - start)
            start = k
    return out


def _since(flags: NDArray[np.bool_]) -> Column:
    """Lines since the last flag, the line itself included as 0; 99 where there was none."""
    at = np.arange(len(flags), dtype=np.float64)
    last = np.maximum.accumulate(np.where(flags, at, -np.inf)) if len(flags) else at
    return np.minimum(np.where(np.isinf(last), _FAR, at - np.where(np.isinf(last), 0, last)), _FAR)
