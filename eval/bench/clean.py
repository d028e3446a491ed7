"""How well boilerplate is told from body text in plain-text dumps of web pages whose body lines are known.

Counted in characters, since losing a paragraph is worse than losing a word. The figure that counts is the
cross-validated one: each page is judged by a model that never saw its site. The model that comes with the
program was trained on all the pages, so its own row flatters it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from eval.bench.clean_pages import Counts, Page, read_pages
from eval.bench.clean_train import Sample, cross_validate, sample_of, train
from eval.bench.sheets import Sheet, figure
from eval.errors import EvalSetupError
from eval.stats import mean
from index.clean import mark
from index.formats.plain_text import blocks
from index.page_model import PageModel
from index.records import Block

_LONG = 80


@dataclass(frozen=True, slots=True)
class Judged:
    """A page and its blocks as they were marked; `headlines` says whether those kept as such count."""

    page: Page
    blocks: tuple[Block, ...]
    headlines: bool = True

    @property
    def counts(self) -> Counts:
        """A line is kept if a character of it is."""
        page = self.page
        kept = _lines_of(page.lines, [block for block in self.blocks if block.verdict == "body"])
        titles = _lines_of(page.lines, [block for block in self.blocks if block.reason == "title"])
        rows = [
            (len(line), gold, chosen)
            for line, gold, chosen, title in zip(page.lines, page.keep, kept, titles, strict=True)
            if self.headlines or not title
        ]
        return Counts(
            right=sum(size for size, gold, chosen in rows if gold and chosen),
            extra=sum(size for size, gold, chosen in rows if chosen and not gold),
            lost=sum(size for size, gold, chosen in rows if gold and not chosen),
        )


@dataclass(frozen=True, slots=True)
class Method:
    """One way of choosing lines, over all pages at once and page by page."""

    name: str
    judged: tuple[Judged, ...]
    cpu_seconds: float

    @property
    def pages(self) -> tuple[Counts, ...]:
        """Characters, page by page."""
        return tuple(one.counts for one in self.judged)

    @property
    def together(self) -> Counts:
        """All pages as one."""
        columns = [(page.right, page.extra, page.lost) for page in self.pages]
        return Counts(*(sum(column) for column in zip(*columns, strict=True)))

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        names = ("precision", "recall", "f1")
        whole, pages = self.together, self.pages
        return {
            "pages": len(pages),
            "micro": {name: getattr(whole, name) for name in names},
            "by_page": {name: mean([getattr(page, name) for page in pages]) for name in names},
            "characters": asdict(whole),
            "cpu_seconds": self.cpu_seconds,
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """What was marked for one reason: blocks, and characters that are not body or are."""

    name: str
    blocks: int
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class CleanReport:
    """The ways of choosing lines, and the reasons given by the first of them."""

    methods: tuple[Method, ...]
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        methods = {method.name: method.to_dict() for method in self.methods}
        reasons = {reason.name: asdict(reason) for reason in self.reasons}
        return {"pages": len(self.methods[0].pages), "methods": methods, "reasons": reasons}

    def sheets(self) -> tuple[Sheet, ...]:
        """A table of the ways, a table of the reasons."""
        titles = ("precision", "recall", "F1", "precision by page", "recall by page", "F1 by page", "CPU s")
        rows = []
        for method in self.methods:
            plain = method.to_dict()
            values = [*plain["micro"].values(), *plain["by_page"].values()]
            rows.append((method.name, *map(figure, values), f"{method.cpu_seconds:.2f}"))
        first = Sheet((f"{len(self.methods[0].pages)} pages, by characters", *titles), tuple(rows))
        marked = [(row.name, str(row.blocks), str(row.right), str(row.wrong)) for row in self.reasons]
        columns = ("marked as", "blocks", "characters not of the body", "of the body")
        return first, Sheet(columns, tuple(marked))


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
    return list(_lines_of(lines, [block for block in found if block.verdict == "body"]))


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


def _lines_of(lines: Sequence[str], chosen: Iterable[Block]) -> tuple[bool, ...]:
    """Which lines hold a character of the chosen blocks."""
    held = bytearray(sum(map(len, lines)) + len(lines))
    for block in chosen:
        held[block.start : block.end] = b"\1" * (block.end - block.start)
    flags: list[bool] = []
    at = 0
    for line in lines:
        flags.append(any(held[at : at + len(line)]))
        at += len(line) + 1
    return tuple(flags)


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
