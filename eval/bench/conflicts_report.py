"""What `rag bench conflicts` found: precision and recall of the disagreements, half by half. Pure."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from eval.bench.sheets import Share, Sheet, share

Half = Literal["chosen on", "reported"]
HALVES: tuple[Half, ...] = ("chosen on", "reported")


@dataclass(frozen=True, slots=True)
class Seen:
    """One question.

    Attributes:
        conflict: One of its documents states a wrong answer.
        several: It has several right answers, each of another thing of the name.
        claimed: The answer says that sources differ.
        readings: It says that there are several things of the name.
        both: A right and a wrong value are shown side by side, each cited to a document that states it.
        all_right: What is shown holds every right answer.
        none_wrong: It holds no wrong answer.
    """

    half: Half
    conflict: bool
    several: bool
    abstained: bool
    claimed: bool
    readings: bool
    both: bool
    all_right: bool
    none_wrong: bool


@dataclass(frozen=True, slots=True)
class _Measure:
    """A share of `value` among the questions for which `among` holds."""

    label: str
    among: Callable[[Seen], bool]
    value: Callable[[Seen], bool]


MEASURES = {
    "precision": _Measure("conflicts told that are ones", lambda s: s.claimed, lambda s: s.conflict),
    "recall": _Measure("conflicts that are told", lambda s: s.conflict, lambda s: s.claimed),
    "both": _Measure(
        "told rightly: both values shown and rightly cited",
        lambda s: s.claimed and s.conflict,
        lambda s: s.both,
    ),
    "false_alarms": _Measure("told where there is none", lambda s: not s.conflict, lambda s: s.claimed),
    "readings": _Measure("several of one name, told rightly", lambda s: s.readings, lambda s: s.several),
    "abstained": _Measure("refused", lambda s: True, lambda s: s.abstained),
    "all_right": _Measure("every right answer shown", lambda s: True, lambda s: s.all_right),
    "none_wrong": _Measure("no wrong answer shown", lambda s: True, lambda s: s.none_wrong),
    "strict": _Measure(
        "strict exact match: all right, none wrong", lambda s: True, lambda s: s.all_right and s.none_wrong
    ),
}


@dataclass(frozen=True, slots=True)
class ConflictsReport:
    """All questions of a set."""

    data: str
    seen: tuple[Seen, ...] = field(repr=False)

    def share(self, half: Half, name: str) -> Share:
        """One measure in one half, with Wilson's interval over questions."""
        measure = MEASURES[name]
        items = [item for item in self.seen if item.half == half and measure.among(item)]
        return share([(float(measure.value(item)), str(at)) for at, item in enumerate(items)])

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        return {
            "data": self.data,
            "halves": {half: {name: asdict(self.share(half, name)) for name in MEASURES} for half in HALVES},
        }

    def sheets(self) -> tuple[Sheet, ...]:
        """One table, a column for each half."""
        headings = (f"{self.data}, each question of its own documents", *(f"half {half}" for half in HALVES))
        rows = [
            (measure.label, *(_told(self.share(half, name)) for half in HALVES))
            for name, measure in MEASURES.items()
        ]
        return (Sheet(headings, tuple(rows)),)


def _told(found: Share) -> str:
    if found.value is None or found.interval is None:
        return "-"
    return f"{found.value:.3f} [{found.interval.low:.2f}, {found.interval.high:.2f}] n {found.items}"
