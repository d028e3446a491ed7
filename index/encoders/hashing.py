"""A word-hashing encoder: no model, no quality, the same vector everywhere. For tests of the plumbing."""

import zlib
from collections.abc import Sequence

import numpy as np

from index.encode import Piece, Progress, encode_apart, silent
from index.vectors import Matrix, unit
from index.words import terms


class HashEncoder:
    """Counts of index terms, hashed into 256 dimensions with a sign."""

    fingerprint = "hash-256"
    dimension = 256
    max_wordpieces = 512

    def encode(self, texts: Sequence[str], progress: Progress = silent, query: bool = False) -> Matrix:
        """Unit vectors of shape (len(texts), 256); a text without words gives a row of zeros."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                digest = zlib.crc32(term.encode())
                rows[row, digest % self.dimension] += 1 if digest & 0x10000 else -1
            progress("Encoding", row + 1, len(texts))
        return unit(rows)

    def encode_pieces(
        self, pieces: Sequence[Piece], progress: Progress = silent
    ) -> tuple[Matrix, list[Matrix]]:
        """Texts and their sentences, each on its own."""
        return encode_apart(self, pieces, progress)

    def wordpieces(self, text: str) -> int:
        """Number of index terms."""
        return len(terms(text))
