"""The encoder in torch, by sentence-transformers: the reference, and the runtime of last resort."""

import json
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.encode import Piece, Progress, encode_apart, silent
from index.encoders.model_files import ModelFiles
from index.vectors import Matrix, unit


def load_reference(folder: Path) -> Any:
    """A `SentenceTransformer` from a folder on disk; it never asks the network."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def prefixes(folder: Path) -> tuple[str, str]:
    """What a model wants before a question and before a passage, by its own configuration; mostly ""."""
    try:
        config = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8"))
    except OSError:
        return "", ""
    prompts = config.get("prompts") or {}
    default = prompts.get(config.get("default_prompt_name") or "", "")
    passage = prompts.get("passage") or prompts.get("document") or default
    return prompts.get("query") or default, passage


class TorchEncoder:
    """Sentence vectors from torch, one text a run so that no vector depends on its neighbours."""

    def __init__(self, folder: Path, files: ModelFiles, reason: str) -> None:
        warnings.warn(
            f"the encoder {files.name} runs in torch, which is several times slower: {reason}",
            stacklevel=2,
        )
        self._model = load_reference(folder)
        self._prefixes = dict(zip((True, False), prefixes(folder), strict=True))
        self.fingerprint = f"{files.digest[:16]}-torch-fp32"
        self.dimension = int(self._model.get_embedding_dimension())
        self.max_wordpieces = int(self._model.max_seq_length or 512)

    def encode(self, texts: Sequence[str], progress: Progress = silent, query: bool = False) -> Matrix:
        """Unit vectors of shape (len(texts), dimension)."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self._model.encode(self._prefixes[query] + text, prompt="", show_progress_bar=False)
            progress("Encoding", row + 1, len(texts))
        return unit(rows)

    def encode_pieces(
        self, pieces: Sequence[Piece], progress: Progress = silent
    ) -> tuple[Matrix, list[Matrix]]:
        """Texts and their sentences, each a run of its own."""
        return encode_apart(self, pieces, progress)

    def wordpieces(self, text: str) -> int:
        """Length in the model's own tokens, special tokens included."""
        return len(self._model.tokenizer.encode(text))
