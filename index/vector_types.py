"""Which kind of vector index a large collection gets: the cheapest whose recall, measured on it, is enough.

Recall is measured after the build on 400 sample queries against an exact scan of the same vectors. They lie
between chunks; real questions lie further off and miss about five times as many. On 200,000 chunks of public
text (`rag bench search`) lists that found .990 for such samples found .940 for questions, .995 meant .973:
the floor of .994 on samples stands for .95 on questions, with something to spare. In the lists vectors keep
half precision: at 8 bits (a fifth faster) rounding alone loses too much for samples to tell. Graphs (HNSW)
are not tried unasked: they search faster still, but take a minute to build at that size, and each generation
is written anew. Where nothing reaches the floor, a full scan at 8 bits is as good as exact.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.vectors import AUTO, EXACT, Matrix, unit

FLOOR = 0.994
_SAMPLE = 400
_K = 10
# Lists and, from cheap to dear, how many of them a question looks into.
_PROBES = (48, 64, 80, 96, 112, 128, 144, 160, 192, 224)
_EFFORTS = (64, 128, 256)


def choose(faiss: Any, ids: NDArray[np.int64], vectors: Matrix, wanted: str) -> tuple[Any, str]:
    """An index of unit vectors, shape (n, dimension), under their ids, and what it is, in words."""
    queries = _sample(vectors)
    exact = _exact(faiss, vectors, queries)
    name = wanted if wanted != AUTO else f"IVF{_lists(len(ids))},{EXACT}"
    index = _built(faiss, ids, vectors, name)
    effort, recall = _tuned(faiss, index, ids, queries, exact)
    if wanted == AUTO and recall < FLOOR:
        name = "SQ8"
        index = _built(faiss, ids, vectors, name)
        effort, recall = "", _recall(index, ids, queries, exact)
    return index, f"{name}{effort}, recall@{_K} {recall:.3f} on samples"


def _lists(count: int) -> int:
    """About twice the square root of the number of vectors, as a power of two."""
    return int(2 ** (round(np.log2(max(count, 16)) / 2) + 1))


def _built(faiss: Any, ids: NDArray[np.int64], vectors: Matrix, name: str) -> Any:
    if name.startswith("IVF"):
        lists = min(int(name[3:].partition(",")[0]), len(ids))
        index = faiss.index_factory(
            vectors.shape[1], f"IVF{lists},{name.partition(',')[2]}", faiss.METRIC_INNER_PRODUCT
        )
        # Lists need not be perfect, only measured: fewer steps than usual halve the time of a build.
        index.cp.niter, index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = 6, 64, 1
    else:
        index = faiss.index_factory(vectors.shape[1], f"IDMap2,{name}", faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.add_with_ids(vectors, ids)
    return index


def _tuned(
    faiss: Any, index: Any, ids: NDArray[np.int64], queries: Matrix, exact: NDArray[np.int64]
) -> tuple[str, float]:
    """The least effort that reaches the floor, set in the index, and the recall it gives."""
    if hasattr(index, "nprobe"):
        efforts = [("nprobe", p) for p in _PROBES if p < index.nlist] or [("nprobe", index.nlist)]
        place = index
    elif hasattr(inner := faiss.downcast_index(index.index), "hnsw"):
        efforts, place = [("efSearch", e) for e in _EFFORTS], inner.hnsw
    else:
        return "", _recall(index, ids, queries, exact)
    told, recall = "", 0.0
    for name, value in efforts:
        setattr(place, name, value)
        told, recall = f" {name} {value}", _recall(index, ids, queries, exact)
        if recall >= FLOOR:
            break
    return told, recall


def _recall(index: Any, ids: NDArray[np.int64], queries: Matrix, exact: NDArray[np.int64]) -> float:
    _, found = index.search(queries, exact.shape[1])
    pairs = zip(found, ids[exact], strict=True)
    return float(np.mean([len(set(have) & set(want)) / len(want) for have, want in pairs]))


def _sample(vectors: Matrix) -> Matrix:
    """Vectors between a chunk and another, seeded."""
    draw = np.random.default_rng(0)
    near, far = draw.integers(0, len(vectors), (2, _SAMPLE))
    return unit(vectors[near] + 0.5 * vectors[far])


def _exact(faiss: Any, vectors: Matrix, queries: Matrix) -> NDArray[np.int64]:
    """The positions of the true nearest vectors, shape (queries, 10 or fewer)."""
    _, found = faiss.knn(queries, vectors, min(_K, len(vectors)), metric=faiss.METRIC_INNER_PRODUCT)
    positions: NDArray[np.int64] = found
    return positions
