"""Everything one running chat consists of, without a page: made once, shared by all requests."""

import threading
from typing import TYPE_CHECKING

from index.formats import READERS
from index.load import LEFT_OUT, METADATA_IS
from index.uploads import excluded
from ui.answering import Answering
from ui.choices import PLAIN, Choice, choices, names
from ui.conversations import Conversations, Feedback
from ui.documents import Shelf
from ui.drafts import draft_of, save_draft
from ui.indexing import Indexing
from ui.sources import Payload, document_of
from ui.suggest import suggestions
from ui.viewer import document_ref

if TYPE_CHECKING:
    from rag import Rag

LISTED = 500


class Desk:
    """One index and what a chat keeps about it."""

    def __init__(self, rag: "Rag") -> None:
        self.rag = rag
        self.conversations = Conversations(rag.index_folder)
        self.answering = Answering(self.conversations)
        self.shelf = Shelf(rag, threading.Lock())
        self.shelf.sweep()
        self.indexing = Indexing(rag)
        # Two, because suggesting takes a while and nobody who saves a draft should wait for it.
        self._suggesting, self._drafting = threading.Lock(), threading.Lock()
        self._suggested: tuple[str, tuple[str, ...]] = ("", ())
        self._titles: tuple[str, dict[str, str]] = ("", {})

    def choices(self) -> tuple[Choice, ...]:
        """The generators on offer, with their state now."""
        return choices(self.rag)

    def answerer(self, generator: str) -> "Rag":
        """The index with a generator on offer; any other name means the one the chat was started with."""
        own = self.rag.settings.generator
        return self.rag.using(generator) if generator in names(self.rag) and generator != own else self.rag

    def documents(self) -> Payload:
        """The documents for the page: those indexed, left out, and not readable."""
        paths = self.rag.documents
        report, added = self.indexing.progress.report, self.shelf.all_added()
        out = excluded(self.rag.index_folder)
        skipped = report.skipped if report else self.rag.skipped
        return {
            "folder": self.rag.folder.name or str(self.rag.folder),
            "count": len(paths),
            "listed": [
                {
                    "path": path,
                    "ref": document_ref(path),
                    "title": self._title(path),
                    "added": path in added,
                }
                for path in paths[:LISTED]
            ],
            "excluded": list(out),
            "skipped": [
                {
                    "path": row.path,
                    "reason": f"in part: {row.reason}" if row.partly else row.reason,
                    "added": row.path in added,
                }
                for row in skipped
                if row.reason not in (LEFT_OUT, METADATA_IS)
            ],
            "samples": self.shelf.samples is not None,
            "types": sorted(READERS),
            "largest": self.shelf.largest,
        }

    def suggestions(self) -> tuple[str, ...]:
        """Questions to begin with, made once for each state of the index."""
        with self._suggesting:
            if self._suggested[0] != self.rag.fingerprint:
                # A model would cost, and may be down.
                self._suggested = (self.rag.fingerprint, suggestions(self.answerer(PLAIN)))
            return self._suggested[1]

    def save_draft(self, owner: str, key: str, feedback: Feedback | None) -> bool | None:
        """Keep a rejected answer as a draft of an eval question; None if there is no such turn."""
        found = self.conversations.around(owner, key)
        if not found:
            return None
        *earlier, turn = found
        with self._drafting:
            settings = self.rag.settings.index_settings
            draft = draft_of(earlier, turn, feedback, self.rag.folder, settings)
            return save_draft(self.rag.index_folder, draft)

    def _title(self, path: str) -> str:
        if self._titles[0] != self.rag.fingerprint:
            self._titles = (self.rag.fingerprint, {})
        titles = self._titles[1]
        if path not in titles:
            document = document_of(self.rag, path)
            titles[path] = document.title if document else ""
        return titles[path]
