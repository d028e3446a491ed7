"""How many answers are made at once; who comes later waits in line and can be told how long the line is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import RagError

AT_ONCE = 4
IN_LINE = 32


class Busy(RagError):
    """The line is full."""


class Ticket:
    """A place in the line."""

    def __init__(self, places: "Places") -> None:
        self._places = places

    def ahead(self, seconds: float) -> int:
        """Wait a while for the turn to come; how many are still ahead (0: it has come)."""
        return self._places.ahead(self, seconds)


class Places:
    """First come, first served."""

    def __init__(self, at_once: int = AT_ONCE, in_line: int = IN_LINE) -> None:
        self._at_once, self._in_line = at_once, in_line
        self._line: list[Ticket] = []
        self._moved = threading.Condition()

    @contextmanager
    def ticket(self) -> Iterator[Ticket]:
        """A place in the line, given up with the block.

        Raises:
            Busy: The line is full.
        """
        ticket = Ticket(self)
        with self._moved:
            if len(self._line) >= self._at_once + self._in_line:
                raise Busy(f"the chat is busy: {self._in_line} questions are waiting. Try again in a minute.")
            self._line.append(ticket)
        try:
            yield ticket
        finally:
            with self._moved:
                self._line.remove(ticket)
                self._moved.notify_all()

    def ahead(self, ticket: Ticket, seconds: float) -> int:
        """See `Ticket.ahead`."""
        with self._moved:
            before = self._before(ticket)
            # Told anew as soon as the line moves.
            if before:
                self._moved.wait_for(lambda: self._before(ticket) != before, seconds)
            return self._before(ticket)

    def _before(self, ticket: Ticket) -> int:
        return max(0, self._line.index(ticket) - self._at_once + 1)
