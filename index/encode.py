"""Texts to vectors: the Encoder contract and the choice of encoder.

The bundled model runs on onnxruntime from an int8 file that is exported once; torch is imported only for
that export, or for a model whose architecture cannot be exported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index.records import Span
from index.settings import IndexSettings
from index.vectors import Matrix

Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """A progress callback that shows nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and the sentences in it, as spans of that text."""

    text: str
    sentences: tuple[Span, ...]


class Encoder(Protocol):
    """Turns texts into unit vectors.

    Attributes:
        fingerprint: Names everything that decides the vectors: weights, runtime, precision.
        dimension: Length of a vector.
        max_wordpieces: Longest text that is encoded whole, special tokens included.
    """

    fingerprint: str
    dimension: int
    max_wordpieces: int

    def encode(self, texts: Sequence[str], progress: Progress = silent, query: bool = False) -> Matrix:
        """Unit vectors of shape (len(texts), dimension); a text's vector never depends on its neighbours.

        Args:
            query: The texts are questions; some models want a prefix that tells them from passages.
        """
        ...

    def encode_pieces(
        self, pieces: Sequence[Piece], progress: Progress = silent
    ) -> tuple[Matrix, list[Matrix]]:
        """The vectors of texts as by `encode`, and of each one's sentences, in rows of any length."""
        ...

    def wordpieces(self, text: str) -> int:
        """Length of a text in the model's own tokens, special tokens included."""
        ...


def encode_apart(
    encoder: Encoder, pieces: Sequence[Piece], progress: Progress = silent
) -> tuple[Matrix, list[Matrix]]:
    """`encode_pieces` for an encoder that does not show the states of its tokens: each sentence is a run."""
    whole = encoder.encode([piece.text for piece in pieces], progress)
    apart = [[piece.text[span.start : span.end] for span in piece.sentences] for piece in pieces]
    rows = encoder.encode([text for texts in apart for text in texts])
    return whole, np.split(rows, np.cumsum([len(texts) for texts in apart]))[:-1]


def open_encoder(settings: IndexSettings, progress: Progress = silent) -> Encoder:
    """The encoder the settings name.

    Raises:
        ModelMissing: Its files are not installed, or are not the ones expected.
    """
    if settings.encoder.startswith("hash:"):
        from index.encoders.hashing import HashEncoder

        return HashEncoder()
    from index.encoders.exported import open_exported
    from index.encoders.model_files import locate

    return open_exported(locate(settings.encoder, settings.allow_download), settings.models_folder, progress)
