"""The documents as the chat manages them: added files, documents left out, and what could not be read.

The documents folder is never written: an added file lies in the index folder's `uploads/`, and removing a
document of the folder only leaves it out of the index.
"""

import hashlib
import os
import re
import secrets
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import DocumentsError
from index.formats import READERS
from index.uploads import UPLOADS, exclude, excluded

if TYPE_CHECKING:
    from rag import Rag

INCOMING = "incoming"
NAME_LIMIT = 120
FILES_LIMIT = 500
TOTAL_LIMIT = 1_000_000_000
_REFUSED = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)

Outcome = Literal["added", "replaced", "unchanged"]


class UploadRefused(DocumentsError):
    """A file that cannot be added; the text says why."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files a chat may add and leave out, for one index."""

    rag: "Rag"
    lock: threading.Lock

    @property
    def folder(self) -> Path:
        """Where added files lie."""
        return self.rag.index_folder / UPLOADS

    @property
    def largest(self) -> int:
        """The most bytes of one file."""
        return int(self.rag.settings.index.max_file_mb * 1e6)

    def checked(self, name: str) -> str:
        """The name a file is stored under.

        Raises:
            UploadRefused: It is hostile, too long, or of a type that is not read.
        """
        name = name.strip()
        hostile = not name.isprintable() or _REFUSED.search(name) or name.startswith((".", "~"))
        if not name or hostile or name.endswith(".") or _DEVICES.fullmatch(name):
            raise UploadRefused("this file name cannot be used; rename the file")
        if len(name.encode("utf-8", "replace")) > NAME_LIMIT:
            raise UploadRefused(f"the file name is longer than {NAME_LIMIT} bytes; rename the file")
        suffix = Path(name).suffix.lower()
        if (
            suffix not in READERS
            or ("questions" in name.lower() and suffix == ".jsonl")
            or name == "metadata.jsonl"
        ):
            known = ", ".join(sorted(READERS))
            raise UploadRefused(f"{suffix or 'a file without a suffix'} is not read; these are: {known}")
        return name

    async def receive(self, name: str, body: AsyncIterator[bytes]) -> Outcome:
        """Store a file as it comes in; it takes its place only when it is whole.

        Raises:
            UploadRefused: The name, the size, or the number of files is out of bounds.
        """
        name = self.checked(name)
        incoming = self.rag.index_folder / INCOMING
        for place in (incoming, self.folder):
            place.mkdir(mode=0o700, exist_ok=True)
        draft = incoming / secrets.token_hex(8)
        digest, size = hashlib.sha256(), 0
        try:
            with draft.open("xb") as file:
                async for piece in body:
                    size += len(piece)
                    if size > self.largest:
                        raise UploadRefused(f"the file is larger than {self.largest / 1e6:g} MB")
                    digest.update(piece)
                    file.write(piece)
            if not size:
                raise UploadRefused("the file is empty")
            with self.lock:
                return self._take(draft, name, digest.hexdigest(), size)
        finally:
            draft.unlink(missing_ok=True)

    def _take(self, draft: Path, name: str, sha256: str, size: int) -> Outcome:
        target = self.folder / name
        held = {file.name: file.stat().st_size for file in self.folder.iterdir()}
        if name not in held and len(held) >= FILES_LIMIT:
            raise UploadRefused(f"{FILES_LIMIT} files have been added, the most there can be")
        if sum(held.values()) - held.get(name, 0) + size > TOTAL_LIMIT:
            raise UploadRefused(f"the added files would exceed {TOTAL_LIMIT / 1e6:g} MB")
        same = name in held and hashlib.sha256(target.read_bytes()).hexdigest() == sha256
        os.replace(draft, target)
        path = f"{UPLOADS}/{name}"
        out = excluded(self.rag.index_folder)
        if path in out:
            exclude(self.rag.index_folder, set(out) - {path})
        return "unchanged" if same else "replaced" if name in held else "added"

    def remove(self, path: str) -> Literal["deleted", "left out"]:
        """Take a document out: an added file is deleted, one of the folder is left out of the index.

        Raises:
            UploadRefused: There is no such document.
        """
        with self.lock:
            if path.startswith(f"{UPLOADS}/") and (file := self._added(path)):
                file.unlink()
                return "deleted"
            if path not in self.rag.documents:
                raise UploadRefused("there is no such document")
            exclude(self.rag.index_folder, {*excluded(self.rag.index_folder), path})
            return "left out"

    def restore(self, path: str) -> None:
        """Take a document that was left out in again."""
        with self.lock:
            exclude(self.rag.index_folder, set(excluded(self.rag.index_folder)) - {path})

    def file(self, path: str) -> Path | None:
        """The file on disk of an indexed document; None if it is gone or a link leads elsewhere."""
        if path.startswith(f"{UPLOADS}/") and (added := self._added(path)):
            return added
        root = self.rag.folder.resolve()
        found = (root / path).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None

    def _added(self, path: str) -> Path | None:
        """The added file of a path: names are compared with those there are, never joined to a path."""
        name = path.removeprefix(f"{UPLOADS}/")
        if not self.folder.is_dir():
            return None
        return next((file for file in self.folder.iterdir() if file.name == name and file.is_file()), None)
