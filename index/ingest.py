"""Files to rows: read, clean and store each; then mark what they repeat, chunk, encode, batch by batch.

What documents repeat is known only when all have been read, so chunks come second; only a batch is in memory
at a time, so a large folder needs no more than a small one.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from index import generation, repeated
from index.chunks import chunk, embedded_piece
from index.clean import mark
from index.counting import Counter, open_counter
from index.encode import Encoder, Piece, Progress, open_encoder
from index.errors import UnreadableSource
from index.load import SourceFile, load, title_of
from index.parser_worker import ParserWorker
from index.reading import reader_of, unmarked
from index.records import Chunk, Document, Skipped
from index.repeated import Repeat
from index.sentence_bits import pack
from index.settings import IndexSettings
from index.stores import edge_rows, rows, vector_rows

NO_TEXT = "holds no text"
# Documents, and characters, that are held in memory at a time.
_BATCH = 200
_BATCH_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Tools:
    """What turns documents into rows, and its description."""

    settings: IndexSettings
    encoder: Encoder
    counter: Counter

    @property
    def shape(self) -> dict[str, object]:
        """What decides how rows made by these tools look."""
        return generation.shape_of(self.settings, self.counter.name, self.encoder.fingerprint)


def open_tools(settings: IndexSettings, progress: Progress) -> Tools:
    """The encoder and the token counter of the settings.

    Raises:
        ModelMissing: The encoder is not installed.
    """
    encoder = open_encoder(settings, progress)
    return Tools(settings, encoder, open_counter(settings.models_folder / "tiktoken", encoder.wordpieces))


@dataclass(frozen=True, slots=True)
class Read:
    """What became of the new and changed files."""

    paths: frozenset[str]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Indexed:
    """The documents that were cut into chunks, and how many of these were encoded."""

    paths: frozenset[str]
    encoded: int


def read_files(
    connection: sqlite3.Connection,
    wanted: list[SourceFile],
    metadata: Mapping[str, Mapping[str, str]],
    tools: Tools,
    progress: Progress,
) -> Read:
    """Read and clean files and store them as documents, each in the place of its previous version."""
    skipped: list[Skipped] = []
    paths: set[str] = set()
    with ParserWorker(tools.settings.limits) as worker:
        for number, source in enumerate(wanted, start=1):
            progress(f"Reading {source.path}", number, len(wanted))
            given = metadata.get(source.path, {})
            try:
                document = load(source, given, worker)
            except UnreadableSource as reason:
                skipped.append(Skipped(source.path, str(reason), unreadable=True))
                continue
            if not document.blocks:
                skipped.append(Skipped(source.path, NO_TEXT))
                continue
            _put(connection, cleaned(document, tools.settings), rows.given_key(given), tools)
            paths.add(source.path)
    return Read(frozenset(paths), tuple(skipped))


def clean_again(connection: sqlite3.Connection, paths: Iterable[str], tools: Tools) -> None:
    """Bring documents under new settings from their stored text, where their files cannot be read now."""
    keys = rows.stored_keys(connection)
    for path in paths:
        document = repeated.unmarked(rows.read_document(connection, path))
        _put(connection, cleaned(document, tools.settings), keys[path][1], tools)


def index_documents(
    connection: sqlite3.Connection, fresh: frozenset[str], tools: Tools, progress: Progress
) -> Indexed:
    """Mark what documents repeat, then chunk and encode the fresh ones and those whose marks changed."""
    known, touched = edge_rows.refresh(connection)
    paths = sorted(fresh | touched)
    encoded = seen = 0
    marked: set[str] = set()
    for batch in _batches(connection, paths, fresh, known):
        seen += len(batch)
        encoded += _add(connection, batch, tools, _Steps(progress, encoded, seen, len(paths)))
        marked.update(document.path for document in batch)
        progress("Storing", seen, len(paths))
    return Indexed(frozenset(marked), encoded)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Counts the chunks encoded over all batches, against what the documents so far let one expect."""

    progress: Progress
    before: int
    documents: int
    of: int

    def __call__(self, step: str, done: int, total: int) -> None:
        expected = (self.before + total) * self.of / self.documents
        self.progress(step, self.before + done, max(self.before + done, round(expected)))


def _put(connection: sqlite3.Connection, document: Document, given: str, tools: Tools) -> None:
    vector_rows.note_unused(connection, [document.path])
    rows.delete_documents(connection, [document.path])
    row = rows.add_document(connection, document, given)
    if tools.settings.clean:
        edge_rows.add(connection, row, document)


def _batches(
    connection: sqlite3.Connection, paths: list[str], fresh: frozenset[str], known: Mapping[bytes, Repeat]
) -> Iterator[list[Document]]:
    """Documents to be cut into chunks, some at a time: the fresh ones and those whose marks changed."""
    batch: list[Document] = []
    for path in paths:
        stored = rows.read_document(connection, path)
        document = repeated.marked(stored, known) if known or path not in fresh else stored
        if document is not stored:
            rows.update_document(connection, document)
        elif path not in fresh:
            continue
        batch.append(document)
        if len(batch) == _BATCH or sum(len(held.text) for held in batch) >= _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


def _add(connection: sqlite3.Connection, batch: list[Document], tools: Tools, progress: Progress) -> int:
    """Insert the chunks of documents in the place of those they had; how many were encoded."""
    cut: list[tuple[Document, list[tuple[Chunk, bytes]]]] = []
    told: dict[bytes, Piece] = {}
    for document in batch:
        pieces = []
        for piece in chunk(document, tools.settings.chunk_tokens, tools.counter, tools.encoder):
            embedded = embedded_piece(document.title, piece, tools.encoder)
            digest = vector_rows.digest_of(embedded, tools.encoder.fingerprint)
            pieces.append((piece, digest))
            told[digest] = embedded
        cut.append((document, pieces))
    known = vector_rows.find(connection, told)
    new = [digest for digest in told if digest not in known]
    vectors, sentences = tools.encoder.encode_pieces([told[digest] for digest in new], progress)
    known |= vector_rows.add(connection, new, vectors, [pack(own) for own in sentences])
    vector_rows.note_unused(connection, [document.path for document in batch])
    for document, pieces in cut:
        row = rows.row_of(connection, document.path)
        rows.delete_chunks(connection, row)
        for piece, digest in pieces:
            rows.add_chunk(connection, row, piece, known[digest])
    return len(new)


def cleaned(document: Document, settings: IndexSettings) -> Document:
    """A document with its boilerplate marked and its title found."""
    if not settings.clean:
        document = unmarked(document)
    elif not document.canonical:
        stated = reader_of(document.path).headings_stated
        document = replace(document, blocks=mark(document.text, document.blocks, stated))
    return replace(document, title=title_of(document))
