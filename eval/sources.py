"""The documents as they lie on disk: the judge's own reading, independent of the index and its store.

Plain text and Markdown in UTF-8 are decoded here as they are. Every other file is read by the program's own
readers, from the file and not from the index, so that offsets into canonical text can be checked as well.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType

from index.errors import UnreadableSource
from index.formats import READERS
from index.limits import Limits
from index.parser_worker import ParserWorker
from index.reading import read_data


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read from disk. `fault` says why there is no text, and is empty otherwise."""

    sha256: str
    text: str = field(repr=False)
    fault: str = ""


class Sources:
    """Reads each file of a documents folder once, and nothing outside it.

    Use it in a `with` statement where the folder may hold foreign formats: their parser is a process.
    """

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder = folder.resolve()
        self._read: dict[str, Source] = {}
        self._worker = ParserWorker(limits or Limits())

    def __enter__(self) -> "Sources":
        """The sources themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the parser."""
        self._worker.close()

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
        if reader is None:
            return Source(digest, "", "is of no format that the program reads")
        if not reader.foreign:
            try:
                return Source(digest, data.decode("utf-8"))
            except UnicodeDecodeError:
                pass  # by its BOM, or by a guess: as the program reads it
        try:
            return Source(digest, read_data(document, data, self._worker).text)
        except UnreadableSource as error:
            return Source(digest, "", str(error))
