"""The vector index: a FAISS projection of the chunk vectors, exact inner product on unit vectors.

Scores are cosines, higher is better. Ids are row numbers of the store and are never used twice, so an
update cannot credit one chunk's hits to another.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Ids = NDArray[np.int64]


def unit(matrix: Matrix) -> Matrix:
    """Rows scaled to length 1, as float32; rows of zeros stay zeros. The only place that normalises.

    Args:
        matrix: Shape (n, dimension).
    """
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled: Matrix = (matrix / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled


def write_vectors(path: Path, ids: Sequence[int], matrix: Matrix) -> None:
    """Write an exact index of unit vectors, shape (n, dimension), under their chunk ids."""
    faiss: Any = _faiss()
    index = faiss.index_factory(matrix.shape[1], "IDMap2,Flat", faiss.METRIC_INNER_PRODUCT)
    if len(ids):
        index.add_with_ids(np.ascontiguousarray(matrix, dtype=np.float32), np.asarray(ids, dtype=np.int64))
    faiss.write_index(index, str(path))


class Vectors:
    """An opened vector index; many threads may search it."""

    def __init__(self, path: Path) -> None:
        self._index: Any = _faiss().read_index(str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Matrix, k: int, allowed: Ids | None = None) -> list[tuple[int, float]]:
        """The `k` nearest chunks to one unit vector of shape (dimension,) as (chunk id, cosine).

        Args:
            allowed: The only chunk ids to be ranked; None for all.
        """
        among = len(self) if allowed is None else len(allowed)
        if k < 1 or not len(self) or not among:
            return []
        chosen = None
        if allowed is not None:
            faiss: Any = _faiss()
            chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))
        scores, ids = self._index.search(vector.reshape(1, -1), min(k, among), params=chosen)
        found = [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def _faiss() -> Any:
    import warnings

    with warnings.catch_warnings():
        # Its SWIG types warn at import on Python 3.12 and later; nothing here can act on that.
        warnings.simplefilter("ignore", DeprecationWarning)
        import faiss
    faiss.omp_set_num_threads(1)
    return faiss
