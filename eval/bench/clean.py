"""How well boilerplate is told from body text in plain-text dumps of web pages whose body lines are known.

Counted in characters, since losing a paragraph is worse than losing a word. The figure that counts is the
cross-validated one: each page is judged by a model that never saw its site. The model that comes with the
program was trained on all the pages, so its own row flatters it.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from eval.bench.clean_pages import Page, read_pages
from eval.bench.clean_report import CleanReport, Judged, Method, Reason, lines_of
from eval.bench.clean_train import Sample, cross_validate, sample_of, train
from eval.errors import EvalSetupError
from index.clean import mark
from index.formats.plain_text import blocks
from index.page_model import PageModel
from index.records import Block

_LONG = 80


def bench_clean(
    folder: Path,
    *,
    crossed: bool = False,
    folds: int = 8,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> CleanReport:
    """Judge the marking of boilerplate on `dev.jsonl` in a folder.

    Args:
        folder: Where the pages lie.
        crossed: Also train anew for each group of sites and judge the pages left out.
        folds: How many such groups.
        seed: Which sites go together.
        progress: Called with (groups done, groups).

    Raises:
        EvalSetupError: The file cannot be used.
        MissingExtra: `crossed` without scikit-learn.
    """
    pages = read_pages(folder)
    methods: list[Method] = []
    if crossed:
        models = cross_validate(
            [sample_of(page) for page in pages], folds=folds, seed=seed, progress=progress
        )
        methods.append(_judge("trained without the page's site", pages, models))
    methods.append(_judge("as it comes, trained on these pages", pages, [None] * len(pages)))
    return CleanReport((*_with_parts(methods), *_baselines(pages)), _reasons(methods[0]))


def train_on(folder: Path, *, seed: int = 0) -> PageModel:
    """The model of all the pages in a folder.

    Raises:
        EvalSetupError: The file cannot be used.
    """
    samples: list[Sample] = [sample_of(page) for page in read_pages(folder)]
    try:
        return train(samples, seed=seed)
    except ValueError as error:
        raise EvalSetupError(f"{folder}: {error}") from error


def kept_lines(lines: Sequence[str], model: PageModel | None = None) -> list[bool]:
    """For each line whether any of it is body text, the page being read like any text file."""
    found = _marked(lines, model)
    return list(lines_of(lines, [block for block in found if block.verdict == "body"]))


def _marked(lines: Sequence[str], model: PageModel | None) -> tuple[Block, ...]:
    text = "\n".join(lines)
    return mark(text, blocks(text), model=model)


def _judge(name: str, pages: Sequence[Page], models: Sequence[PageModel | None]) -> Method:
    began = time.process_time()
    found = [_marked(page.lines, model) for page, model in zip(pages, models, strict=True)]
    spent = time.process_time() - began
    return Method(name, tuple(map(Judged, pages, found)), spent)


def _with_parts(methods: Sequence[Method]) -> tuple[Method, ...]:
    """The methods, and parts of the first after it."""
    first = methods[0]
    parts = {
        "headlines not counted": [replace(one, headlines=False) for one in first.judged],
        "pages in English": [one for one in first.judged if one.page.english],
        "other pages": [one for one in first.judged if not one.page.english],
    }
    made = [Method(f"... {name}", tuple(some), 0.0) for name, some in parts.items() if some]
    return (first, *made, *methods[1:])


def _baselines(pages: Sequence[Page]) -> tuple[Method, ...]:
    """Every line, and long lines, whatever they say."""
    made = []
    for name, least in (("keep every line", 0), (f"lines of {_LONG} characters or more", _LONG)):
        judged = []
        for page in pages:
            found = blocks_of_lines(page.lines)
            judged.append(Judged(page, tuple(block for block in found if block.end - block.start >= least)))
        made.append(Method(name, tuple(judged), 0.0))
    return tuple(made)


def blocks_of_lines(lines: Sequence[str]) -> tuple[Block, ...]:
    """Each line as a block of the joined text."""
    ends = accumulate(len(line) + 1 for line in lines)
    return tuple(Block(end - 1 - len(line), end - 1) for line, end in zip(lines, ends, strict=True))


def _reasons(method: Method) -> tuple[Reason, ...]:
    """Per reason, whether what was marked for it was rightly marked."""
    number, right, wrong = Counter[str](), Counter[str](), Counter[str]()
    for one in method.judged:
        body = one.page.body
        for block in one.blocks:
            if block.reason:
                gold = sum(body[block.start : block.end])
                number[block.reason] += 1
                wrong[block.reason] += gold
                right[block.reason] += block.end - block.start - gold
    return tuple(Reason(name, number[name], right[name], wrong[name]) for name in sorted(number))
