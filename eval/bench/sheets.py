"""Figures as they are shown: a share with its interval and its n, and plain tables. Nothing prints here."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.stats import Interval, mean, wilson


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A mean of values between 0 and 1.

    Attributes:
        value: None of nothing.
        interval: Wilson, 95 %, the number of independent groups being n.
        items: How many values.
        groups: How many groups they come from.
    """

    value: float | None
    interval: Interval | None
    items: int
    groups: int

    def __str__(self) -> str:
        if self.value is None or self.interval is None:
            return "-"
        between = f"[{self.interval.low:.2f}, {self.interval.high:.2f}]"
        return f"{self.value:.3f} {between} n {self.items}/{self.groups}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that is no share of items, and its interval: a bootstrap over groups."""

    value: float | None
    interval: Interval | None

    def __str__(self) -> str:
        if self.value is None or self.interval is None:
            return figure(self.value)
        return f"{self.value:.3f} [{self.interval.low:.3f}, {self.interval.high:.3f}]"


def share(pairs: Sequence[tuple[float, str]]) -> Share:
    """The share in (value, group) pairs; questions about one document are one group."""
    value = mean([value for value, _ in pairs])
    groups = len({group for _, group in pairs})
    return Share(value, None if value is None else wilson(value, groups), len(pairs), groups)


def figure(value: float | None) -> str:
    """Three places, or a dash."""
    return "-" if value is None else f"{value:.3f}"
