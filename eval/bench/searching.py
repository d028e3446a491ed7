"""What a search costs in a large index, and what it finds beside an exact scan.

The index is made through the store, not the command: as many chunks as wanted, some of them with the
vectors of real sentences, the rest noisy copies (cosine 0.8 to 0.9 to their original). Each chunk opens with
the sentence its vector is of and goes on with others, to the length of a usual chunk. Then one document in
twenty is deleted. Questions are real; their forward pass is not counted.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.parts import command, index_settings, open_once
from eval.bench.start import child_environment
from eval.bench.texts import kept_vectors, made_up, passages, questions, sentences
from eval.errors import BenchError
from index import Chunk, Document, Index, generation, open_index
from index.encode import Encoder, Piece, open_encoder
from index.records import Span
from index.stores import rows, vector_rows
from index.stores.database import writing
from index.vectors import AUTO, Matrix, load_faiss, unit
from index.words import content_terms

_CHUNKS_EACH = 10
_SENTENCES_EACH = 4
_ASKED = 500
_DELETED_EVERY = 20
_DEPTH = 100
# Encoding takes some four minutes for as many; more would not change what is found.
_REAL = 52_000


@dataclass(frozen=True, slots=True)
class SearchReport:
    """The figures of one run; times are processor time of one thread.

    Attributes:
        real: Chunks with a real vector; the others are noisy copies.
        vectors: The kind of vector index, with the recall its build measured on samples.
        rebuild_seconds: Deleting one document in twenty and writing the next generation.
        recall: Share of the ten truly nearest chunks among the ten found, over the questions.
        deleted_found: Deleted chunks that came back, of either search.
        open_seconds: Opening in a new process, without importing.
        disk_ratio: Bytes of the index folder over bytes of the documents' text.
    """

    chunks: int
    real: int
    asked: int
    vectors: str
    rebuild_seconds: float
    dense_ms: tuple[float, float]
    words_ms: tuple[float, float]
    recall: float
    deleted_found: int
    open_seconds: float
    disk_ratio: float

    def to_dict(self) -> dict[str, Any]:
        """JSON types; pairs of times are the median and the 95th percentile."""
        return asdict(self)


def bench_search(
    data: Sequence[Path] = (), *, chunks: int = 200_000, keep: Path | None = None, vector_type: str = AUTO
) -> SearchReport:
    """Measure searches in an index of `chunks` chunks.

    Args:
        data: Folders of public text with questions; invented text without.
        keep: A folder for the real vectors, so that another run need not encode again.
        vector_type: The kind of vector index, instead of the one chosen by size.

    Raises:
        BenchError: A folder holds no text.
    """
    encoder = open_encoder(index_settings(""))
    said = sentences(passages(data) if data else made_up(max(20, chunks // 40)))[: min(chunks, _REAL)]
    asked = (questions(data) if data else said)[:: max(1, len(questions(data) if data else said) // _ASKED)]
    asked = asked[:_ASKED]
    if not said or not asked:
        raise BenchError("the data folders hold no questions; give one with queries.jsonl")
    real, wanted = kept_vectors(said, encoder, keep), kept_vectors(asked, encoder, keep)
    with tempfile.TemporaryDirectory(prefix="rag-search-") as place:
        folder = Path(place)
        _fill(folder, said, _with_copies(real, _before_deletion(chunks)), encoder)
        began = time.process_time()
        gone, detail = _thin_out(folder, encoder, vector_type)
        rebuilt = time.process_time() - began
        opened = open_index(folder, index_settings(""))
        exact = _exact(folder, wanted, encoder.dimension)
        dense, near = _timed(lambda at: opened.nearest(wanted[at], _DEPTH), len(asked))
        terms = [content_terms(question) for question in asked]
        words, matched = _timed(lambda at: opened.matching(terms[at], _DEPTH), len(asked))
        hits = [{number for number, _ in found[:10]} for found in near]
        back = {number for found in (*near, *matched) for number, _ in found} & gone
        report = SearchReport(
            chunks=len(opened),
            real=len(said),
            asked=len(asked),
            vectors=detail,
            rebuild_seconds=rebuilt,
            dense_ms=dense,
            words_ms=words,
            recall=float(np.mean([len(a & b) / len(b) for a, b in zip(hits, exact, strict=True)])),
            deleted_found=len(back),
            open_seconds=_open_seconds(folder),
            disk_ratio=_disk(folder) / _text_bytes(opened),
        )
        opened.close()
    return report


def _before_deletion(chunks: int) -> int:
    return -(-chunks * _DELETED_EVERY // (_DELETED_EVERY - 1))


def _with_copies(real: Matrix, count: int) -> Matrix:
    """The real vectors and noisy copies of them, shape (count, dimension)."""
    draw = np.random.default_rng(0)
    copies = count - len(real)
    originals = real[draw.integers(0, len(real), copies)]
    noise = draw.standard_normal(originals.shape, dtype=np.float32)
    noise = unit(noise - (noise * originals).sum(axis=1, keepdims=True) * originals)
    cosine = draw.uniform(0.8, 0.9, (copies, 1)).astype(np.float32)
    across: Matrix = np.sqrt(1 - cosine**2).astype(np.float32)
    return np.concatenate([real, unit(cosine * originals + across * noise)])


def _fill(folder: Path, said: Sequence[str], vectors: Matrix, encoder: Encoder) -> None:
    """Documents of ten chunks with these vectors, as rows; real and copied chunks stand mixed."""
    draw = np.random.default_rng(1)
    order = draw.permutation(len(vectors))
    with writing(folder) as connection:
        for number, at in enumerate(range(0, len(order), _CHUNKS_EACH)):
            some = order[at : at + _CHUNKS_EACH]
            texts = [_chunk_text(said, int(place), draw) for place in some]
            path = f"{number:06}.txt"
            row = rows.add_document(connection, Document(path, path, "\n\n".join(texts)), "")
            digests = [vector_rows.digest_of(Piece(f"{place}", ()), encoder.fingerprint) for place in some]
            packed = [draw.bytes(_SENTENCES_EACH * encoder.dimension // 8) for _ in some]
            known = vector_rows.add(connection, digests, vectors[some], packed)
            start = 0
            for text, digest in zip(texts, digests, strict=True):
                end = start + len(text)
                piece = Chunk(0, path, start, end, text, "", len(text) // 4, (Span(start, end),))
                rows.add_chunk(connection, row, piece, known[digest])
                start = end + 2
        rows.write_meta(
            connection, folder=str(folder), encoder=encoder.fingerprint, fingerprint="bench", generation="0"
        )


def _chunk_text(said: Sequence[str], place: int, draw: np.random.Generator) -> str:
    """A sentence and those after it; for a copy, others."""
    if place < len(said):
        return " ".join(said[place : place + _SENTENCES_EACH])
    return " ".join(said[number] for number in draw.integers(0, len(said), _SENTENCES_EACH))


def _thin_out(folder: Path, encoder: Encoder, vector_type: str) -> tuple[set[int], str]:
    """Delete one document in twenty and write the projections; the deleted chunks, and the kind of index."""
    with writing(folder) as connection:
        before = {row[0] for row in connection.execute("SELECT id FROM chunks")}
        paths = sorted(rows.stored_keys(connection))[::_DELETED_EVERY]
        vector_rows.note_unused(connection, paths)
        rows.delete_documents(connection, paths)
        vector_rows.drop_unused(connection)
        written = generation.write_projections(connection, folder, 1, encoder, vector_type)
        generation.commit(connection, written)
        rows.write_meta(connection, generation="1")
        after = {row[0] for row in connection.execute("SELECT id FROM chunks")}
    return before - after, written[0].detail


def _exact(folder: Path, wanted: Matrix, dimension: int) -> list[set[int]]:
    """The ten truly nearest chunks of each question, from the stored vectors."""
    faiss = load_faiss()
    with writing(folder) as connection:
        ids, parts = zip(*vector_rows.batches(connection, dimension), strict=True)
    numbers = np.concatenate(ids)
    _, found = faiss.knn(wanted, np.concatenate(parts), 10, metric=faiss.METRIC_INNER_PRODUCT)
    return [set(numbers[row].tolist()) for row in found]


def _timed(
    search: Callable[[int], list[tuple[int, float]]], count: int
) -> tuple[tuple[float, float], list[list[tuple[int, float]]]]:
    """Median and 95th percentile in milliseconds, and what was found."""
    spent, found = [], []
    for at in range(count):
        began = time.process_time()
        found.append(search(at))
        spent.append((time.process_time() - began) * 1000)
    return (float(np.median(spent)), float(np.percentile(spent, 95))), found


def _open_seconds(folder: Path) -> float:
    words = command(open_once, folder)
    done = subprocess.run(words, capture_output=True, text=True, env=child_environment(), check=False)
    if done.returncode:
        raise BenchError(f"the index could not be opened in a new process: {done.stderr[-500:]}")
    return float(json.loads(done.stdout)["cpu"])


def _disk(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _text_bytes(opened: Index) -> int:
    return sum(len(opened.document(path).text.encode()) for path in opened.documents)
