"""Bringing the index up to date beside the running chat: one build at a time, with its progress.

Answers come from the old index until the build is done. What is asked for during a build is built next.
"""

import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.errors import RagError
from index.uploads import UPLOADS

if TYPE_CHECKING:
    from index import BuildReport
    from rag import Rag

_log = logging.getLogger(__name__)
_WORDS = {"Encoding": "Embedding", "Storing": "Splitting"}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is, or how it ended.

    Attributes:
        number: Counts the builds; a page sees by it that another one has ended.
        reading: The file that is being read, while one is.
        read: The added files that this build has read.
        error: Why the last build failed, or "".
    """

    number: int = 0
    running: bool = False
    step: str = ""
    done: int = 0
    total: int = 0
    reading: str = ""
    read: tuple[str, ...] = ()
    error: str = ""
    report: "BuildReport | None" = None

    def to_dict(self) -> dict[str, Any]:
        """For the page: what became of each file by its path."""
        files: dict[str, str] = {}
        if self.report:
            files = dict.fromkeys(self.report.added, "added") | dict.fromkeys(self.report.changed, "replaced")
            files |= dict.fromkeys(self.report.removed, "removed")
            files |= {row.path: row.reason for row in self.report.skipped if not row.partly}
        return {
            "number": self.number,
            "running": self.running,
            "step": self.step,
            "done": self.done,
            "total": self.total,
            "percent": round(100 * self.done / self.total) if self.total else 0,
            "reading": self.reading,
            "read": list(self.read),
            "error": self.error,
            "files": files,
        }


class Indexing:
    """The builds of one index."""

    def __init__(self, rag: "Rag") -> None:
        self._rag = rag
        self._lock = threading.Lock()
        self._progress = Progress()
        self._again = False
        self._ended = False

    @property
    def progress(self) -> Progress:
        """The build that is running, or the last one."""
        return self._progress

    def start(self) -> None:
        """Begin a build, or have another one follow the one that is running."""
        with self._lock:
            if self._progress.running:
                self._again = True
                return
            self._progress = replace(_begun(self._progress), number=self._progress.number + 1, running=True)
        threading.Thread(target=self._run, name="indexing", daemon=True).start()

    def end(self) -> None:
        """Break off the build that is running, for the program is to end; what was indexed before stays."""
        self._ended = True

    def _run(self) -> None:
        while True:
            report, error = self._built()
            with self._lock:
                again, self._again = self._again and not self._ended, False
                self._progress = replace(_begun(self._progress), running=again, error=error, report=report)
                if not again:
                    return

    def _built(self) -> tuple["BuildReport | None", str]:
        try:
            return self._rag.refresh(self._tick), ""
        except RagError as error:
            return None, str(error)
        except Exception as error:
            # Only its kind: the text may hold a document's words.
            _log.error("indexing failed: %s", type(error).__name__)
            return None, "something went wrong while indexing; try again, or run `rag index --check`"

    def _tick(self, step: str, done: int, total: int) -> None:
        if self._ended:
            raise RagError("the program has ended")
        now = self._progress
        what, _, path = step.partition(" ")
        path = path if what == "Reading" else ""
        read = now.read
        if now.reading.startswith(f"{UPLOADS}/") and now.reading != path:
            read = (*read, now.reading)
        words = "Reading" if path else "Updating" if what == "Writing" else _WORDS.get(step, step)
        self._progress = replace(now, step=words, done=done, total=total, reading=path, read=read)


def _begun(progress: Progress) -> Progress:
    return replace(progress, step="Reading", done=0, total=0, reading="", read=())
