"""Cost that grows with the length of a text, told from cost that grows with its square."""

import time
from collections.abc import Callable

LONGER = 8
TRIES = 3


def seconds(work: Callable[[str], object], text: str) -> float:
    """CPU seconds of this process for one call."""
    began = time.process_time()
    work(text)
    return time.process_time() - began


def is_linear(work: Callable[[str], object], text: str) -> bool:
    """Whether the whole of a text costs in proportion to an eighth of it.

    Two ratios of one run are compared, so that a slow or busy machine changes nothing: what is linear
    costs 8 times as much, what is quadratic 64 times. A fifth of a second is free, since a ratio of
    next to nothing means nothing.
    """
    part = min(seconds(work, text[: len(text) // LONGER]) for _ in range(TRIES))
    return any(seconds(work, text) < 3 * LONGER * part + 0.2 for _ in range(TRIES))
