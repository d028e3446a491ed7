"""The vectors of an index, each stored once under a digest of what it was made from.

Chunks point at them, so equal texts share one and an unchanged text never meets the encoder again, whatever
happened to the document around it. They are kept at half precision, which moves a cosine by less than 0.001
and halves the largest part of the database; every vector index is made from these rows, so a fresh, an
updated and a repaired index hold the same numbers.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.vectors import Matrix

_BATCH = 1024


def digest_of(text: str, encoder: str) -> bytes:
    """16 bytes that stand for a text and the encoder that reads it."""
    return hashlib.sha256(f"{encoder}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def find(connection: sqlite3.Connection, digests: Iterable[bytes]) -> dict[bytes, int]:
    """Row ids of the vectors that are stored already."""
    found = {}
    for digest in digests:
        row = connection.execute("SELECT id FROM vectors WHERE digest = ?", (digest,)).fetchone()
        if row:
            found[digest] = int(row[0])
    return found


def add(connection: sqlite3.Connection, digests: Sequence[bytes], matrix: Matrix) -> dict[bytes, int]:
    """Store unit vectors, shape (n, dimension), and return their row ids."""
    added = {}
    for digest, vector in zip(digests, matrix, strict=True):
        blob = vector.astype("<f2").tobytes()
        cursor = connection.execute(
            "INSERT INTO vectors (digest, vector, checksum) VALUES (?, ?, ?)",
            (digest, blob, zlib.crc32(blob)),
        )
        added[digest] = int(cursor.lastrowid or 0)
    return added


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
        "SELECT c.id, v.vector, v.checksum FROM documents d CROSS JOIN chunks c ON c.document = d.id "
        'CROSS JOIN vectors v ON v.id = c.vector ORDER BY d.path, c."start"'
    )
    while some := rows.fetchmany(_BATCH):
        for number, blob, stored in some:
            if zlib.crc32(blob) != stored or len(blob) != 2 * dimension:
                raise sqlite3.DatabaseError(f"the vector of chunk {number} does not match its checksum")
        halves = np.frombuffer(b"".join(row[1] for row in some), dtype="<f2").reshape(len(some), dimension)
        yield np.array([row[0] for row in some], dtype=np.int64), halves.astype(np.float32)
