"""Follow a documents folder: bring its index up to date whenever something in it has changed.

The folder is polled, which works on every file system. A look compares names, sizes and times; only files for
which these differ are read and hashed again.
"""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from index.build import build_index
from index.encode import Progress
from index.errors import RagError
from index.load import walk
from index.records import BuildReport
from index.settings import IndexSettings

_Seen = tuple[int, int, int]
# A file that is written twice within one tick of the clock keeps its size and time.
_SETTLED_NS = 2_000_000_000


class SeenHashes:
    """SHA-256 of files by path, good while size, time and inode stay as they were."""

    def __init__(self) -> None:
        self._known: dict[str | Path, tuple[_Seen, str]] = {}

    def known(self, entry: str | Path) -> str | None:
        """The hash of a file, or None if it must be read."""
        seen, sha256 = self._known.get(entry, (None, None))
        return sha256 if seen == _seen(entry) else None

    def learn(self, entry: str | Path, sha256: str) -> None:
        """Keep a hash, unless the file has changed so recently that it may do so again unnoticed."""
        seen = _seen(entry)
        if time.time_ns() - seen[1] > _SETTLED_NS:
            self._known[entry] = (seen, sha256)


def watch(
    folder: str | Path,
    index: str | Path | None = None,
    *,
    settings: IndexSettings | None = None,
    progress: Progress | None = None,
    every: float = 1.0,
    stop: threading.Event | None = None,
) -> Iterator[BuildReport | RagError]:
    """Yield the report of a first build, then one for each change; an error is yielded too, and followed on.

    Args:
        every: Seconds between two looks.
        stop: Ends the watch when it is set.
    """
    stop = stop or threading.Event()
    hashes = SeenHashes()
    before: object = None
    failed = ""
    while not stop.is_set():
        now = _look(Path(folder))
        if now != before or failed:
            try:
                report = build_index(folder, index, settings=settings, progress=progress, hashes=hashes)
            except RagError as error:
                # Tried again at each look, told once.
                if str(error) != failed:
                    yield error
                failed = str(error)
            else:
                if before is None or failed or report.rebuilt or not report.nothing_changed:
                    yield report
                failed = ""
            before = now
        stop.wait(every)


def _look(root: Path) -> frozenset[tuple[str, _Seen]]:
    """Every file that a build would look at, with its size, time and inode."""
    found = []
    for path in walk(root, []):
        try:
            found.append((path, _seen(root / path)))
        except OSError:
            # Gone since it was listed: the next look will tell.
            found.append((path, (0, 0, 0)))
    return frozenset(found)


def _seen(entry: str | Path) -> _Seen:
    state = os.stat(entry)
    return state.st_size, state.st_mtime_ns, state.st_ino
