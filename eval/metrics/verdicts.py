"""What a model that judges an answer said, and how far that agrees with the measures that only count.

A verdict informs and never decides: published judges agree with people poorly and with themselves not always.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_VERDICT = re.compile(r"\W*verdict\W+(right|wrong)\W*", re.IGNORECASE)
_LABEL = re.compile(r"\s*reason\s*:\s*", re.IGNORECASE)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict.

    Attributes:
        right: Whether the answer is; None where the model gave no verdict that can be read.
        reason: Its reason, or why there is no verdict.
    """

    right: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A measure of yes and no against verdicts, on the items that have both.

    Attributes:
        both: Right by both; `neither`: wrong by both.
        judge_only: Right by the judge alone; `measure_only`: right by the measure alone.
    """

    measure: str
    both: int
    neither: int
    judge_only: int
    measure_only: int

    @property
    def items(self) -> int:
        """How many have both."""
        return self.both + self.neither + self.judge_only + self.measure_only

    @property
    def share(self) -> float | None:
        """How many agree; None without items."""
        return (self.both + self.neither) / self.items if self.items else None

    @property
    def kappa(self) -> float | None:
        """Agreement beyond chance; None where one side says the same of every item, so that there is none.

        Method: Cohen (1960), https://doi.org/10.1177/001316446002000104
        """
        if not self.items or self.share is None:
            return None
        judge, measure = self.both + self.judge_only, self.both + self.measure_only
        chance = (judge * measure + (self.items - judge) * (self.items - measure)) / self.items**2
        one_sided = judge in (0, self.items) or measure in (0, self.items)
        return None if one_sided else (self.share - chance) / (1 - chance)


def agreement(measure: str, pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    """Count pairs of (right by the judge, right by the measure)."""
    counts = {(a, b): pairs.count((a, b)) for a in (True, False) for b in (True, False)}
    return Agreement(
        measure, counts[True, True], counts[False, False], counts[True, False], counts[False, True]
    )


def read_verdict(reply: str) -> Verdict:
    """The verdict in a reply: its last line that holds anything must be `VERDICT: RIGHT` or `… WRONG`.

    Anything else is no verdict. What a judge says on the way, and may quote from the answer, does not count.
    """
    _, ended, told = reply.rpartition("</think>")
    if "<think>" in reply and not ended:
        return Verdict(None, "the reply is a thought without an end")
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    found = _VERDICT.fullmatch(lines[-1]) if lines else None
    said = " ".join(" ".join(lines[:-1] if found else lines).split())
    reason = _LABEL.sub("", said, count=1)[:_LONGEST]
    if found is None:
        return Verdict(None, f"no verdict in the reply: {reason}" if reason else "the reply is empty")
    return Verdict(found[1].lower() == "right", reason)
