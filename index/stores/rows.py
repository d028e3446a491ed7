"""Records to rows and back; with `vector_rows.py` the only place that knows the columns of the database.

A row that no longer matches its checksum is an error, never an answer.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from index.errors import DocumentUnknown
from index.recent import Recent
from index.records import Block, Chunk, Document, Skipped, Span

_DOCUMENT_COLUMNS = "path, sha256, text, title, date, metadata, blocks, note, format, flaws"
# Documents, and characters of them, that are kept in memory.
_DOCUMENTS = 64
_CHARACTERS = 16_000_000
_CHUNKS = 4096
_CHUNK_COLUMNS = 'id, document, "start", "end", heading, tokens, sentences, page, columns, checksum'


class Texts:
    """Paths and texts of documents by row id, the last few kept in memory; chunks are cut from them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._recent = Recent(self._read, lambda found: len(found[1]), _CHARACTERS, _DOCUMENTS)

    def get(self, row: int) -> tuple[str, str]:
        """The path and the text of a document."""
        return self._recent.get(row)

    def _read(self, row: int) -> tuple[str, str]:
        found = self._connection.execute(
            f"SELECT {_DOCUMENT_COLUMNS}, checksum FROM documents WHERE id = ?", (row,)
        ).fetchone()
        if found is None:
            raise sqlite3.DatabaseError(f"document {row} is missing")
        path, _, text, *_ = _sound("document", found)
        return str(path), str(text)


def recent_documents(connection: sqlite3.Connection) -> Recent[str, Document]:
    """Documents by path, the last few kept in memory."""
    read = partial(read_document, connection)
    return Recent(read, lambda document: len(document.text), _CHARACTERS, _DOCUMENTS // 2)


def recent_chunks(connection: sqlite3.Connection, texts: Texts) -> Recent[str, tuple[Chunk, ...]]:
    """The chunks of documents by path, those of the last few kept in memory."""
    read = partial(read_chunks, connection, texts)
    return Recent(read, lambda found: sum(len(one.text) for one in found), _CHARACTERS, _DOCUMENTS // 2)


class Chunks:
    """Chunks by row id, the last few thousand kept in memory."""

    def __init__(self, connection: sqlite3.Connection, texts: Texts) -> None:
        self._connection = connection
        self._texts = texts
        self._kept: dict[int, Chunk] = {}

    def of(self, ids: Sequence[int]) -> dict[int, Chunk]:
        """Those that exist, in the order given."""
        if new := [number for number in ids if number not in self._kept]:
            self._kept.update(read_chunks_by_id(self._connection, self._texts, new))
        found = {number: self._kept[number] for number in ids if number in self._kept}
        for _ in range(len(self._kept) - _CHUNKS):
            del self._kept[next(iter(self._kept))]
        return found


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
    values = _values(document)
    cursor = connection.execute(
        f"INSERT INTO documents ({_DOCUMENT_COLUMNS}, checksum, given) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, checksum(values), given),
    )
    return int(cursor.lastrowid or 0)


def delete_chunks(connection: sqlite3.Connection, document: int) -> None:
    """Delete the chunks of one document, which stays."""
    connection.execute("DELETE FROM chunks WHERE document = ?", (document,))


def update_document(connection: sqlite3.Connection, document: Document) -> None:
    """Store other blocks or another title for a document."""
    values = _values(document)
    connection.execute(
        "UPDATE documents SET title = ?, blocks = ?, checksum = ? WHERE path = ?",
        (document.title, values[6], checksum(values), document.path),
    )


def row_of(connection: sqlite3.Connection, path: str) -> int:
    """The row id of a stored document."""
    return int(connection.execute("SELECT id FROM documents WHERE path = ?", (path,)).fetchone()[0])


def add_chunk(connection: sqlite3.Connection, document: int, chunk: Chunk, vector: int) -> None:
    """Insert a chunk with the row id of its vector."""
    sentences = json.dumps([(s.start, s.end) for s in chunk.sentences])
    ends = (document, chunk.start, chunk.end)
    values = (*ends, chunk.heading, chunk.tokens, sentences, chunk.page, chunk.columns)
    connection.execute(
        'INSERT INTO chunks (document, "start", "end", heading, tokens, sentences, page, columns, '
        "checksum, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, checksum(values), vector),
    )


def read_document(connection: sqlite3.Connection, path: str) -> Document:
    """A stored document.

    Raises:
        DocumentUnknown: There is none of this path.
    """
    row = connection.execute(
        f"SELECT {_DOCUMENT_COLUMNS}, checksum FROM documents WHERE path = ?", (path,)
    ).fetchone()
    if row is None:
        raise DocumentUnknown(f"the index holds no document {path!r}; `rag index` lists what it holds")
    path, sha256, text, title, date, metadata, blocks, note, form, flaws = _sound("document", row)
    with parsing():
        found = tuple(Block(*block) for block in json.loads(blocks))
        return Document(path, sha256, text, title, date, json.loads(metadata), found, note, form, flaws)


def read_chunks(connection: sqlite3.Connection, texts: Texts, path: str) -> tuple[Chunk, ...]:
    """The chunks of one document in reading order."""
    rows = connection.execute(
        f"SELECT {_CHUNK_COLUMNS} FROM chunks "
        'WHERE document = (SELECT id FROM documents WHERE path = ?) ORDER BY "start"',
        (path,),
    )
    return tuple(_chunk(row, texts) for row in rows.fetchall())


def read_chunk_before(connection: sqlite3.Connection, texts: Texts, chunk: Chunk) -> Chunk | None:
    """The chunk before one, in reading order of its document; None at the beginning."""
    row = connection.execute(
        f"SELECT {_CHUNK_COLUMNS} FROM chunks WHERE document = (SELECT id FROM documents WHERE path = ?) "
        'AND "start" < ? ORDER BY "start" DESC LIMIT 1',
        (chunk.document, chunk.start),
    ).fetchone()
    return None if row is None else _chunk(row, texts)


def read_chunks_by_id(connection: sqlite3.Connection, texts: Texts, ids: Iterable[int]) -> dict[int, Chunk]:
    """Chunk id to chunk, for the ids that exist."""
    rows = connection.execute(
        f"SELECT {_CHUNK_COLUMNS} FROM chunks WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ids)),),
    )
    return {row[0]: _chunk(row, texts) for row in rows.fetchall()}


def embedded_chunks(connection: sqlite3.Connection) -> Iterator[tuple[str, Chunk]]:
    """(document title, chunk) of every chunk, without its sentences: what the word index is made of.

    By path and place, not by id: so the same documents give the same projections whatever came before.
    """
    texts = Texts(connection)
    rows = connection.execute(
        'SELECT d.title, c.id, c.document, c."start", c."end", c.heading, c.tokens, c.sentences, c.page, '
        "c.columns, c.checksum FROM documents d CROSS JOIN chunks c ON c.document = d.id "
        'ORDER BY d.path, c."start"'
    )
    known, path, text = -1, "", ""
    for title, number, *row in rows:
        document, start, end, heading, tokens, _, page, columns = _sound("chunk of document", row)
        if document != known:
            known, (path, text) = document, texts.get(document)
        yield title, Chunk(number, path, start, end, text[start:end], heading, tokens, (), page, columns)


def replace_skipped(connection: sqlite3.Connection, skipped: Iterable[Skipped]) -> None:
    """Store which files are not in the index, or only in part, and why."""
    connection.execute("DELETE FROM skipped")
    connection.executemany(
        "INSERT INTO skipped VALUES (?, ?, ?, ?)",
        [(row.path, row.reason, row.unreadable, row.partly) for row in skipped],
    )


def flawed(connection: sqlite3.Connection) -> Iterator[Skipped]:
    """The documents of which something could not be read."""
    for path, flaws in connection.execute(
        "SELECT path, flaws FROM documents WHERE flaws != '' ORDER BY path"
    ):
        yield Skipped(path, flaws, partly=True)


def read_skipped(connection: sqlite3.Connection) -> tuple[Skipped, ...]:
    """Which files the last build did not read, and why."""
    rows = connection.execute("SELECT path, reason, unreadable, partly FROM skipped")
    return tuple(Skipped(path, reason, bool(bad), bool(partly)) for path, reason, bad, partly in rows)


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """All of `meta`."""
    return dict(connection.execute("SELECT key, value FROM meta"))


def write_meta(connection: sqlite3.Connection, **values: str) -> None:
    """Set keys of `meta`."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))


def checksum(values: Sequence[Any]) -> int:
    """CRC-32 of a row's values."""
    return zlib.crc32("\x1f".join(map(str, values)).encode("utf-8", "surrogatepass"))


def _sound(what: str, row: Sequence[Any]) -> Sequence[Any]:
    """A row without its last column, which must be the checksum of the others."""
    if checksum(row[:-1]) != row[-1]:
        raise sqlite3.DatabaseError(f"{what} {row[0]!r} does not match its checksum")
    return row[:-1]


def _values(document: Document) -> tuple[str, ...]:
    """In the order of `_DOCUMENT_COLUMNS`."""
    return (
        document.path,
        document.sha256,
        document.text,
        document.title,
        document.date,
        json.dumps(dict(document.metadata)),
        json.dumps([(b.start, b.end, b.kind, b.verdict, b.reason, b.page) for b in document.blocks]),
        document.note,
        document.format,
        document.flaws,
    )


@contextmanager
def parsing() -> Iterator[None]:
    """A value that is not what was written is damage, as much as a page that cannot be read."""
    try:
        yield
    except (ValueError, TypeError, RecursionError) as error:
        raise sqlite3.DatabaseError(f"a row holds something else than was written: {error}") from error


def _chunk(row: Sequence[Any], texts: Texts) -> Chunk:
    number, values = row[0], _sound("chunk of document", row[1:])
    document, start, end, heading, tokens, sentences, page, columns = values
    path, text = texts.get(document)
    with parsing():
        spans = tuple(Span(*pair) for pair in json.loads(sentences))
    return Chunk(number, path, start, end, text[start:end], heading, tokens, spans, page, columns)
