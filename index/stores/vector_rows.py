"""The vectors of an index, each stored once under a digest of what it was made from.

Chunks point at them, so equal texts share one and an unchanged text never meets the encoder again, whatever
happened to the document around it. They are kept at half precision, which moves a cosine by less than 0.001
and halves the largest part of the database; every vector index is made from these rows, so a fresh, an
updated and a repaired index hold the same numbers.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.encode import Piece
from index.vectors import Matrix, unit

_BATCH = 1024
_KEPT = 4096


def digest_of(piece: Piece, encoder: str) -> bytes:
    """16 bytes that stand for a text, its sentences, and the encoder that reads it."""
    ends = ",".join(f"{span.start}-{span.end}" for span in piece.sentences)
    told = f"{encoder}\0{ends}\0{piece.text}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()[:16]


def find(connection: sqlite3.Connection, digests: Iterable[bytes]) -> dict[bytes, int]:
    """Row ids of the vectors that are stored already."""
    found = {}
    for digest in digests:
        row = connection.execute("SELECT id FROM vectors WHERE digest = ?", (digest,)).fetchone()
        if row:
            found[digest] = int(row[0])
    return found


def add(
    connection: sqlite3.Connection, digests: Sequence[bytes], matrix: Matrix, sentences: Sequence[bytes]
) -> dict[bytes, int]:
    """Store unit vectors, shape (n, dimension), with their packed sentences; return their row ids."""
    added = {}
    for digest, vector, packed in zip(digests, matrix, sentences, strict=True):
        blob = vector.astype("<f2").tobytes()
        cursor = connection.execute(
            "INSERT INTO vectors (digest, vector, sentences, checksum) VALUES (?, ?, ?, ?)",
            (digest, blob, packed, _checksum(blob, packed)),
        )
        added[digest] = int(cursor.lastrowid or 0)
    return added


class Sentences:
    """The packed vectors of the sentences of chunks; those of the last few thousand chunks are kept."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kept: dict[int, bytes] = {}

    def of(self, chunks: Sequence[int]) -> list[bytes]:
        """Those of each chunk, by its id."""
        new = [number for number in chunks if number not in self._kept]
        self._kept.update(_sentences_of(self._connection, new) if new else ())
        packed = [self._kept[number] for number in chunks]
        for _ in range(len(self._kept) - _KEPT):
            del self._kept[next(iter(self._kept))]
        return packed


def _sentences_of(connection: sqlite3.Connection, chunks: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    found = connection.execute(
        "SELECT c.id, v.vector, v.sentences, v.checksum FROM chunks c JOIN vectors v ON v.id = c.vector "
        "WHERE c.id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(chunks)),),
    )
    for number, blob, sentences, stored in found:
        if _checksum(blob, sentences) != stored:
            raise sqlite3.DatabaseError(f"the vector of chunk {number} does not match its checksum")
        yield number, bytes(sentences)


def note_unused(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Remember the vectors of documents about to be deleted; chunks still to come may want them."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS loose (vector INTEGER PRIMARY KEY)")
    connection.executemany(
        "INSERT OR IGNORE INTO loose SELECT vector FROM chunks "
        "WHERE document = (SELECT id FROM documents WHERE path = ?)",
        [(path,) for path in paths],
    )


def drop_unused(connection: sqlite3.Connection) -> None:
    """Delete the remembered vectors that no chunk wants."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS loose (vector INTEGER PRIMARY KEY)")
    connection.execute(
        "DELETE FROM vectors WHERE id IN (SELECT vector FROM loose) "
        "AND NOT EXISTS (SELECT 1 FROM chunks WHERE chunks.vector = vectors.id)"
    )
    connection.execute("DROP TABLE loose")


def dimension_of(connection: sqlite3.Connection) -> int:
    """Length of the stored vectors; 0 if there are none."""
    row = connection.execute("SELECT length(vector) / 2 FROM vectors LIMIT 1").fetchone()
    return int(row[0]) if row else 0


def batches(connection: sqlite3.Connection, dimension: int) -> Iterator[tuple[NDArray[np.int64], Matrix]]:
    """Chunk ids and vectors (unit but for rounding) by path and place, some thousands at a time."""
    rows = connection.execute(
        # Joined in the order that is wanted, through indexes, so that no vector waits in a sort.
        "SELECT c.id, v.vector, v.sentences, v.checksum FROM documents d "
        "CROSS JOIN chunks c ON c.document = d.id CROSS JOIN vectors v ON v.id = c.vector "
        'ORDER BY d.path, c."start"'
    )
    while some := rows.fetchmany(_BATCH):
        for number, blob, sentences, stored in some:
            if _checksum(blob, sentences) != stored or len(blob) != 2 * dimension:
                raise sqlite3.DatabaseError(f"the vector of chunk {number} does not match its checksum")
        halves = np.frombuffer(b"".join(row[1] for row in some), dtype="<f2").reshape(len(some), dimension)
        yield np.array([row[0] for row in some], dtype=np.int64), halves.astype(np.float32)


def centroids(connection: sqlite3.Connection, dimension: int) -> dict[str, Matrix]:
    """Path to the sum of the vectors of a document's chunks, scaled to length 1; in the order of paths."""
    rows = connection.execute(
        "SELECT d.path, v.vector FROM documents d JOIN chunks c ON c.document = d.id "
        "JOIN vectors v ON v.id = c.vector ORDER BY d.path"
    )
    sums: dict[str, Matrix] = {}
    for path, blob in rows:
        vector = np.frombuffer(blob, dtype="<f2", count=dimension).astype(np.float32)
        sums[path] = sums[path] + vector if path in sums else vector
    return {path: unit(total[np.newaxis])[0] for path, total in sums.items()}


def _checksum(vector: bytes, sentences: bytes) -> int:
    return zlib.crc32(sentences, zlib.crc32(vector))
