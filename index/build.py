"""Build or update an index: list, load, clean, chunk, encode, store, project. Top to bottom.

Documents pass through in batches, so that memory does not grow with the folder; one transaction holds them
all, so that the index changes in one step.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index import generation
from index.encode import Progress, silent
from index.errors import DocumentsMissing, IndexBusy, IndexMismatch, SettingsError
from index.ingest import Tools, clean_again, index_documents, open_tools, read_files
from index.load import Hashes, Listing, SourceFile, list_folder
from index.records import BuildReport, Skipped
from index.settings import IndexSettings
from index.store import index_folder, vector_type
from index.stores import database, rows, vector_rows
from index.stores.database import NAME, writing
from index.uploads import EXCLUDED, UPLOADS, excluded, with_uploads
from index.vectors import AUTO


def build_index(
    folder: str | Path,
    index: str | Path | None = None,
    *,
    settings: IndexSettings | None = None,
    progress: Progress | None = None,
    hashes: Hashes | None = None,
    allow_empty: bool = False,
) -> BuildReport:
    """Bring an index up to date with a documents folder; build it where there is none.

    Documents whose bytes and metadata are unchanged are left alone; a changed document re-uses the vectors
    of the chunks that stayed the same. A file that can no longer be read keeps its previous version.

    Args:
        folder: The documents folder; never written.
        index: `faiss://FOLDER` or a folder; by default one of its own under `settings.home`. With
            `?index=TYPE` the vector index is of that kind from then on; `auto` leaves it to the program.
        progress: Called with (step, done, total).
        hashes: Hashes of files that need not be read again; `watch` passes them on.
        allow_empty: An index without documents is no error; the chat begins with one.

    Raises:
        DocumentsMissing: The folder is missing, or nothing in it could be read.
        SettingsError: The index would lie among the documents, or among files of something else.
        IndexMismatch: The index belongs to another documents folder.
        IndexBusy: Another process is building it.
        IndexCorrupt: Its database, or the list of what is left out of it, is damaged.
        ModelMissing: The encoder is not installed.
    """
    started = time.process_time()
    settings, progress = settings or IndexSettings(), progress or silent
    root = Path(folder).resolve()
    target = index_folder(None if index is None else str(index), root, settings)
    listing = list_folder(Path(folder), settings, hashes, excluded(target))
    if index is not None and target.resolve().is_relative_to(root) and not _hidden(target.resolve(), root):
        raise SettingsError(f"the index {target} would lie among the documents of {root}; put it elsewhere")
    if target.resolve() != index_folder(None, root, settings).resolve() and _of_something_else(target):
        raise SettingsError(
            f"the folder {target.resolve()} holds files and no index; "
            "name a new or an empty folder with --index"
        )
    listing = with_uploads(listing, target, settings, hashes)
    if not listing.sources and not allow_empty and not (target / NAME).is_file():
        raise DocumentsMissing(_nothing_readable(root, listing.skipped))
    tools = open_tools(settings, progress)
    with writing(target) as connection:
        before = _before(connection, root, target, tools, vector_type(None if index is None else str(index)))
        wanted = [source for source in listing.sources if not _unchanged(source, listing, before)]
        read = read_files(connection, wanted, listing.metadata, tools, progress)
        skipped = (*listing.skipped, *read.skipped)
        removed = _removed(before, listing, skipped)
        vector_rows.note_unused(connection, removed)
        rows.delete_documents(connection, removed)
        kept = frozenset() if before.same_rows else before.paths - removed - read.paths
        clean_again(connection, kept, tools)
        done = index_documents(connection, read.paths | kept, tools, progress)
        vector_rows.drop_unused(connection)
        told = sorted((*skipped, *rows.flawed(connection)), key=lambda row: (row.path, row.reason))
        rows.replace_skipped(connection, told)
        keys = rows.stored_keys(connection)
        if not keys and not before.paths and not allow_empty:
            raise DocumentsMissing(_nothing_readable(root, skipped))
        number = before.generation
        if done.paths or removed or before.rebuilt or not number:
            number += 1
            generation.commit(
                connection,
                generation.write_projections(
                    connection, target, number, tools.encoder, before.vector_type, progress
                ),
            )
        print_of = generation.fingerprint(tools.shape, ((path, "".join(key)) for path, key in keys.items()))
        rows.write_meta(
            connection,
            folder=str(root),
            shape=json.dumps(tools.shape, sort_keys=True),
            encoder=tools.encoder.fingerprint,
            vector_type=before.vector_type,
            generation=str(number),
            fingerprint=print_of,
        )
        current = generation.committed(connection)
        chunks = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    tidy(target)
    return BuildReport(
        folder=str(root),
        index=str(target.resolve()),
        generation=number,
        added=tuple(sorted(read.paths - before.paths)),
        changed=tuple(sorted(read.paths & before.paths)),
        removed=tuple(sorted(removed)),
        unchanged=tuple(sorted(keys.keys() - read.paths)),
        skipped=tuple(told),
        chunks=chunks,
        encoded=done.encoded,
        counter=tools.counter.name,
        cpu_seconds=time.process_time() - started,
        rebuilt=before.rebuilt,
        vectors=next((p.detail for p in current if p.kind == generation.VECTORS), ""),
    )


def tidy(folder: Path) -> None:
    """Delete the files of earlier generations; where another build has begun, that is left to it."""
    with suppress(IndexBusy), writing(folder) as connection:
        generation.remove_leftovers(folder, generation.committed(connection))


@dataclass(frozen=True, slots=True)
class _Before:
    """The index as this build found it.

    Attributes:
        vector_type: The kind of vector index wanted, asked for now or earlier.
        rebuilt: What makes this build do again what is done already, in words.
        same_rows: Whether its rows were made as this build would make them.
        keys: Path to (file hash, metadata digest); empty unless the rows can stay.
        paths: All its documents.
    """

    generation: int
    vector_type: str
    rebuilt: str
    same_rows: bool
    keys: Mapping[str, tuple[str, str]]
    paths: frozenset[str]


def _before(
    connection: sqlite3.Connection, root: Path, target: Path, tools: Tools, asked: str | None
) -> _Before:
    meta = rows.read_meta(connection)
    if meta.get("folder", str(root)) != str(root):
        raise IndexMismatch(
            f"the index in {target} belongs to {meta['folder']}, not to {root}; "
            "give each folder its own --index"
        )
    wanted = asked or meta.get("vector_type", AUTO)
    number = int(meta.get("generation", 0))
    found = database.format_of(connection)
    old = json.loads(meta["shape"]) if "shape" in meta else tools.shape
    # The rows of an earlier format may come without a shape.
    old = {**old, "format": found}
    reasons = [generation.why_rebuilt(old, tools.shape)]
    if found != database.FORMAT:
        database.start_over(connection)
    elif wanted != meta.get("vector_type", wanted):
        reasons.append(f"the kind of vector index changed from {meta['vector_type']} to {wanted}")
    # How words are analysed shapes the word index alone: the rows can stay.
    same = found == database.FORMAT and not generation.why_rebuilt(
        {**old, "words": ""}, {**tools.shape, "words": ""}
    )
    keys = rows.stored_keys(connection)
    told = "; ".join(filter(None, reasons))
    return _Before(number, wanted, told, same, keys if same else {}, frozenset(keys))


def _unchanged(source: SourceFile, listing: Listing, before: _Before) -> bool:
    held = before.keys.get(source.path)
    if held is None or held[0] != source.sha256:
        return False
    # Where metadata.jsonl cannot be read, what it said of a document before is the best that is known.
    unknown = not listing.metadata_sound and source.path not in listing.metadata
    return unknown or held[1] == rows.given_key(listing.metadata.get(source.path, {}))


def _removed(before: _Before, listing: Listing, skipped: Iterable[Skipped]) -> frozenset[str]:
    """What is no longer there. A file or folder that is there but cannot be read keeps what it was."""
    lost = [row.path for row in skipped if row.unreadable]
    folders = tuple(path for path in lost if path.endswith("/"))
    empty = {row.path for row in skipped if not row.unreadable}
    gone = before.paths - ({source.path for source in listing.sources} - empty) - set(lost)
    return frozenset(path for path in gone if not path.startswith(folders) and "./" not in folders)


def _hidden(place: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in place.relative_to(root).parts)


def _of_something_else(target: Path) -> bool:
    """Whether a folder holds more than uploads, but no database, in use or put aside, and no projections."""
    own = {UPLOADS, EXCLUDED}
    names = [entry.name for entry in target.iterdir() if entry.name not in own] if target.is_dir() else []
    ours = any(name.startswith(NAME) for name in names) or generation.has_projections(target)
    return bool(names) and not ours


def _nothing_readable(root: Path, skipped: Iterable[Skipped]) -> str:
    reasons = "; ".join(f"{row.path}: {row.reason}" for row in list(skipped)[:3])
    return f"nothing in {root} can be read as a document" + (f" ({reasons})" if reasons else ": it is empty")
