"""Verify a whole index: the database, every row against its checksum, the projections against the rows."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index import generation
from index.errors import IndexCorrupt
from index.settings import IndexSettings
from index.store import index_folder
from index.stores import rows, vector_rows
from index.stores.database import NAME, open_reader, sound
from index.vectors import Vectors
from index.words import Words


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an index: in which of its files, and what."""

    file: str
    what: str


def faults(url: str | Path, settings: IndexSettings | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with an index; empty when all is well.

    Raises:
        IndexMissing: There is none.
        IndexMismatch: It was written by another version of the program.
    """
    folder = index_folder(str(url), None, settings or IndexSettings())
    try:
        connection = open_reader(folder)
    except IndexCorrupt as error:
        return (Fault(NAME, str(error)),)
    try:
        with sound(folder):
            return tuple(_row_faults(connection)) or tuple(_projection_faults(connection, folder))
    except IndexCorrupt as error:
        return (Fault(NAME, str(error)),)
    finally:
        connection.close()


def _row_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    for (state,) in connection.execute("PRAGMA integrity_check"):
        if state != "ok":
            yield Fault(NAME, str(state))
    for table, row, other, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Fault(NAME, f"row {row} of {table} refers to a row of {other} that is not there")
    missing = {"encoder", "generation", "fingerprint", "folder", "shape"} - rows.read_meta(connection).keys()
    if missing:
        yield Fault(NAME, f"incomplete: no {', '.join(sorted(missing))}")
        return
    if not rows.read_meta(connection)["generation"].isdigit():
        yield Fault(NAME, "the number of the generation is none")
    for path in rows.stored_keys(connection):
        text = rows.read_document(connection, path).text
        for piece in rows.read_chunks(connection, rows.Texts(connection), path):
            inside = all(piece.start <= s.start < s.end <= piece.end for s in piece.sentences)
            if not (0 <= piece.start < piece.end <= len(text) and inside):
                yield Fault(NAME, f"chunk {piece.id} does not lie inside {path}")
    # Reading them compares each with its checksum.
    for _ in vector_rows.batches(connection, vector_rows.dimension_of(connection)):
        pass


def _projection_faults(connection: sqlite3.Connection, folder: Path) -> Iterator[Fault]:
    ids = {row[0] for row in connection.execute("SELECT id FROM chunks")}
    projections = {projection.kind: projection for projection in generation.committed(connection)}
    for kind in (generation.VECTORS, generation.WORDS):
        projection = projections.get(kind)
        if projection is None:
            yield Fault(NAME, f"no {kind} are committed")
        elif generation.damaged(folder, [projection]):
            yield Fault(projection.name, "damaged or missing: its bytes are not the committed ones")
        else:
            opened = (Vectors if kind == generation.VECTORS else Words)(folder / projection.name)
            if opened.ids() != ids or len(opened) != len(ids):
                yield Fault(projection.name, f"holds {len(opened)} chunks, the database {len(ids)}")
