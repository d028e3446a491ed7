"""Sentence vectors in the room of a bit a dimension, made on the way to a chunk's own vector.

A sentence's vector is the mean of its tokens' states as they stand in the whole chunk ("late chunking",
Günther et al. 2024, https://arxiv.org/abs/2409.04701), so it costs no run of its own, and "it" has seen
what it stands for. Only the signs are kept: 48 bytes for 384 dimensions. Compared with a question's full
vector they rank sentences as well as full vectors encoded apart do (`rag bench answers`).
"""

import numpy as np
from numpy.typing import NDArray

from index.vectors import Matrix


def pack(vectors: Matrix) -> bytes:
    """The signs of vectors of shape (n, dimension), row by row, each row filled up to whole bytes."""
    return np.packbits(vectors > 0, axis=1).tobytes()


def cosines(packed: bytes, question: Matrix) -> NDArray[np.float32]:
    """An estimate of the cosine of each packed vector with a unit vector of shape (dimension,); shape (n,).

    The cosine with a row of signs is on average the cosine with the vector itself times the square root of
    2/π, which is made good here.
    """
    dimension = len(question)
    rows = np.frombuffer(packed, dtype=np.uint8).reshape(-1, -(-dimension // 8))
    signs = np.unpackbits(rows, axis=1, count=dimension).astype(np.float32) * 2 - 1
    return np.asarray(signs @ question * np.float32(np.sqrt(np.pi / 2 / dimension)), dtype=np.float32)
