"""The SQLite file that is the truth of an index: documents, chunks, vectors, and what is committed.

A writer holds the write lock from its first statement to its commit, so there is one builder at a time
and a killed build leaves nothing. Readers open the file read-only; write-ahead logging gives each of them
the snapshot it started with for as long as it lives. SQLite notices damage to its own structure only, so
the rows that answers rest on carry checksums (`stores/rows.py`).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import IndexBusy, IndexCorrupt, IndexFault, IndexMismatch, IndexMissing

NAME = "index.sqlite"
FORMAT = 5
# What SQLite adds to the name of a database for the files beside it.
LOGS = ("-wal", "-shm")
# A database of another program.
_FOREIGN = -1

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT NOT NULL,
    metadata TEXT NOT NULL,
    given TEXT NOT NULL,
    text TEXT NOT NULL,
    blocks TEXT NOT NULL,
    note TEXT NOT NULL,
    format TEXT NOT NULL,
    flaws TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    vector BLOB NOT NULL,
    sentences BLOB NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    heading TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    sentences TEXT NOT NULL,
    page INTEGER,
    columns TEXT NOT NULL,
    vector INTEGER NOT NULL REFERENCES vectors (id),
    checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX chunks_by_document ON chunks (document, "start");
CREATE INDEX chunks_by_vector ON chunks (vector);
CREATE TABLE edges (
    digest BLOB NOT NULL,
    before BLOB NOT NULL,
    core BLOB NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX edges_by_digest ON edges (digest, before, core);
CREATE INDEX edges_by_document ON edges (document);
CREATE TABLE repeats (digest BLOB PRIMARY KEY, keeper TEXT NOT NULL, wide INTEGER NOT NULL) STRICT;
CREATE TABLE skipped (
    path TEXT NOT NULL, reason TEXT NOT NULL, unreadable INTEGER NOT NULL, partly INTEGER NOT NULL
) STRICT;
CREATE TABLE projections (
    kind TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
"""
_TABLES = ("meta", "chunks", "vectors", "edges", "repeats", "documents", "skipped", "projections")


def open_reader(folder: Path) -> sqlite3.Connection:
    """A read-only connection that keeps one snapshot of the index.

    Raises:
        IndexMissing: There is none.
        IndexCorrupt: The file is no sound database.
        IndexMismatch: It was written by another version of the program.
    """
    file = folder / NAME
    if not file.is_file():
        raise IndexMissing(f"there is no index in {folder}; build it with: rag index DOCS")
    with sound(folder):
        connection = _connect(file)
        connection.execute("PRAGMA query_only = 1")
        connection.execute("BEGIN")
        found = format_of(connection)
    if found == FORMAT:
        return connection
    connection.close()
    if found is None:
        # A first build was stopped before its commit.
        raise IndexMissing(f"there is no index in {folder}; build it with: rag index DOCS")
    raise _other_format(folder, found)


def format_of(connection: sqlite3.Connection) -> int | None:
    """The format of the rows: 0 where they name none, None before the first build has been committed."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "meta" not in tables:
        return _FOREIGN if tables else None
    found = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return int(found[0]) if found and str(found[0]).isdecimal() else 0


def open_watch(folder: Path) -> sqlite3.Connection:
    """A read-only connection that sees each commit as it comes; for one short look at a time."""
    connection = _connect(folder / NAME)
    connection.execute("PRAGMA query_only = 1")
    return connection


def start_over(connection: sqlite3.Connection) -> None:
    """Empty tables of this format for whatever an earlier format left, within the caller's transaction."""
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT),))


@contextmanager
def writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """A transaction that holds the write lock; commits at the end, rolls back on any error.

    The rows may be of an earlier format, which the writer is to `start_over`.

    Raises:
        IndexMismatch: The file is of a newer version of the program, or of another one.
        IndexBusy: Another process is building this index.
        IndexCorrupt: The file is no sound database.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexFault(
            f"the index folder {folder} cannot be made ({error.strerror}); name another one with --index"
        ) from error
    with sound(folder):
        connection = sqlite3.connect(folder / NAME, timeout=0.2, isolation_level=None)
    try:
        with sound(folder):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # Pages that spill are written and read again, but memory must not grow with the folder.
            connection.execute("PRAGMA cache_size = -4096")
            connection.execute("BEGIN IMMEDIATE")
            found = format_of(connection)
            if found is None:
                start_over(connection)
            elif found > FORMAT or found == _FOREIGN:
                raise _other_format(folder, found)
            yield connection
            connection.execute("COMMIT")
        # Else the log keeps the size of the largest build for as long as any reader is open. It may not
        # work while one looks at an older state; the build is committed either way.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.close()


def set_aside(file: Path) -> Path:
    """Rename a damaged database, with its log, to the first free name; nothing of it is deleted."""
    kept, number = file.with_name(f"{file.name}.damaged"), 1
    while kept.exists():
        number += 1
        kept = file.with_name(f"{file.name}.damaged-{number}")
    for end in ("", *LOGS):
        if (found := file.with_name(f"{file.name}{end}")).exists():
            os.replace(found, kept.with_name(f"{kept.name}{end}"))
    return kept


@contextmanager
def sound(folder: Path) -> Iterator[None]:
    """SQLite's own errors in the words of this program."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise IndexBusy(
                f"another process is building the index in {folder}; try again when it is done"
            ) from error
        if any(cause in str(error) for cause in ("full", "readonly", "unable to open")):
            raise IndexFault(
                f"{NAME} in {folder} cannot be used ({error}); "
                "see that the folder may be written and that the disk has room"
            ) from error
        raise IndexCorrupt(_damaged(folder, error)) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise IndexCorrupt(_damaged(folder, error)) from error


def _other_format(folder: Path, found: int) -> IndexMismatch:
    if found == _FOREIGN:
        return IndexMismatch(f"{NAME} in {folder} was not written by this program; give another --index")
    if found > FORMAT:
        return IndexMismatch(
            f"the index in {folder} has format {found}, written by a newer version of the program than this "
            f"one, which knows {FORMAT}; update the program, or give another --index"
        )
    return IndexMismatch(
        f"the index in {folder} has format {found or 'unknown'}, this program reads {FORMAT}; "
        "build it again with: rag index DOCS"
    )


def _damaged(folder: Path, error: Exception) -> str:
    return (
        f"{NAME} in {folder} is damaged ({error}); repair it with: rag index DOCS --repair "
        "(it is rebuilt from the documents)"
    )


def _connect(file: Path) -> sqlite3.Connection:
    # Where the folder cannot be written, SQLite cannot keep its log beside the file; it need not, unless a
    # builder with other rights has left one there.
    log = file.with_name(f"{file.name}-wal")
    mode = "mode=ro" if os.access(file.parent, os.W_OK) or log.exists() else "mode=ro&immutable=1"
    return sqlite3.connect(
        f"{file.resolve().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False
    )
