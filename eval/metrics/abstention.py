"""Was it right to refuse? The positive class is "abstained"; `partial` counts as answered."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of decisions. None, never NaN, where a rate has no denominator.

    Method: precision, recall and F1 of refusing, as for no-answer in SQuAD 2.0, https://arxiv.org/abs/1806.03822
    """

    refused_rightly: int = 0
    refused_wrongly: int = 0
    answered_wrongly: int = 0
    answered_rightly: int = 0

    @property
    def precision(self) -> float | None:
        """Refusals that were right."""
        return _share(self.refused_rightly, self.refused_rightly + self.refused_wrongly)

    @property
    def recall(self) -> float | None:
        """Unanswerable items that were refused."""
        return _share(self.refused_rightly, self.refused_rightly + self.answered_wrongly)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two; 0 if nothing was refused rightly although something should have been."""
        wrong = self.refused_wrongly + self.answered_wrongly
        return _share(2 * self.refused_rightly, 2 * self.refused_rightly + wrong)


def confusion(decisions: Iterable[tuple[bool, bool]]) -> Confusion:
    """Count pairs of (answerable, abstained)."""
    counts = {(a, b): 0 for a in (False, True) for b in (False, True)}
    for answerable, abstained in decisions:
        counts[answerable, abstained] += 1
    return Confusion(counts[False, True], counts[True, True], counts[False, False], counts[True, False])


def refused(answerable: bool, abstained: bool) -> float | None:
    """1 if an unanswerable item was refused; None for an answerable one. Its mean is the recall."""
    return None if answerable else float(abstained)


def false_answer(answerable: bool, abstained: bool) -> float | None:
    """1 if an unanswerable item was answered; None for an answerable one."""
    return None if answerable else float(not abstained)


def over_abstention(answerable: bool, abstained: bool) -> float | None:
    """1 if an answerable item was refused; None for an unanswerable one."""
    return float(abstained) if answerable else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
