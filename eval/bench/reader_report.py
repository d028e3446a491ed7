"""What `rag bench reader` found, as tables. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eval.bench.reader_fit import Area, Told, area, gain
from eval.bench.sheets import Sheet, share
from rag.abstain import probability_of
from rag.reader.verdict import LEAST, together


@dataclass(frozen=True, slots=True)
class Read:
    """One question.

    Attributes:
        told: The question, and what tells whether its document answers it.
        exact: The reader's span is a gold answer; None where none is given.
        f1: Its overlap with the best of them.
        ruled_exact: The same for the short answer, or else the first sentence, of the path without it.
        ruled_f1: The same overlap.
        seconds: CPU time of the reader for this document.
        pieces: Word pieces that were read.
    """

    told: Told
    exact: float | None = None
    f1: float | None = None
    ruled_exact: float | None = None
    ruled_f1: float | None = None
    seconds: float = 0.0
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """One set.

    Attributes:
        read: The questions that are reported.
        fitted: Others that weights may be fitted on.
        odds: Of each question that is reported, by weights of both together that were fitted on other titles.
    """

    data: str
    read: tuple[Read, ...]
    fitted: tuple[Read, ...]
    odds: tuple[float, ...] = ()

    @property
    def told(self) -> list[Told]:
        """What tells the reported questions."""
        return [item.told for item in self.read]

    def to_dict(self) -> dict[str, Any]:
        """All figures, for JSON."""
        sheet = sheets([self])[0]
        return {"data": self.data, "figures": {" ".join(row[0].split()): row[1] for row in sheet.rows}}


def sheets(reports: Sequence[ReaderReport]) -> tuple[Sheet, ...]:
    """One table, a column for each set."""

    def shares(name: str) -> Iterator[str]:
        for report in reports:
            found = [
                (value, item.told.title) for item in report.read if (value := getattr(item, name)) is not None
            ]
            yield str(share(found)) if found else "-"

    def areas(score: Callable[[Told], float]) -> Iterator[str]:
        return (_shown(area(report.told, list(map(score, report.told)))) for report in reports)

    def crossed_areas() -> Iterator[str]:
        return (_shown(area(report.told, report.odds) if report.odds else None) for report in reports)

    def gains() -> Iterator[str]:
        for report in reports:
            plain = list(map(_lexical, report.told))
            yield _shown(gain(report.told, report.odds, plain) if report.odds else None)

    def taken(answerable: bool) -> Iterator[str]:
        for report in reports:
            found = [
                (float(probability_of(odds) < LEAST), told.title)
                for told, odds in zip(report.told, report.odds or [0.0] * len(report.read), strict=True)
                if told.answerable == answerable
            ]
            yield str(share(found)) if report.odds and found else "-"

    def cost(report: ReaderReport) -> str:
        pieces = sum(item.pieces for item in report.read)
        return f"{1000 * sum(item.seconds for item in report.read) / pieces * 160:.1f} ms" if pieces else "-"

    rows = (
        ("short answer, exact", *shares("exact")),
        ("  without the reader", *shares("ruled_exact")),
        ("short answer, F1", *shares("f1")),
        ("  without the reader", *shares("ruled_f1")),
        ("answerable or not, AUROC: both", *crossed_areas()),
        ("  without the reader", *areas(_lexical)),
        ("  what the reader adds", *gains()),
        ("  the reader alone", *areas(lambda told: told.signals["stated"] + told.signals["margin"])),
        ("  both, weights as they ship (fitted on these, too)", *areas(lambda told: together(told.signals))),
        ("answerable: taken for missing", *taken(True)),
        ("unanswerable: taken for missing", *taken(False)),
        ("CPU for 160 word pieces", *(cost(report) for report in reports)),
    )
    return (Sheet(("document given", *(report.data for report in reports)), rows),)


def _lexical(told: Told) -> float:
    return told.signals["lexical"]


def _shown(found: Area | None) -> str:
    return "-" if found is None else str(found)
