"""What `rag bench conflicts` found: precision and recall of the disagreements, half by half. Pure.

Where figures of a set were published, the strict exact match stands beside them. They are of language models
that word one answer; who shows both sides of a disagreement shows a wrong answer, which counts as a miss.
"""

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
class Published:
    """A strict exact match that others report for all questions of a set.

    Attributes:
        source: Where it is stated.
    """

    system: str
    strict: float
    source: str


# By the name of a set's folder.
PUBLISHED = {
    "ramdocs": (
        Published(
            "Llama3.3-70B-Instruct with all documents, the best baseline",
            0.326,
            "Wang et al. 2025, Retrieval-Augmented Generation with Conflicting Evidence, arXiv:2504.13079",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class ConflictsReport:
    """All questions of a set."""

    data: str
    seen: tuple[Seen, ...] = field(repr=False)

    @property
    def published(self) -> tuple[Published, ...]:
        """What others report for the set."""
        return PUBLISHED.get(self.data.lower(), ())

    def share(self, half: Half, name: str) -> Share:
        """One measure in one half, with Wilson's interval over questions."""
        measure = MEASURES[name]
        items = [item for item in self.seen if item.half == half and measure.among(item)]
        return share([(float(measure.value(item)), str(at)) for at, item in enumerate(items)])

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        return {
            "data": self.data,
            "published": [asdict(known) for known in self.published],
            "halves": {half: {name: asdict(self.share(half, name)) for name in MEASURES} for half in HALVES},
        }

    def sheets(self) -> tuple[Sheet, ...]:
        """One table with a column for each half, and one of published figures where there are any."""
        headings = (f"{self.data}, each question of its own documents", *(f"half {half}" for half in HALVES))
        rows = [
            (measure.label, *(_told(self.share(half, name)) for half in HALVES))
            for name, measure in MEASURES.items()
        ]
        measured = Sheet(headings, tuple(rows))
        return (measured, self._beside()) if self.published else (measured,)

    def _beside(self) -> Sheet:
        ours = [
            (f"this program, half {half}", _told(self.share(half, "strict")), "this run") for half in HALVES
        ]
        theirs = [(known.system, f"{known.strict:.3f}", known.source) for known in self.published]
        return Sheet((MEASURES["strict"].label, "share", "source"), (*ours, *theirs))


def _told(found: Share) -> str:
    if found.value is None or found.interval is None:
        return "-"
    return f"{found.value:.3f} [{found.interval.low:.2f}, {found.interval.high:.2f}] n {found.items}"
