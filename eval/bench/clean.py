"""How well boilerplate is told from body text in plain-text dumps of web pages whose body lines are known.

Counted in characters, since losing a paragraph is worse than losing a word. The two baselines say what the
rules are worth.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from eval.bench.data import read_lines
from eval.bench.sheets import Sheet, figure
from eval.errors import EvalSetupError
from eval.stats import mean
from index.clean import mark
from index.formats.plain_text import blocks

_LONG = 80


class Page(BaseModel):
    """A page as lines of text, and for each whether it belongs to the body."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    lines: tuple[str, ...]
    keep: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Characters: body that was kept, other text that was kept, body that was lost."""

    right: int
    extra: int
    lost: int

    @property
    def precision(self) -> float:
        """Share of the kept text that is body; 0 if nothing was kept."""
        kept = self.right + self.extra
        return self.right / kept if kept else 0.0

    @property
    def recall(self) -> float:
        """Share of the body that was kept; 1 if there is none."""
        body = self.right + self.lost
        return self.right / body if body else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Method:
    """One way of choosing lines, over all pages at once and page by page."""

    name: str
    pages: tuple[Counts, ...]
    cpu_seconds: float

    @property
    def together(self) -> Counts:
        """All pages as one."""
        columns = [(page.right, page.extra, page.lost) for page in self.pages]
        return Counts(*(sum(column) for column in zip(*columns, strict=True)))

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        names = ("precision", "recall", "f1")
        whole = self.together
        return {
            "micro": {name: getattr(whole, name) for name in names},
            "by_page": {name: mean([getattr(page, name) for page in self.pages]) for name in names},
            "characters": asdict(whole),
            "cpu_seconds": self.cpu_seconds,
        }


@dataclass(frozen=True, slots=True)
class CleanReport:
    """The rules first, then the baselines."""

    methods: tuple[Method, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        methods = {method.name: method.to_dict() for method in self.methods}
        return {"pages": len(self.methods[0].pages), "methods": methods}

    def sheets(self) -> tuple[Sheet, ...]:
        """One table."""
        titles = ("precision", "recall", "F1", "precision by page", "recall by page", "F1 by page", "CPU s")
        rows = []
        for method in self.methods:
            plain = method.to_dict()
            values = [*plain["micro"].values(), *plain["by_page"].values()]
            rows.append((method.name, *map(figure, values), f"{method.cpu_seconds:.2f}"))
        return (Sheet((f"{len(self.methods[0].pages)} pages, by characters", *titles), tuple(rows)),)


def bench_clean(folder: Path) -> CleanReport:
    """Judge the boilerplate rules on `dev.jsonl` in a folder.

    Raises:
        EvalSetupError: The file cannot be used.
    """
    path = folder / "dev.jsonl"
    pages = read_lines(path, Page)
    for number, page in enumerate(pages, start=1):
        if len(page.lines) != len(page.keep):
            raise EvalSetupError(f"{path}, page {number}: `lines` and `keep` differ in length")
    ways: tuple[tuple[str, Callable[[Sequence[str]], list[bool]]], ...] = (
        ("the rules", kept_lines),
        ("keep every line", lambda lines: [True] * len(lines)),
        (f"lines of {_LONG} characters or more", lambda lines: [len(line) >= _LONG for line in lines]),
    )
    return CleanReport(tuple(_judge(name, way, pages) for name, way in ways))


def kept_lines(lines: Sequence[str]) -> list[bool]:
    """For each line whether any of it is body text by the rules, the page being read like any text file."""
    text = "\n".join(lines)
    body = bytearray(len(text))
    for block in mark(text, blocks(text)):
        if block.verdict == "body":
            body[block.start : block.end] = b"\1" * (block.end - block.start)
    kept: list[bool] = []
    at = 0
    for line in lines:
        kept.append(any(body[at : at + len(line)]))
        at += len(line) + 1
    return kept


def _judge(name: str, way: Callable[[Sequence[str]], list[bool]], pages: Sequence[Page]) -> Method:
    began = time.process_time()
    choices = [way(page.lines) for page in pages]
    cpu_seconds = time.process_time() - began
    return Method(name, tuple(map(_count, pages, choices)), cpu_seconds)


def _count(page: Page, kept: Sequence[bool]) -> Counts:
    rows = list(zip(map(len, page.lines), page.keep, kept, strict=True))
    return Counts(
        right=sum(size for size, gold, chosen in rows if gold and chosen),
        extra=sum(size for size, gold, chosen in rows if chosen and not gold),
        lost=sum(size for size, gold, chosen in rows if gold and not chosen),
    )
