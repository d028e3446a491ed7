"""The vector index: a FAISS projection of the chunk vectors, inner product on unit vectors.

Below 100,000 chunks every vector is compared, at the half precision that is stored (`SQfp16`): the ranking is
that of `Flat` on the same numbers, at half the disk and three quarters of the time. Above it
`vector_types.py` finds what is good enough. Each generation is written anew, so nothing deleted stays in it.
Scores are cosines, higher is better. Ids are row numbers of the store and are never used twice, so an
update cannot credit one chunk's hits to another.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.ranking import ranked

Matrix = NDArray[np.float32]
Ids = NDArray[np.int64]

AUTO = "auto"
EXACT = "SQfp16"
EXACT_BELOW = 100_000


def unit(matrix: Matrix) -> Matrix:
    """Rows scaled to length 1, as float32; rows of zeros stay zeros. The only place that normalises.

    Args:
        matrix: Shape (n, dimension).
    """
    lengths = np.sqrt((matrix * matrix).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1
    scaled: Matrix = (matrix / lengths).astype(np.float32, copy=False)
    return scaled


def write_vectors(
    path: Path,
    batches: Iterable[tuple[NDArray[np.int64], Matrix]],
    count: int,
    dimension: int,
    wanted: str,
) -> str:
    """Write a vector index and say what it is.

    Args:
        batches: Chunk ids with unit vectors of shape (n, dimension), `count` in all.
        wanted: A kind of index, or `auto`: exact, and above `EXACT_BELOW` the cheapest good enough one.
    """
    faiss = load_faiss()
    detail = EXACT if (wanted == AUTO and count < EXACT_BELOW) or not count else wanted
    if detail in (EXACT, "Flat"):
        index: Any = faiss.index_factory(dimension, f"IDMap2,{detail}", faiss.METRIC_INNER_PRODUCT)
        _make_room(faiss, index, count)
        for some, matrix in batches:
            index.add_with_ids(np.ascontiguousarray(matrix), some)
    else:
        ids, vectors = np.empty(count, dtype=np.int64), np.empty((count, dimension), dtype=np.float32)
        at = 0
        for some, matrix in batches:
            ids[at : at + len(some)], vectors[at : at + len(some)] = some, matrix
            at += len(some)
        # Most indexes never come here.
        from index.vector_types import choose

        index, detail = choose(faiss, ids, vectors, wanted)
    faiss.write_index(index, str(path))
    return detail


def _make_room(faiss: Any, index: Any, count: int) -> None:
    """Room for all vectors at once: arrays that grow by doubling hold everything two or three times."""
    flat = faiss.downcast_index(index.index)
    for array, size in ((flat.codes, count * flat.code_size), (index.id_map, count)):
        array.resize(size)
        array.resize(0)


class Vectors:
    """An opened vector index; many threads may search it."""

    def __init__(self, path: Path) -> None:
        self._faiss = load_faiss()
        self._index: Any = self._faiss.read_index(str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> set[int]:
        """The chunks it holds."""
        index = self._index
        if hasattr(index, "id_map"):
            return {int(i) for i in self._faiss.vector_to_array(index.id_map)}
        lists = index.invlists
        found: set[int] = set()
        for number in range(index.nlist):
            size = lists.list_size(number)
            if size:
                found.update(self._faiss.rev_swig_ptr(lists.get_ids(number), size).tolist())
        return found

    def search(self, vector: Matrix, k: int, allowed: Ids | None = None) -> list[tuple[int, float]]:
        """The `k` nearest chunks to one unit vector of shape (dimension,) as (chunk id, cosine).

        Args:
            allowed: The only chunk ids to be ranked, each of them by its own cosine; None for all.
        """
        among = len(self) if allowed is None else len(allowed)
        if k < 1 or not among:
            return []
        # The setting belongs to the calling thread, and one question is one thread's work.
        self._faiss.omp_set_num_threads(1)
        k = min(k, among, len(self))
        if allowed is None:
            scores, ids = self._index.search(vector.reshape(1, -1), k)
        else:
            scores, ids = self._among(vector.reshape(1, -1), k, allowed)
        return ranked((i, s) for i, s in zip(ids[0].tolist(), scores[0].tolist(), strict=True) if i >= 0)

    def _among(self, query: Matrix, k: int, allowed: Ids) -> tuple[Matrix, Ids]:
        """Scores and ids, shape (1, k), of an exact scan of some chunks, whatever kind the index is.

        A graph or a few lists, searched for what a filter leaves, may reach none of it.
        """
        faiss, index = self._faiss, self._index
        chosen = faiss.IDSelectorBatch(allowed)
        if hasattr(index, "nprobe"):
            every = faiss.SearchParametersIVF(sel=chosen, nprobe=index.nlist)
            scores, ids = index.search(query, k, params=every)
        elif hasattr(graph := faiss.downcast_index(index.index), "hnsw"):
            translated = faiss.IDSelectorTranslated(index.id_map, chosen)
            flat = faiss.downcast_index(graph.storage)
            scores, rows = flat.search(query, k, params=faiss.SearchParameters(sel=translated))
            known = faiss.vector_to_array(index.id_map)
            ids = np.where(rows >= 0, known[rows], -1)
        else:
            scores, ids = index.search(query, k, params=faiss.SearchParameters(sel=chosen))
        return scores, ids


def load_faiss() -> Any:
    """The FAISS module, with one thread."""
    import warnings

    with warnings.catch_warnings():
        # Its SWIG types warn at import on Python 3.12 and later; nothing here can act on that.
        warnings.simplefilter("ignore", DeprecationWarning)
        import faiss
    faiss.omp_set_num_threads(1)
    return faiss
