"""Texts to vectors: the Encoder contract and the choice of encoder.

The bundled model runs on onnxruntime from an int8 file that is exported once; torch is imported only for
that export, or for a model whose architecture cannot be exported.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from index.settings import IndexSettings
from index.vectors import Matrix

Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """A progress callback that shows nothing."""


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

    def wordpieces(self, text: str) -> int:
        """Length of a text in the model's own tokens, special tokens included."""
        ...


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
