"""The encoder in torch, by sentence-transformers: the reference, and the runtime of last resort."""

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.encode import Progress, silent
from index.vectors import Matrix, unit


def load_reference(folder: Path) -> Any:
    """A `SentenceTransformer` from a folder on disk; it never asks the network."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


class TorchEncoder:
    """Sentence vectors from torch, one text a run so that no vector depends on its neighbours."""

    def __init__(self, folder: Path, weights: str, reason: str) -> None:
        warnings.warn(
            f"the encoder {folder.name} runs in torch, which is several times slower: {reason}",
            stacklevel=2,
        )
        self._model = load_reference(folder)
        self.fingerprint = f"{weights[:16]}-torch-fp32"
        self.dimension = int(self._model.get_embedding_dimension())
        self.max_wordpieces = int(self._model.max_seq_length or 512)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Matrix:
        """Unit vectors of shape (len(texts), dimension)."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self._model.encode(text, show_progress_bar=False)
            progress("Encoding", row + 1, len(texts))
        return unit(rows)

    def wordpieces(self, text: str) -> int:
        """Length in the model's own tokens, special tokens included."""
        return len(self._model.tokenizer.encode(text))
