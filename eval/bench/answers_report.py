"""What `rag bench answers` found: for each set the share of questions whose answer is where. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from eval.bench.sheets import Share, Sheet, share
from eval.stats import mean

Gold = Literal["gold answer", "gold sentence"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One answerable question.

    Attributes:
        gold: What was looked for.
        group: The document that answers it.
        answered: It was not refused.
        answer: The answer holds it; a refusal does not.
        chosen: The chosen sentences hold it, whether or not the question would be refused.
        first: The first sentence chosen does.
        without_cosine: The sentences chosen without the cosine of sentence and question do.
        passages: The retrieved passages do.
        precision: Share of the chosen sentences that are gold; None where no sentences are marked.
        sentences: How many were chosen.
        cpu_seconds: Of the answer, in a process that is warm.
    """

    data: str
    gold: Gold
    group: str
    answered: float
    answer: float
    chosen: float
    first: float
    without_cosine: float
    passages: float
    precision: float | None
    sentences: int
    cpu_seconds: float


# Shares by field, as they are shown.
MEASURES = {
    "answered": "not refused",
    "answer": "in the answer",
    "chosen": "in the chosen sentences, none refused",
    "first": "in the first sentence chosen",
    "without_cosine": "in those chosen without the cosine",
    "passages": "in the retrieved passages (ceiling)",
    "precision": "chosen sentences that are gold",
}


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """All answerable questions.

    Attributes:
        left_out: How many questions lean on earlier turns, or lack the mark that others of their set have.
    """

    judged: tuple[Judged, ...] = field(repr=False)
    left_out: int

    def groups(self) -> dict[tuple[str, Gold], list[Judged]]:
        """The questions by set and by what was looked for."""
        found: dict[tuple[str, Gold], list[Judged]] = {}
        for item in self.judged:
            found.setdefault((item.data, item.gold), []).append(item)
        return found

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        return {
            "left_out": self.left_out,
            "sets": [
                {
                    "data": data,
                    "looked_for": gold,
                    **{name: asdict(_share(items, name)) for name in MEASURES},
                    "sentences": mean([float(item.sentences) for item in items]),
                    "cpu_ms": _cpu_ms(items),
                }
                for (data, gold), items in self.groups().items()
            ],
        }

    def sheets(self) -> tuple[Sheet, ...]:
        """One table, a column for each set."""
        groups = self.groups()
        rows = [
            (label, *(str(_share(items, name)) for items in groups.values()))
            for name, label in MEASURES.items()
        ]
        counts = [mean([float(item.sentences) for item in items]) for items in groups.values()]
        rows.append(("sentences chosen, mean", *(f"{count:.2f}" for count in counts)))
        rows.append(("CPU ms for an answer, mean", *(f"{_cpu_ms(items):.0f}" for items in groups.values())))
        headings = ("answerable questions", *(f"{data}: {gold}" for data, gold in groups))
        return (Sheet(headings, tuple(rows)),)


def _share(items: Sequence[Judged], name: str) -> Share:
    return share([(value, item.group) for item in items if (value := getattr(item, name)) is not None])


def _cpu_ms(items: Sequence[Judged]) -> float:
    return 1000 * (mean([item.cpu_seconds for item in items]) or 0.0)
