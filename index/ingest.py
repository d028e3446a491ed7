"""Files to rows, batch by batch: read, clean, chunk, encode, insert.

Only a batch is in memory at a time, so a large folder needs no more than a small one.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from index import generation
from index.chunks import chunk, embedded_piece
from index.clean import mark
from index.counting import Counter, open_counter
from index.encode import Encoder, Piece, Progress, open_encoder
from index.errors import UnreadableSource
from index.load import SourceFile, load, title_of
from index.parser_worker import ParserWorker
from index.reading import reader_of, unmarked
from index.records import Chunk, Document, Skipped
from index.sentence_bits import pack
from index.settings import IndexSettings
from index.stores import rows, vector_rows

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
    encoded: int


def store(
    connection: sqlite3.Connection,
    wanted: list[SourceFile],
    metadata: Mapping[str, Mapping[str, str]],
    tools: Tools,
    progress: Progress,
) -> Read:
    """Read, clean, chunk and encode files batch by batch, each in the place of its previous version."""
    skipped: list[Skipped] = []
    paths: set[str] = set()
    encoded = seen = 0
    with ParserWorker(tools.settings.limits) as worker:
        for batch in _batches(wanted, metadata, tools, worker, skipped, progress):
            seen += len(batch)
            steps = _Steps(progress, encoded, seen, len(wanted) - len(skipped))
            encoded += _add(connection, batch, metadata, tools, steps)
            paths.update(document.path for document in batch)
            progress("Storing", len(paths), len(wanted))
    return Read(frozenset(paths), tuple(skipped), encoded)


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


def _batches(
    wanted: list[SourceFile],
    metadata: Mapping[str, Mapping[str, str]],
    tools: Tools,
    worker: ParserWorker,
    skipped: list[Skipped],
    progress: Progress,
) -> Iterator[list[Document]]:
    """Files as cleaned, titled documents, some at a time; those that turn out to hold none are noted."""
    batch: list[Document] = []
    for number, source in enumerate(wanted, start=1):
        progress("Reading", number, len(wanted))
        try:
            document = load(source, metadata.get(source.path, {}), worker)
        except UnreadableSource as reason:
            skipped.append(Skipped(source.path, str(reason), unreadable=True))
            continue
        if not document.blocks:
            skipped.append(Skipped(source.path, NO_TEXT))
            continue
        batch.append(cleaned(document, tools.settings))
        if len(batch) == _BATCH or sum(len(held.text) for held in batch) >= _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


def _add(
    connection: sqlite3.Connection,
    batch: list[Document],
    metadata: Mapping[str, Mapping[str, str]],
    tools: Tools,
    progress: Progress,
) -> int:
    """Insert documents in the place of their previous versions; how many chunks were encoded."""
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
    paths = [document.path for document in batch]
    vector_rows.note_unused(connection, paths)
    rows.delete_documents(connection, paths)
    for document, pieces in cut:
        row = rows.add_document(connection, document, rows.given_key(metadata.get(document.path, {})))
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
