"""Generations of an index: what shapes it, and which projection files belong to the committed rows.

The projections of generation n+1 are written and fsynced first; the SQLite transaction that stores their
names and hashes together with the rows is the only commit point. A projection whose bytes differ from the
committed hash is refused by name. Files of other generations are leftovers and are removed by the next
build; nothing that a reader may still hold open is ever rewritten.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index import chunks, clean, formats, repeated, words
from index.encode import Encoder, Progress, silent
from index.errors import IndexCorrupt, IndexFault
from index.settings import IndexSettings
from index.stores import rows, vector_rows
from index.stores.database import FORMAT
from index.vectors import write_vectors

VECTORS = "vectors"
WORDS = "words"
KINDS = frozenset({VECTORS, WORDS})
_OURS = re.compile(rf"{VECTORS}-\d+\.faiss|{WORDS}-\d+", re.ASCII)
_BLOCK = 1 << 20

# The keys of a shape as a reader of the report knows them.
_CALLED = {
    "format": "the format of the index",
    "formats": "the rules for reading files",
    "encoder": "the encoder",
    "clean": "the marking of boilerplate",
    "chunk": "the rules for chunks",
    "chunk_tokens": "chunk_tokens",
    "counter": "the token counter",
    "words": "the analysis of words",
}


@dataclass(frozen=True, slots=True)
class Projection:
    """A file or folder derived from the rows.

    Attributes:
        sha256: Of its bytes.
        detail: What it is: for vectors the type of index, with its measured recall where that is not 1.
    """

    kind: str
    name: str
    sha256: str
    detail: str = ""


def shape_of(settings: IndexSettings, counter: str, encoder: str) -> dict[str, object]:
    """Everything that decides what the rows of an index look like."""
    return {
        "format": FORMAT,
        "formats": formats.RULES,
        "clean": f"{clean.rules()}-{repeated.RULES}" if settings.clean else "off",
        "chunk": chunks.RULES,
        "chunk_tokens": settings.chunk_tokens,
        "words": words.ANALYSIS,
        "counter": counter,
        "encoder": encoder,
    }


def fingerprint(shape: Mapping[str, object], documents: Iterable[tuple[str, str]]) -> str:
    """16 hex digits for an index: its shape, and the path and hash of every document."""
    digest = hashlib.sha256(json.dumps(shape, sort_keys=True).encode())
    for path, sha256 in sorted(documents):
        digest.update(f"\n{sha256} {path}".encode())
    return digest.hexdigest()[:16]


def why_rebuilt(old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """What differs between two shapes, in words; "" if nothing does."""
    told = []
    for key, called in _CALLED.items():
        if old.get(key) != new.get(key):
            told.append(f"{called} changed from {old.get(key, 'none')} to {new.get(key, 'none')}")
    return "; ".join(told)


def write_projections(
    connection: sqlite3.Connection,
    folder: Path,
    generation: int,
    encoder: Encoder,
    vector_type: str,
    progress: Progress = silent,
) -> tuple[Projection, ...]:
    """Write and fsync the vector and word index of the rows as they stand in this transaction.

    Raises:
        IndexFault: The disk has no room for them.
    """
    vectors, word_folder = folder / f"{VECTORS}-{generation}.faiss", folder / f"{WORDS}-{generation}"
    vectors.unlink(missing_ok=True)
    shutil.rmtree(word_folder, ignore_errors=True)
    count = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    progress("Writing the vector index", 0, 1)
    matrices = vector_rows.batches(connection, encoder.dimension)
    with room_in(folder):
        detail = write_vectors(vectors, matrices, count, encoder.dimension, vector_type)
    progress("Writing the vector index", 1, 1)
    texts = (
        (piece.id, chunks.embedded_text(title, piece, encoder))
        for title, piece in rows.embedded_chunks(connection)
    )
    with room_in(folder):
        words.build_words(word_folder, _counted(texts, count, progress))
        for file in (vectors, *sorted(word_folder.iterdir()), word_folder, folder):
            _fsync(file)
    return (
        Projection(VECTORS, vectors.name, hash_of(vectors), detail),
        Projection(WORDS, word_folder.name, hash_of(word_folder)),
    )


def committed(connection: sqlite3.Connection) -> tuple[Projection, ...]:
    """The projections of the committed generation."""
    rows = connection.execute("SELECT kind, name, sha256, detail FROM projections ORDER BY kind")
    return tuple(Projection(*row) for row in rows)


def commit(connection: sqlite3.Connection, projections: Iterable[Projection]) -> None:
    """Store names and hashes; they count once the caller's transaction commits."""
    connection.execute("DELETE FROM projections")
    connection.executemany(
        "INSERT INTO projections VALUES (?, ?, ?, ?)",
        [(p.kind, p.name, p.sha256, p.detail) for p in projections],
    )


def damaged(folder: Path, projections: Iterable[Projection]) -> tuple[str, ...]:
    """The names of the projections that are missing or are not the committed bytes."""
    return tuple(p.name for p in projections if hash_of(folder / p.name) != p.sha256)


def checked(folder: Path, projection: Projection) -> Path:
    """The path of a projection whose bytes are the committed ones.

    Raises:
        IndexCorrupt: They are not.
    """
    if damaged(folder, [projection]):
        raise IndexCorrupt(
            f"{projection.name} in {folder} is damaged or missing; nothing is lost: "
            "rebuild it with: rag index DOCS --repair"
        )
    return folder / projection.name


def has_projections(folder: Path) -> bool:
    """Whether a folder holds both projections of some generation; names alone may be anybody's."""
    numbers = (entry.stem.partition("-")[2] for entry in folder.glob(f"{VECTORS}-*.faiss"))
    return any((folder / f"{WORDS}-{number}" / "meta.json").is_file() for number in numbers)


def remove_leftovers(folder: Path, keep: Iterable[Projection]) -> None:
    """Delete the projections of other generations, as far as the system lets us."""
    names = {projection.name for projection in keep}
    for entry in list(folder.iterdir()):
        if entry.name in names or not _OURS.fullmatch(entry.name):
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """What FAISS and tantivy say of a full disk, each in a way of its own, in words of this program.

    Raises:
        IndexFault: The disk is full.
    """
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        if "no space left" not in str(error).lower() and "os error 28" not in str(error).lower():
            raise
        raise IndexFault(
            f"the disk of {folder} is full; the index is as it was before: make room and build it again"
        ) from error


def hash_of(place: Path) -> str:
    """SHA-256 of a file, or of the names and bytes of the files in a folder; "" if it is not there."""
    digest = hashlib.sha256()
    try:
        files = [place]
        if place.is_dir():
            files = [file for file in sorted(place.iterdir()) if not file.name.endswith(".lock")]
        for file in files:
            if file != place:
                digest.update(file.name.encode() + b"\0")
            with file.open("rb") as opened:
                while block := opened.read(_BLOCK):
                    digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def _counted(texts: Iterable[tuple[int, str]], count: int, progress: Progress) -> Iterator[tuple[int, str]]:
    for done, text in enumerate(texts, start=1):
        yield text
        if done % 1000 == 0 or done == count:
            progress("Writing the word index", done, count)


def _fsync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
