"""Rerankers: models that read question and passage together. Optional; none comes with the program.

`cross-encoder:PATH` is a sentence-transformers cross-encoder on disk, run in torch; on two processor cores it
costs some tens of milliseconds a passage.
"""

import os
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from index.errors import ModelMissing, SettingsError

_CROSS = "cross-encoder:"
_LONGEST_DETAIL = 200


class Reranker(Protocol):
    """Scores passages for a question."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score a passage, 0 to 1, higher is better."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder from a folder; it never asks the network."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from sentence_transformers import CrossEncoder
            from torch.nn import Sigmoid

            self._model: Any = CrossEncoder(
                str(folder), device="cpu", local_files_only=True, num_labels=1, activation_fn=Sigmoid()
            )

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """The model's output through a sigmoid; texts over its limit are cut at the end."""
        pairs = [(question, passage) for passage in passages]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]


@cache
def open_reranker(name: str) -> Reranker | None:
    """The reranker of a setting; None for "".

    Raises:
        SettingsError: The setting names no kind that is known.
        ModelMissing: The folder is not there, or holds no model that can be loaded.
    """
    if not name:
        return None
    if not name.startswith(_CROSS):
        raise SettingsError(f"no reranker {name!r}; there is: {_CROSS}FOLDER")
    folder = Path(name.removeprefix(_CROSS)).expanduser()
    if not (folder / "config.json").is_file():
        raise ModelMissing(
            f"there is no cross-encoder in {folder}; save one there with sentence-transformers' "
            "CrossEncoder.save_pretrained, or unset retrieval.reranker"
        )
    try:
        return CrossEncoderReranker(folder)
    except (ValueError, TypeError, KeyError, AttributeError, OSError, RuntimeError) as error:
        raise ModelMissing(
            f"{folder} holds no cross-encoder that can be loaded ({type(error).__name__}: {_line(error)}); "
            "save one there with sentence-transformers' CrossEncoder.save_pretrained, or unset "
            "retrieval.reranker"
        ) from error


def _line(error: Exception) -> str:
    said = " ".join(str(error).split())
    return said if len(said) <= _LONGEST_DETAIL else f"{said[:_LONGEST_DETAIL]} …"
