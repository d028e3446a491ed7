"""What `eval/bench/clean.py` finds: each method's characters kept and lost, and its table."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.bench.clean_pages import Counts, Page
from eval.bench.sheets import Sheet, figure
from eval.stats import mean
from index.records import Block


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
        kept = lines_of(page.lines, [block for block in self.blocks if block.verdict == "body"])
        titles = lines_of(page.lines, [block for block in self.blocks if block.reason == "title"])
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


def lines_of(lines: Sequence[str], chosen: Iterable[Block]) -> tuple[bool, ...]:
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
