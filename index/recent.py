"""What was read last, kept as long as it is small enough altogether."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Reads values by key and keeps the last ones; for one thread at a time."""

    def __init__(self, read: Callable[[K], V], size: Callable[[V], int], most: int, count: int) -> None:
        """Keep nothing yet.

        Args:
            size: Of a value, such as its characters.
            most: What all that is kept may measure; the value read last is kept whatever it measures.
            count: How many values are kept.
        """
        self._read = read
        self._size = size
        self._most = most
        self._count = count
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._total = 0

    def get(self, key: K) -> V:
        """The value of a key, kept or read."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key][0]
        value = self._read(key)
        size = self._size(value)
        self._kept[key] = value, size
        self._total += size
        while len(self._kept) > 1 and (self._total > self._most or len(self._kept) > self._count):
            _, (_, gone) = self._kept.popitem(last=False)
            self._total -= gone
        return value

    def clear(self) -> None:
        """Keep nothing any more."""
        self._kept.clear()
        self._total = 0
