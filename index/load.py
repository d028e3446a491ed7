"""The documents folder: walk it in sorted order and read each file as text with its blocks.

The folder is never written. Every file that does not become a document is reported with its reason.
"""

import fnmatch
import hashlib
import json
import os
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from index.decode import decode
from index.digests import file_sha256
from index.errors import DocumentsMissing, UnreadableSource
from index.formats import READERS
from index.parser_worker import ParserWorker
from index.reading import metadata_of, read_data, reader_of
from index.records import Document, Skipped
from index.settings import IndexSettings
from index.unseen import escaped

METADATA = "metadata.jsonl"
LEFT_OUT = "left out of the index"
NEVER_INDEXED = (METADATA, "*questions*.jsonl", "dataset.yaml", "rag.toml")
_UNKNOWN = {"", "unknown"}
_LONGEST_TITLE = 200
METADATA_IS = "metadata of the other documents, never indexed itself"
_METADATA_KEPT = "documents that it no longer names keep what they had"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that has a reader, in a folder. `sha256` is of its bytes."""

    path: str
    folder: Path
    sha256: str

    @property
    def file(self) -> Path:
        """Where it lies; not kept, since a large folder has many."""
        return self.folder / self.path


class Hashes(Protocol):
    """Knows the SHA-256 of files that have not been touched since it was taken."""

    def known(self, entry: Path) -> str | None:
        """The hash of a file, or None if it must be read."""
        ...

    def learn(self, entry: Path, sha256: str) -> None:
        """Take note of a hash just computed."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """What a walk of the folder found.

    Attributes:
        metadata_sound: Every line of `metadata.jsonl` could be read, or there is none.
    """

    sources: tuple[SourceFile, ...]
    skipped: tuple[Skipped, ...]
    metadata: Mapping[str, Mapping[str, str]]
    metadata_sound: bool = True


def list_folder(
    folder: Path, settings: IndexSettings, hashes: Hashes | None = None, without: Container[str] = ()
) -> Listing:
    """Walk a documents folder.

    Args:
        hashes: Hashes of files that need not be read again; without it, every file is.
        without: Paths of documents that are left out; a copy of one, in another file, is a document.

    Raises:
        DocumentsMissing: It does not exist or is not a folder.
    """
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise DocumentsMissing(
            f"the documents folder {folder} {what}; pass the folder that holds your documents"
        )
    root = folder.resolve()
    sources: list[SourceFile] = []
    skipped: list[Skipped] = []
    metadata: Mapping[str, Mapping[str, str]] = {}
    faults: list[str] = []
    sound = True
    for path in sorted(walk(root, skipped)):
        entry = root / path
        try:
            if why_not := _refused(path, entry, root) or (LEFT_OUT if path in without else ""):
                sound = sound and path != METADATA
                skipped.append(Skipped(path, why_not))
                continue
            if path == METADATA:
                metadata, faults = _read_metadata(entry)
                sound = not faults
                continue
            sha256 = _hash(entry, settings, hashes)
        except (UnreadableSource, OSError) as error:
            reason = str(error) if isinstance(error, UnreadableSource) else f"cannot be read: {_said(error)}"
            if path == METADATA:
                sound, reason = False, f"{reason}; {_METADATA_KEPT}"
            skipped.append(Skipped(path, reason, unreadable=True))
            continue
        sources.append(SourceFile(path, root, sha256))
    sources = list(_without_copies(sources, metadata, skipped))
    if metadata or faults:
        here = {source.path for source in sources} | {row.path for row in skipped}
        if lost := [name for name in metadata if name not in here]:
            faults.append(f"it names what is not in the folder: {_some(lost)}")
        told = (METADATA_IS, *faults, *(() if sound else (_METADATA_KEPT,)))
        skipped.append(Skipped(METADATA, "; ".join(told), unreadable=not sound))
    rows = (replace(row, path=escaped(row.path)) for row in skipped)
    ordered = tuple(sorted(rows, key=lambda row: (row.path, row.reason)))
    return Listing(tuple(sources), ordered, metadata, sound)


def _without_copies(
    sources: Sequence[SourceFile], named: Container[str], skipped: list[Skipped]
) -> Iterator[SourceFile]:
    """One file of each content: one that metadata names, else by name: "a.md" goes before "a copy.md"."""
    kept: dict[str, str] = {}
    for source in sorted(sources, key=lambda one: (one.path not in named, os.path.splitext(one.path))):
        kept.setdefault(source.sha256, source.path)
    for source in sources:
        if (first := kept[source.sha256]) == source.path:
            yield source
        else:
            skipped.append(Skipped(source.path, f"same content as {first}"))


def load(source: SourceFile, given: Mapping[str, str], worker: ParserWorker) -> Document:
    """Read one file into a document; cleaning comes after. Without text it has no blocks.

    Args:
        given: Its metadata from `metadata.jsonl`, which wins over what the file states.
        worker: Parses foreign formats.

    Raises:
        UnreadableSource: It cannot be read, or is no text.
    """
    try:
        data = source.file.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"cannot be read: {error.strerror or error}") from error
    parsed = read_data(source.path, data, worker)
    known = metadata_of(parsed, given)
    return Document(
        path=source.path,
        sha256=hashlib.sha256(data).hexdigest(),
        text=parsed.text,
        title=known.get("title", ""),
        date=known.get("date", ""),
        metadata={key: value for key, value in known.items() if key not in {"title", "date"}},
        blocks=parsed.blocks,
        note=parsed.note,
        format=reader_of(source.path).name,
        flaws=parsed.flaws,
    )


def title_of(document: Document) -> str:
    """The given title, else a heading that opens the body text, else nothing."""
    if document.title:
        return document.title
    body = next((block for block in document.blocks if block.verdict == "body"), None)
    if body is None or body.kind != "heading" or body.end - body.start > _LONGEST_TITLE:
        return ""
    return document.text[body.start : body.end]


def path_within(file: str | Path, folder: str | Path, known: Container[str] = ()) -> str:
    """A document's path relative to its folder, whether it was named so or by a path that leads there.

    Args:
        known: Paths that are taken as they are.
    """
    name = Path(file).as_posix()
    if name in known:
        return name
    root = Path(folder).resolve()
    for place in (root / name, Path(file)):
        # Only the last part may be a link that counts as a document of its own.
        real = place.parent.resolve() / place.name
        if os.path.lexists(real) and real.is_relative_to(root) and real != root:
            return real.relative_to(root).as_posix()
    return name


def walk(root: Path, skipped: list[Skipped]) -> Iterator[str]:
    """Relative paths of the files in sorted order; hidden and reserved ones are added to what is skipped."""
    for folder, names, files in os.walk(root, onerror=lambda error: _unlisted(error, root, skipped)):
        names.sort()
        for name in [name for name in names if name.startswith(".") or (Path(folder) / name).is_symlink()]:
            names.remove(name)
            reason = "hidden folder" if name.startswith(".") else "a link to a folder; links are not followed"
            skipped.append(Skipped((Path(folder) / name).relative_to(root).as_posix() + "/", reason))
        for name in sorted(files):
            path = (Path(folder) / name).relative_to(root).as_posix()
            if path == METADATA:
                yield path
            elif name.startswith("."):
                skipped.append(Skipped(path, "hidden file"))
            elif is_reserved(name):
                skipped.append(Skipped(path, "a file of this program, never indexed"))
            else:
                yield path


def is_reserved(name: str) -> bool:
    """Whether a file of this name belongs to the program and is never a document."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in NEVER_INDEXED)


def _unlisted(error: OSError, root: Path, skipped: list[Skipped]) -> None:
    place = Path(error.filename or root)
    path = place.relative_to(root).as_posix() + "/"
    skipped.append(Skipped(path, f"cannot be listed: {error.strerror}", unreadable=True))


def _refused(path: str, entry: Path, root: Path) -> str:
    """Why a file is no document, without reading it; "" if it may be one."""
    if escaped(path) != path:
        return "its name holds characters that cannot be printed; rename it"
    if entry.is_symlink() and not Path(os.path.realpath(entry)).is_relative_to(root):
        return "a link that leaves the folder"
    if not os.path.isfile(entry):
        return "not a regular file"
    if path == METADATA:
        return ""
    suffix = entry.suffix.lower()
    if suffix not in READERS:
        known = ", ".join(sorted(READERS))
        return f"no reader for {suffix or 'files without a suffix'}; these are read: {known}"
    return "" if os.path.getsize(entry) else "empty"


def _hash(entry: Path, settings: IndexSettings, hashes: Hashes | None) -> str:
    size = entry.stat().st_size
    if size > settings.max_file_mb * 1e6:
        raise UnreadableSource(
            f"{size / 1e6:.1f} MB is above the limit max_file_mb = {settings.max_file_mb:g}"
        )
    if hashes and (known := hashes.known(entry)):
        return known
    sha256 = file_sha256(entry)
    if hashes:
        hashes.learn(entry, sha256)
    return sha256


def _read_metadata(entry: Path) -> tuple[dict[str, dict[str, str]], list[str]]:
    """`metadata.jsonl`: one object a line, `document` names the file; and what is wrong with other lines."""
    rows: dict[str, dict[str, str]] = {}
    bad: list[str] = []
    text = decode(entry.read_bytes()).text.removeprefix("\ufeff")
    # Not splitlines(): a JSON string may hold the other line breaks of Unicode as they are.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name = row.pop("document")
            given = {str(key): _as_text(value) for key, value in sorted(row.items())}
            given = {key: value for key, value in given.items() if value.lower() not in _UNKNOWN}
            "".join((*given, *given.values())).encode()  # half a surrogate pair is no text
            rows[name] = given
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            bad.append(str(number))
    many = f"lines {_some(bad)} are" if len(bad) > 1 else f"line {_some(bad)} is"
    return rows, [f"{many} no JSON object with a 'document'"] if bad else []


def _as_text(value: object) -> str:
    """A value as it is shown and stored; what a list holds is parted by commas, as in front matter."""
    if isinstance(value, list) and all(not isinstance(part, list | dict) for part in value):
        return ", ".join(filter(None, map(_as_text, value)))
    return "" if value is None else str(value).strip()


def _said(error: OSError) -> str:
    return error.strerror or str(error)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
