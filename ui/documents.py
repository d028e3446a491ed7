"""The documents as the chat manages them: added files, documents left out, and what could not be read.

The documents folder is never written: an added file lies in the index folder's `uploads/`, and removing a
document of the folder only leaves it out of the index.
"""

import asyncio
import hashlib
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.digests import file_sha256
from index.errors import DocumentsError
from index.formats import READERS
from index.load import is_reserved, list_folder
from index.unseen import escaped
from index.uploads import UPLOADS, exclude, excluded

if TYPE_CHECKING:
    from rag import Rag

INCOMING = "incoming"
NAME_LIMIT = 120
FILES_LIMIT = 500
TOTAL_LIMIT = 1_000_000_000
# The default documents: where the program is started, or beside a checkout of it.
SAMPLES = (Path("seeds"), Path(__file__).resolve().parent.parent / "seeds")
_WRITTEN_AT_ONCE = 2**20
_ABANDONED = 3600.0
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
        hostile = escaped(name) != name or _REFUSED.search(name) or name.startswith((".", "~"))
        if not name or hostile or name.endswith(".") or _DEVICES.fullmatch(name):
            raise UploadRefused("this file name cannot be used; rename the file")
        if len(name.encode("utf-8", "replace")) > NAME_LIMIT:
            raise UploadRefused(f"the file name is longer than {NAME_LIMIT} bytes; rename the file")
        suffix = Path(name).suffix.lower()
        if is_reserved(name):
            raise UploadRefused("files of this name are kept for the program and never read; rename the file")
        if suffix not in READERS:
            known = ", ".join(sorted(READERS))
            raise UploadRefused(f"{suffix or 'a file without a suffix'} is not read; these are: {known}")
        return name

    async def receive(self, name: str, body: AsyncIterator[bytes]) -> Outcome:
        """Store a file as it comes in; it takes its place only when it is whole.

        Raises:
            UploadRefused: The name, the size, or the number of files is out of bounds.
        """
        name = self.checked(name)
        draft = await asyncio.to_thread(self._draft)
        digest, size, held = hashlib.sha256(), 0, bytearray()

        def write() -> None:
            digest.update(held)
            with draft.open("ab") as file:
                file.write(held)
            held.clear()

        try:
            async for piece in body:
                size += len(piece)
                if size > self.largest:
                    raise UploadRefused(f"the file is larger than {self.largest / 1e6:g} MB")
                held += piece
                if len(held) >= _WRITTEN_AT_ONCE:
                    await asyncio.to_thread(write)
            if not size:
                raise UploadRefused("the file is empty")
            await asyncio.to_thread(write)
            return await asyncio.to_thread(self._take, draft, name, digest.hexdigest(), size)
        finally:
            draft.unlink(missing_ok=True)

    @property
    def samples(self) -> Path | None:
        """The folder of sample documents, where there is one that is not being asked already."""
        own = self.rag.folder.resolve()
        return next((place for place in SAMPLES if place.is_dir() and place.resolve() != own), None)

    def add_samples(self) -> list[str]:
        """Add copies of the sample documents; returns their names.

        Raises:
            UploadRefused: There are none, or there is no room for them.
        """
        folder = self.samples
        if folder is None:
            raise UploadRefused("there are no sample documents here; add files of your own")
        names = []
        for source in list_folder(folder, self.rag.settings.index_settings).sources:
            draft = self._draft()
            try:
                shutil.copyfile(source.file, draft)
                self._take(draft, self.checked(source.file.name), source.sha256, draft.stat().st_size)
            finally:
                draft.unlink(missing_ok=True)
            names.append(source.file.name)
        return names

    def sweep(self) -> None:
        """Delete what uploads that broke off have left; another chat over this index may be receiving now."""
        incoming = self.rag.index_folder / INCOMING
        for draft in incoming.iterdir() if incoming.is_dir() else ():
            with suppress(FileNotFoundError):
                if time.time() - draft.stat().st_mtime > _ABANDONED:
                    draft.unlink()

    def _draft(self) -> Path:
        """A new empty file that a file is written to before it takes its place."""
        for place in (self.rag.index_folder / INCOMING, self.folder):
            place.mkdir(mode=0o700, exist_ok=True)
        self.sweep()
        draft = self.rag.index_folder / INCOMING / secrets.token_hex(8)
        draft.touch(mode=0o600, exist_ok=False)
        return draft

    def _take(self, draft: Path, name: str, sha256: str, size: int) -> Outcome:
        with self.lock:
            target = self.folder / name
            held = {file.name: file.stat().st_size for file in self.folder.iterdir()}
            if name not in held and len(held) >= FILES_LIMIT:
                raise UploadRefused(f"{FILES_LIMIT} files have been added, the most there can be")
            if sum(held.values()) - held.get(name, 0) + size > TOTAL_LIMIT:
                raise UploadRefused(f"the added files would exceed {TOTAL_LIMIT / 1e6:g} MB")
            same = name in held and file_sha256(target) == sha256
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
            if file := self.added(path):
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
        return self.added(path) or self._of_folder(path)

    def added(self, path: str) -> Path | None:
        """The added file of a path: names are compared with those there are, never joined to a path."""
        return self.all_added().get(path)

    def all_added(self) -> dict[str, Path]:
        """Path to file of everything added, save where the document of a path is a file of the folder."""
        files = self.folder.iterdir() if self.folder.is_dir() else ()
        paths = {f"{UPLOADS}/{file.name}": file for file in files if file.is_file()}
        return {path: file for path, file in paths.items() if not self._hidden(path, file)}

    def _hidden(self, path: str, file: Path) -> bool:
        """Whether a file of the documents folder has taken the place of an added one."""
        if self._of_folder(path) is None or path not in self.rag.documents:
            return False
        return self.rag.document(path).sha256 != file_sha256(file)

    def _of_folder(self, path: str) -> Path | None:
        root = self.rag.folder.resolve()
        found = (root / path).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
