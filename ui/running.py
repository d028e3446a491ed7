"""The answers on their way: how far each has come, who asked, and whether it was asked to stop."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ui.turns import Turn


class Running:
    """Turns that are not finished; safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[str, tuple[str, Turn]] = {}
        self._stopped: set[str] = set()

    @contextmanager
    def turn(self, owner: str, turn: Turn) -> Iterator[None]:
        """Hold a turn while it is being answered."""
        with self._lock:
            self._turns[turn.key] = (owner, turn)
        try:
            yield
        finally:
            with self._lock:
                self._turns.pop(turn.key, None)
                self._stopped.discard(turn.key)

    def update(self, turn: Turn) -> None:
        """Take note of how far a turn has come."""
        with self._lock:
            if turn.key in self._turns:
                self._turns[turn.key] = (self._turns[turn.key][0], turn)

    def get(self, owner: str, key: str) -> Turn | None:
        """A running turn of this user."""
        with self._lock:
            whose, turn = self._turns.get(key, ("", None))
        return turn if whose == owner else None

    def stop(self, owner: str, key: str) -> None:
        """Ask a running turn of this user to end before its next sentence."""
        with self._lock:
            if key in self._turns and self._turns[key][0] == owner:
                self._stopped.add(key)

    def stopped(self, key: str) -> bool:
        """Whether the turn was asked to end."""
        with self._lock:
            return key in self._stopped
