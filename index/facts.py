"""What holds of a chunk or a term whatever is asked: worked out once, kept while its generation is open.

An answer looks at some forty sentences, and the room above needs to know the same things of them each time.
A generation never changes, so nothing kept here can grow old.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Key = TypeVar("Key", int, str)
Fact = TypeVar("Fact")
_KEPT = 4096


class Facts:
    """The last few thousand facts that were worked out; safe for many threads."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, work_out: Callable[[], Fact]) -> Fact:
        """The fact under a key, which is never None."""
        found: Fact | None = self._kept.get(key)
        if found is None:
            found = work_out()
            with self._lock:
                self._kept[key] = found
                for _ in range(len(self._kept) - _KEPT):
                    del self._kept[next(iter(self._kept))]
        return found
