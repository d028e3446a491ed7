"""Sentence vectors in the room of a bit a dimension, made on the way to a chunk's own vector.

A sentence's vector is the mean of its tokens' states as they stand in the whole chunk ("late chunking",
Günther et al. 2024, https://arxiv.org/abs/2409.04701), so it costs no run of its own, and "it" has seen
what it stands for. Only the signs are kept: 48 bytes for 384 dimensions. Compared with a question's full
vector they rank sentences as well as full vectors encoded apart do (`rag bench answers`).
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from index.vectors import Matrix

# The eight signs in a byte, as they are multiplied.
_SIGNS_OF: Matrix = np.float32(2) * np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1) - 1


def pack(vectors: Matrix) -> bytes:
    """The signs of vectors of shape (n, dimension), row by row, each row filled up to whole bytes."""
    return np.packbits(vectors > 0, axis=1).tobytes()


def cosines(packed: bytes, question: Matrix) -> NDArray[np.float32]:
    """An estimate of the cosine of each packed vector with a unit vector of shape (dimension,); shape (n,).

    The cosine with a row of signs is on average the cosine with the vector itself times the square root of
    2/π, which is made good here.
    """
    return np.asarray(_signs(packed, len(question)) @ question * _scale(question), dtype=np.float32)


def cosines_by_chunk(packed: Sequence[bytes], question: Matrix) -> tuple[tuple[float, ...], ...]:
    """The same for the sentences of several chunks, whose signs are unpacked in one go.

    They are multiplied chunk by chunk: the last digit of a product depends on the rows that stand beside it,
    and a sentence must not be rated by which other passages were found.
    """
    signs = _signs(b"".join(packed), len(question))
    ends = list(accumulate(len(own) // -(-len(question) // 8) for own in packed))
    products = np.empty(len(signs), dtype=np.float32)
    for start, end in pairwise([0, *ends]):
        np.matmul(signs[start:end], question, out=products[start:end])
    found = (products * _scale(question)).tolist()
    return tuple(tuple(found[start:end]) for start, end in pairwise([0, *ends]))


def _signs(packed: bytes, dimension: int) -> Matrix:
    rows = np.frombuffer(packed, dtype=np.uint8)
    signs: Matrix = _SIGNS_OF.take(rows, axis=0).reshape(-1, 8 * -(-dimension // 8))
    return signs[:, :dimension]


def _scale(question: Matrix) -> np.float32:
    return np.float32(np.sqrt(np.pi / 2 / len(question)))
