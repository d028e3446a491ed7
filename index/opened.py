"""An opened index: one generation, read-only, safe for many threads.

It keeps the state it was opened with, whatever is built meanwhile. `is_current` tells whether that is still
the newest; `reopened` opens the newest, with the loaded encoder.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from index import generation
from index.encode import Encoder, open_encoder
from index.errors import IndexCorrupt, IndexMismatch
from index.facts import Fact, Facts, Key
from index.filters import Allowed, Filters, as_filters, resolve
from index.records import Chunk, Document
from index.sentence_bits import cosines_by_chunk
from index.settings import IndexSettings
from index.store import index_folder
from index.stores import rows, vector_rows
from index.stores.database import open_reader, open_watch, sound
from index.stores.newest import generation_of, identity
from index.unseen import searchable
from index.vectors import Matrix, Vectors
from index.words import Words

_RECENT = 4096
_LOOKS = 4


class Index:
    """The documents and chunks of one generation, and the searches over them.

    Attributes:
        folder: The index folder.
        documents_folder: The folder the documents came from.
        generation: Number of the generation.
        fingerprint: 16 hex digits over everything that shapes the index, and its documents' hashes.
        documents: Paths of the documents, sorted.
        skipped: Files that are not in the index, or only in part, and why.
    """

    def __init__(self, folder: Path, settings: IndexSettings) -> None:
        """Use `open_index`."""
        self.folder = folder
        self._settings = settings
        self._lock, self._opening = threading.Lock(), threading.Lock()
        self._encoder: Encoder | None = None
        self._file = identity(folder)
        with ExitStack() as undo:
            self._connection = undo.enter_context(closing(open_reader(folder)))
            self._watch = undo.enter_context(closing(open_watch(folder)))
            self._open()
            undo.pop_all()

    def _open(self) -> None:
        folder = self.folder
        with sound(folder):
            self._texts = rows.Texts(self._connection)
            self._sentences = vector_rows.Sentences(self._connection)
            self._document = rows.recent_documents(self._connection)
            self._chunks_of = rows.recent_chunks(self._connection, self._texts)
            self._facts = Facts()
            self._chunks = rows.Chunks(self._connection, self._texts)
            meta = rows.read_meta(self._connection)
            keys = rows.stored_keys(self._connection)
            self.skipped = rows.read_skipped(self._connection)
            projections = {p.kind: p for p in generation.committed(self._connection)}
        complete = {"encoder", "generation", "fingerprint", "folder"} <= meta.keys()
        if not complete or projections.keys() != generation.KINDS or not meta["generation"].isdigit():
            raise IndexCorrupt(
                f"the index in {folder} is incomplete; repair it with: rag index DOCS --repair"
            )
        self.documents_folder = Path(meta["folder"])
        self.generation = int(meta["generation"])
        self.fingerprint = meta["fingerprint"]
        self.documents = tuple(sorted(keys))
        self._built_by = meta["encoder"]
        self._recent: dict[tuple[bool, str], Matrix] = {}
        vectors, words = (
            generation.checked(folder, projections[kind]) for kind in (generation.VECTORS, generation.WORDS)
        )
        try:
            self._vectors, self._words = Vectors(vectors), Words(words)
        except (RuntimeError, ValueError, OSError) as error:
            # A build has removed them since they were checked.
            raise IndexCorrupt(f"the index in {folder} cannot be opened ({error}); try again") from error

    def __len__(self) -> int:
        """Number of chunks."""
        return len(self._words)

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings; IndexMismatch if another one built the index."""
        with self._opening:
            self._encoder = self._encoder or open_encoder(self._settings)
            if self._encoder.fingerprint != self._built_by:
                raise IndexMismatch(
                    f"the index in {self.folder} was built by the encoder {self._built_by}, "
                    f"the settings name {self._encoder.fingerprint}; build it again with: "
                    f"rag index {self.documents_folder}"
                )
            return self._encoder

    def document(self, path: str) -> Document:
        """A document with its text and blocks.

        Raises:
            DocumentUnknown: There is none of this path.
        """
        with self._lock, sound(self.folder):
            return self._document.get(path)

    def chunks(self, path: str) -> tuple[Chunk, ...]:
        """The body chunks of one document in reading order.

        Raises:
            DocumentUnknown: There is none of this path.
        """
        with self._lock, sound(self.folder):
            found = self._chunks_of.get(path)
        if not found:
            self.document(path)
        return found

    def chunk_before(self, chunk: Chunk) -> Chunk | None:
        """The chunk before one in its document; None at the beginning."""
        with self._lock, sound(self.folder):
            return rows.read_chunk_before(self._connection, self._texts, chunk)

    def chunks_by_id(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """Chunk id to chunk."""
        with self._lock, sound(self.folder):
            return self._chunks.of(list(ids))

    def fact(self, work_out: Callable[["Index", Key], Fact], about: Key) -> Fact:
        """What a function makes of a chunk (by its id) or a term of this index; see `index/facts.py`."""
        return self._facts.of((work_out, about), lambda: work_out(self, about))

    def vectors_of(self, texts: Sequence[str], query: bool = False) -> list[Matrix]:
        """Unit vectors of short texts, shape (dimension,) each; the last few thousand are kept.

        Args:
            query: The texts are questions, which some encoders tell from passages.
        """
        with self._lock:
            known = {text: self._recent[query, text] for text in texts if (query, text) in self._recent}
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            seen = [searchable(text) for text in new]
            known.update(zip(new, self.encoder.encode(seen, query=query), strict=True))
            with self._lock:
                self._recent.update({(query, text): known[text] for text in new})
                _forget_oldest(self._recent)
        return [known[text] for text in texts]

    def sentence_cosines(self, question: Matrix, chunks: Sequence[Chunk]) -> tuple[tuple[float, ...], ...]:
        """How near each sentence of each chunk is to a question's unit vector, shape (dimension,).

        Made from vectors stored with the chunks (`sentence_bits.py`): nothing is encoded.
        """
        with self._lock, sound(self.folder):
            packed = self._sentences.of([chunk.id for chunk in chunks])
        return cosines_by_chunk(packed, question)

    def centroids(self) -> dict[str, Matrix]:
        """Path to the mean direction of a document's chunks, a unit vector; reads every vector."""
        with self._lock, sound(self.folder):
            return vector_rows.centroids(self._connection, vector_rows.dimension_of(self._connection))

    def allowed(self, filters: Filters | None) -> Allowed | None:
        """The chunks that filters leave; None where there is no condition.

        Raises:
            DocumentUnknown: A document named is not in the index.
            UsageError: No document has a key named, or these are no filters.
        """
        if not (filters := as_filters(filters)):
            return None
        with self._lock, sound(self.folder):
            return resolve(self._connection, filters)

    def nearest(self, vector: Matrix, k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """The `k` chunks nearest to a unit vector of shape (dimension,) as (id, cosine), best first."""
        return self._vectors.search(vector, k, None if allowed is None else allowed.chunks)

    def matching(self, terms: list[str], k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """The `k` best chunks for index terms as (id, BM25 score), best first."""
        return self._words.search(terms, k, None if allowed is None else allowed.chunks.tolist())

    def chunk_frequency(self, term: str) -> int:
        """How many chunks hold an index term."""
        return self._words.chunk_frequency(term)

    def terms_beginning(self, prefix: str) -> list[str]:
        """Known index terms with a prefix, in alphabetical order, at most 2000."""
        return self._words.beginning(prefix)

    def is_current(self) -> bool:
        """Whether no newer generation has been committed; costs some tens of microseconds."""
        if identity(self.folder) != self._file:
            return False
        with self._lock, sound(self.folder):
            return generation_of(self._watch) == str(self.generation)

    def rest(self) -> None:
        """Let go of the database's state while nothing is asked, so that its log can be cleared."""
        with self._lock:
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")

    def wake(self) -> bool:
        """Hold the state again after `rest`; False if another generation has taken its place."""
        if self._connection.in_transaction:
            return self.is_current()
        if identity(self.folder) != self._file:
            return False
        with self._lock, sound(self.folder):
            self._connection.execute("BEGIN")
            return generation_of(self._connection) == str(self.generation)

    def reopened(self) -> "Index":
        """The newest generation of the same index.

        Raises:
            IndexMissing: It is gone.
            IndexCorrupt: A file of it is damaged.
            IndexMismatch: It has been built again by another encoder or another version of the program.
        """
        newest = _open(self.folder, self._settings)
        if self._encoder is not None:
            if newest._built_by != self._encoder.fingerprint:
                newest.close()
                raise IndexMismatch(
                    f"the index in {self.folder} has been built again by another encoder; "
                    "start the program again to use it"
                )
            newest._encoder = self._encoder
            with self._lock:
                newest._recent = dict(self._recent)
        return newest

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._connection.close()
            self._watch.close()
            self._document.clear()


def open_index(url: str | Path, settings: IndexSettings | None = None) -> Index:
    """Open an index for reading.

    Args:
        url: `faiss://FOLDER` or the path of an index folder.
        settings: Must name the encoder that built it; the defaults do for an index built by them.

    Raises:
        IndexMissing: There is none.
        IndexCorrupt: A file of it is damaged.
        IndexMismatch: It was written by another version of the program.
    """
    settings = settings or IndexSettings()
    return _open(index_folder(str(url), None, settings), settings)


def _forget_oldest(kept: dict[Any, Any]) -> None:
    for _ in range(len(kept) - _RECENT):
        del kept[next(iter(kept))]


def _open(folder: Path, settings: IndexSettings) -> Index:
    for _ in range(_LOOKS):
        try:
            return Index(folder, settings)
        except IndexCorrupt:
            # A build may have committed, and removed the old files, between our two looks: look again.
            continue
    return Index(folder, settings)
