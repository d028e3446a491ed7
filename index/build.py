"""Build or update an index: list, load, clean, chunk, encode, store, project. Top to bottom."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from index import generation
from index.chunks import chunk, embedded_text
from index.clean import mark
from index.counting import Counter, open_counter
from index.encode import Encoder, Progress, open_encoder, silent
from index.errors import DocumentsMissing, IndexBusy, IndexMismatch, UnreadableSource
from index.load import Listing, SourceFile, list_folder, load, title_of
from index.parser_worker import ParserWorker
from index.reading import reader_of, unmarked
from index.records import BuildReport, Chunk, Document, Skipped
from index.settings import IndexSettings
from index.store import index_folder
from index.stores import rows
from index.stores.database import NAME, writing

_NO_TEXT = "holds no text"


def build_index(
    folder: str | Path,
    index: str | Path | None = None,
    *,
    settings: IndexSettings | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring an index up to date with a documents folder; build it where there is none.

    Documents whose bytes and metadata are unchanged are left alone; a changed document re-uses the vectors
    of the chunks that stayed the same. A file that can no longer be read keeps its previous version.

    Args:
        folder: The documents folder; never written.
        index: `faiss://FOLDER` or a folder; by default one of its own under `settings.home`.
        progress: Called with (step, done, total).

    Raises:
        DocumentsMissing: The folder is missing, or nothing in it could be read.
        IndexMismatch: The index belongs to another documents folder.
        IndexBusy: Another process is building it.
        IndexCorrupt: Its database is damaged.
        ModelMissing: The encoder is not installed.
    """
    started = time.process_time()
    settings, progress = settings or IndexSettings(), progress or silent
    root = Path(folder)
    listing = list_folder(root, settings)
    root = root.resolve()
    target = index_folder(None if index is None else str(index), root, settings)
    if not listing.sources and not (target / NAME).is_file():
        raise DocumentsMissing(_nothing_readable(root, listing.skipped))
    tools = _open_tools(settings, progress)
    with writing(target) as connection:
        before = _before(connection, root, target, tools)
        wanted = [s for s in listing.sources if _key(s, listing.metadata) != before.keys.get(s.path)]
        read, unreadable = _read(wanted, listing.metadata, tools, progress)
        skipped = tuple(sorted((*listing.skipped, *unreadable), key=lambda row: (row.path, row.reason)))
        removed = _removed(before, listing, skipped)
        gone = removed if before.same_shape else before.paths
        encoded = _store(connection, read, gone, listing.metadata, tools, progress)
        rows.replace_skipped(connection, skipped)
        keys = rows.stored_keys(connection)
        if not keys and not before.paths:
            raise DocumentsMissing(_nothing_readable(root, skipped))
        number = before.generation
        if read or removed or not before.same_shape:
            number += 1
            generation.commit(
                connection, generation.write_projections(connection, target, number, tools.encoder)
            )
        print_of = generation.fingerprint(tools.shape, ((path, "".join(key)) for path, key in keys.items()))
        rows.write_meta(
            connection,
            folder=str(root),
            shape=json.dumps(tools.shape, sort_keys=True),
            encoder=tools.encoder.fingerprint,
            generation=str(number),
            fingerprint=print_of,
        )
        chunks = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    tidy(target)
    paths = {document.path for document in read}
    return BuildReport(
        folder=str(root),
        index=str(target.resolve()),
        generation=number,
        added=tuple(sorted(paths - before.paths)),
        changed=tuple(sorted(paths & before.paths)),
        removed=tuple(sorted(removed)),
        unchanged=tuple(sorted(keys.keys() - paths)),
        skipped=skipped,
        chunks=chunks,
        encoded=encoded,
        counter=tools.counter.name,
        cpu_seconds=time.process_time() - started,
    )


def tidy(folder: Path) -> None:
    """Delete the files of earlier generations; where another build has begun, that is left to it."""
    with suppress(IndexBusy), writing(folder) as connection:
        generation.remove_leftovers(folder, generation.committed(connection))


def explain(file: str | Path, folder: str | Path, settings: IndexSettings | None = None) -> Document:
    """Read one file as a build would, to see each block's verdict and reason; nothing is stored.

    Args:
        file: Path relative to the documents folder.

    Raises:
        DocumentsMissing: The folder does not exist.
        UnreadableSource: The file would be skipped; the message says why.
    """
    settings = settings or IndexSettings()
    listing = list_folder(Path(folder), settings)
    name = Path(file).as_posix()
    for source in listing.sources:
        if source.path == name:
            with ParserWorker(settings.limits) as worker:
                document = load(source, listing.metadata.get(name, {}), worker)
            if not document.blocks:
                raise UnreadableSource(f"{name} in {folder} is not indexed: {_NO_TEXT}")
            return _cleaned(document, settings)
    reason = next((row.reason for row in listing.skipped if row.path == name), "no such file")
    raise UnreadableSource(f"{name} in {folder} is not indexed: {reason}")


@dataclass(frozen=True, slots=True)
class _Tools:
    """What turns documents into rows, and its description."""

    settings: IndexSettings
    encoder: Encoder
    counter: Counter

    @property
    def shape(self) -> dict[str, object]:
        return generation.shape_of(self.settings, self.counter.name, self.encoder.fingerprint)


@dataclass(frozen=True, slots=True)
class _Before:
    """The index as this build found it.

    Attributes:
        same_shape: Whether its rows were made as this build would make them.
        keys: Path to (file hash, metadata digest); empty unless the shape is the same.
        paths: All its documents.
    """

    generation: int
    same_shape: bool
    keys: Mapping[str, tuple[str, str]]
    paths: frozenset[str]


def _open_tools(settings: IndexSettings, progress: Progress) -> _Tools:
    encoder = open_encoder(settings, progress)
    return _Tools(settings, encoder, open_counter(settings.models_folder / "tiktoken", encoder.wordpieces))


def _before(connection: sqlite3.Connection, root: Path, target: Path, tools: _Tools) -> _Before:
    meta = rows.read_meta(connection)
    if meta.get("folder", str(root)) != str(root):
        raise IndexMismatch(
            f"the index in {target} belongs to {meta['folder']}, not to {root}; "
            "give each folder its own --index"
        )
    keys = rows.stored_keys(connection)
    same = meta.get("shape") == json.dumps(tools.shape, sort_keys=True)
    return _Before(int(meta.get("generation", 0)), same, keys if same else {}, frozenset(keys))


def _key(source: SourceFile, metadata: Mapping[str, Mapping[str, str]]) -> tuple[str, str]:
    return source.sha256, rows.given_key(metadata.get(source.path, {}))


def _read(
    wanted: Iterable[SourceFile],
    metadata: Mapping[str, Mapping[str, str]],
    tools: _Tools,
    progress: Progress,
) -> tuple[list[Document], list[Skipped]]:
    """New and changed files as cleaned, titled documents; and those that turn out to be no text."""
    read: list[Document] = []
    unreadable: list[Skipped] = []
    wanted = list(wanted)
    with ParserWorker(tools.settings.limits) as worker:
        for number, source in enumerate(wanted, start=1):
            try:
                document = load(source, metadata.get(source.path, {}), worker)
            except UnreadableSource as reason:
                unreadable.append(Skipped(source.path, str(reason), unreadable=True))
                continue
            if document.blocks:
                read.append(_cleaned(document, tools.settings))
            else:
                unreadable.append(Skipped(source.path, _NO_TEXT))
            progress("Reading", number, len(wanted))
    return read, unreadable


def _cleaned(document: Document, settings: IndexSettings) -> Document:
    if not settings.clean:
        document = unmarked(document)
    elif not document.canonical:
        stated = reader_of(document.path).headings_stated
        document = replace(document, blocks=mark(document.text, document.blocks, stated))
    return replace(document, title=title_of(document))


def _removed(before: _Before, listing: Listing, skipped: Iterable[Skipped]) -> frozenset[str]:
    """What is no longer there. A file or folder that is there but cannot be read keeps what it was."""
    lost = [row.path for row in skipped if row.unreadable and before.same_shape]
    folders = tuple(path for path in lost if path.endswith("/"))
    empty = {row.path for row in skipped if not row.unreadable}
    gone = before.paths - ({source.path for source in listing.sources} - empty) - set(lost)
    return frozenset(path for path in gone if not path.startswith(folders) and "./" not in folders)


def _store(
    connection: sqlite3.Connection,
    read: list[Document],
    gone: Iterable[str],
    metadata: Mapping[str, Mapping[str, str]],
    tools: _Tools,
    progress: Progress,
) -> int:
    """Insert documents for their previous versions, delete what is gone; how many chunks were encoded."""
    known = rows.known_vectors(connection, tools.encoder.fingerprint) if read else {}
    cut: list[tuple[Document, list[tuple[Chunk, str]]]] = []
    new: dict[str, str] = {}
    for document in read:
        pieces = []
        for piece in chunk(document, tools.settings.chunk_tokens, tools.counter, tools.encoder):
            text = embedded_text(document.title, piece, tools.encoder)
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            pieces.append((piece, digest))
            if digest not in known:
                new[digest] = text
        cut.append((document, pieces))
    vectors = tools.encoder.encode(list(new.values()), progress)
    known.update({digest: rows.to_blob(vector) for digest, vector in zip(new, vectors, strict=True)})
    rows.delete_documents(connection, [*gone, *(document.path for document in read)])
    for document, pieces in cut:
        row = rows.add_document(connection, document, rows.given_key(metadata.get(document.path, {})))
        for piece, digest in pieces:
            rows.add_chunk(connection, row, piece, digest, known[digest])
    return len(new)


def _nothing_readable(root: Path, skipped: Iterable[Skipped]) -> str:
    reasons = "; ".join(f"{row.path}: {row.reason}" for row in list(skipped)[:3])
    return f"nothing in {root} can be read as a document" + (f" ({reasons})" if reasons else ": it is empty")
