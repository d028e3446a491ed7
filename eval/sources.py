"""The documents as they lie on disk: the judge's own reading, independent of the index and its store.

Covered: files whose document text is the decoded file itself (plain text, UTF-8). Not covered: formats whose
text is made from the file (`Document.canonical`); their offsets do not refer to it, which is said as a fault.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from index.formats import READERS


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read from disk. `fault` says why there is no text, and is empty otherwise."""

    sha256: str
    text: str = field(repr=False)
    fault: str = ""


class Sources:
    """Reads each file of a documents folder once, and nothing outside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._read: dict[str, Source] = {}

    def get(self, document: str) -> Source:
        """The file at a path relative to the folder; a fault, not an error, when it cannot be read."""
        if document not in self._read:
            self._read[document] = self._load(document)
        return self._read[document]

    def _load(self, document: str) -> Source:
        parts = PurePosixPath(document)
        if parts.is_absolute() or ".." in parts.parts or "\0" in document:
            return Source("", "", "the path leaves the documents folder")
        path = self.folder / parts
        try:
            if not path.resolve().is_relative_to(self.folder):
                return Source("", "", "the path leaves the documents folder")
            data = path.read_bytes()
        except OSError as error:
            return Source("", "", f"cannot be read ({error.strerror or error})")
        digest = hashlib.sha256(data).hexdigest()
        reader = READERS.get(path.suffix.lower())
        if reader is not None and reader.foreign:
            return Source(digest, "", f"is {reader.name}; offsets hold in the index, not in the file")
        try:
            return Source(digest, data.decode("utf-8"))
        except UnicodeDecodeError:
            return Source(digest, "", "is not UTF-8 text")
