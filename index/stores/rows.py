"""Records to rows and back; the only place that knows the columns of the database."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np

from index.errors import DocumentUnknown
from index.records import Block, Chunk, Document, Skipped, Span
from index.vectors import Matrix

_CHUNK_COLUMNS = 'id, document, "start", "end", heading, tokens, sentences, page'


class Texts:
    """Paths and texts of documents by row id, the last few kept in memory; chunks are cut from them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.get = lru_cache(maxsize=64)(self._read)

    def _read(self, row: int) -> tuple[str, str]:
        found = self._connection.execute("SELECT path, text FROM documents WHERE id = ?", (row,)).fetchone()
        if found is None:
            raise sqlite3.DatabaseError(f"a chunk belongs to document {row}, which is not there")
        return str(found[0]), str(found[1])


def given_key(given: Mapping[str, str]) -> str:
    """A digest of the metadata given for a document: when it changes, so does the document."""
    return hashlib.sha256(json.dumps(dict(given), sort_keys=True).encode()).hexdigest()[:16]


def stored_keys(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Path to (file hash, metadata digest) of every document."""
    rows = connection.execute("SELECT path, sha256, given FROM documents")
    return {path: (sha256, given) for path, sha256, given in rows}


def delete_documents(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Delete documents with their chunks."""
    connection.executemany("DELETE FROM documents WHERE path = ?", [(path,) for path in paths])


def add_document(connection: sqlite3.Connection, document: Document, given: str) -> int:
    """Insert a document and return its row id."""
    cursor = connection.execute(
        "INSERT INTO documents (path, sha256, title, date, metadata, given, text, blocks, note, format) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document.path,
            document.sha256,
            document.title,
            document.date,
            json.dumps(dict(document.metadata)),
            given,
            document.text,
            json.dumps([(b.start, b.end, b.kind, b.verdict, b.reason, b.page) for b in document.blocks]),
            document.note,
            document.format,
        ),
    )
    return int(cursor.lastrowid or 0)


def add_chunk(
    connection: sqlite3.Connection, document: int, chunk: Chunk, embedded: str, vector: bytes
) -> None:
    """Insert a chunk with the digest of its embedded text and its vector."""
    connection.execute(
        'INSERT INTO chunks (document, "start", "end", heading, tokens, sentences, page, embedded, vector) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document,
            chunk.start,
            chunk.end,
            chunk.heading,
            chunk.tokens,
            json.dumps([(s.start, s.end) for s in chunk.sentences]),
            chunk.page,
            embedded,
            vector,
        ),
    )


def known_vectors(connection: sqlite3.Connection, encoder: str) -> dict[str, bytes]:
    """Digest of an embedded text to its stored vector, if this encoder made it."""
    if read_meta(connection).get("encoder") != encoder:
        return {}
    return dict(connection.execute("SELECT embedded, vector FROM chunks"))


def read_document(connection: sqlite3.Connection, path: str) -> Document:
    """A stored document.

    Raises:
        DocumentUnknown: There is none of this path.
    """
    row = connection.execute(
        "SELECT path, sha256, text, title, date, metadata, blocks, note, format FROM documents "
        "WHERE path = ?",
        (path,),
    ).fetchone()
    if row is None:
        raise DocumentUnknown(f"the index holds no document {path!r}; `rag index` lists what it holds")
    path, sha256, text, title, date, metadata, blocks, note, form = row
    with _parsing():
        found = tuple(Block(*block) for block in json.loads(blocks))
        return Document(path, sha256, text, title, date, json.loads(metadata), found, note, form)


def read_chunks(connection: sqlite3.Connection, texts: Texts, path: str) -> tuple[Chunk, ...]:
    """The chunks of one document in reading order."""
    rows = connection.execute(
        f"SELECT {_CHUNK_COLUMNS} FROM chunks "
        'WHERE document = (SELECT id FROM documents WHERE path = ?) ORDER BY "start"',
        (path,),
    )
    return tuple(_chunk(row, texts) for row in rows.fetchall())


def read_chunks_by_id(connection: sqlite3.Connection, texts: Texts, ids: Iterable[int]) -> dict[int, Chunk]:
    """Chunk id to chunk, for the ids that exist."""
    rows = connection.execute(
        f"SELECT {_CHUNK_COLUMNS} FROM chunks WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ids)),),
    )
    return {row[0]: _chunk(row, texts) for row in rows.fetchall()}


def embedded_chunks(connection: sqlite3.Connection) -> Iterator[tuple[str, Chunk, bytes]]:
    """(document title, chunk, vector) of every chunk, by id: what the projections are made of."""
    texts = Texts(connection)
    titles = dict(connection.execute("SELECT id, title FROM documents"))
    rows = connection.execute(f"SELECT vector, {_CHUNK_COLUMNS} FROM chunks ORDER BY id")
    for vector, *row in rows:
        yield titles[row[1]], _chunk(row, texts), vector


def to_blob(vector: Matrix) -> bytes:
    """A vector of shape (dimension,) as stored."""
    return vector.astype("<f4").tobytes()


def matrix_of(vectors: list[bytes], dimension: int) -> Matrix:
    """Stored vectors as a matrix of shape (n, dimension)."""
    with _parsing():
        return np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), dimension)


def replace_skipped(connection: sqlite3.Connection, skipped: Iterable[Skipped]) -> None:
    """Store which files are not in the index, and why."""
    connection.execute("DELETE FROM skipped")
    connection.executemany(
        "INSERT INTO skipped VALUES (?, ?, ?)", [(row.path, row.reason, row.unreadable) for row in skipped]
    )


def read_skipped(connection: sqlite3.Connection) -> tuple[Skipped, ...]:
    """Which files the last build did not read, and why."""
    rows = connection.execute("SELECT path, reason, unreadable FROM skipped")
    return tuple(Skipped(path, reason, bool(unreadable)) for path, reason, unreadable in rows)


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """All of `meta`."""
    return dict(connection.execute("SELECT key, value FROM meta"))


def write_meta(connection: sqlite3.Connection, **values: str) -> None:
    """Set keys of `meta`."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))


@contextmanager
def _parsing() -> Iterator[None]:
    """A value that is not what was written is damage, as much as a page that cannot be read."""
    try:
        yield
    except (ValueError, TypeError, RecursionError) as error:
        raise sqlite3.DatabaseError(f"a row holds something else than was written: {error}") from error


def _chunk(row: Sequence[Any], texts: Texts) -> Chunk:
    number, document, start, end, heading, tokens, sentences, page = row
    path, text = texts.get(document)
    with _parsing():
        spans = tuple(Span(*pair) for pair in json.loads(sentences))
    return Chunk(number, path, start, end, text[start:end], heading, tokens, spans, page)
