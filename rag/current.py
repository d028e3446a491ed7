"""Which generation of the index answers: the newest one committed, looked for at each question.

A question keeps the generation it began with to its end. An old one is closed when its last question is
done; while nothing is asked, no state of the database is held, so a build can clear its log.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from index import Index
from index.errors import UsageError


class Current:
    """The index of one folder, always its newest generation; safe for many threads."""

    def __init__(self, index: Index) -> None:
        index.rest()
        self._index = index
        self._lock = threading.Lock()
        self._users: dict[int, int] = {}
        self._closed = False

    @property
    def index(self) -> Index:
        """The generation that was used last."""
        return self._index

    @contextmanager
    def use(self) -> Iterator[Index]:
        """The newest generation, held until the block ends.

        Raises:
            IndexFault: The newest generation is damaged, or of another encoder or program version.
            UsageError: It has been closed.
        """
        index = self._taken()
        try:
            yield index
        finally:
            self._given_back(index)

    def close(self) -> None:
        """Let go of the files, once the questions that are being answered are done."""
        with self._lock:
            if not self._closed and not self._users.get(id(self._index)):
                self._index.close()
            self._closed = True

    def _taken(self) -> Index:
        with self._lock:
            if self._closed:
                raise UsageError("this index has been closed; open it again to ask")
            index = self._index
            busy = self._users.get(id(index), 0)
            if not (index.is_current() if busy else index.wake()):
                # Opened before the old one goes: if that fails, the next question tries again.
                self._index = index.reopened()
                if not busy:
                    index.close()
                index = self._index
            self._users[id(index)] = self._users.get(id(index), 0) + 1
            return index

    def _given_back(self, index: Index) -> None:
        with self._lock:
            self._users[id(index)] -= 1
            if self._users[id(index)]:
                return
            del self._users[id(index)]
            if index is self._index and not self._closed:
                index.rest()
            else:
                index.close()
