"""Public or generated text for the benches: sentences, questions, and their vectors kept between runs.

A data folder holds JSON Lines; passages stand under `text`, `context` or `lines`, questions under `question`
(the uniform form of the question sets, and what is close to it).
"""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.errors import BenchError
from index.encode import Encoder
from index.sentences import sentence_spans
from index.vectors import Matrix

_SHORTEST = 20
_BATCH = 2000
_SYLLABLES = (
    "ba be bi bo da de di do ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro ta te to".split()
)


def passages(folders: Sequence[Path]) -> list[str]:
    """The passages of data folders, each once, in the order of files and lines.

    Raises:
        BenchError: A folder holds none.
    """
    found: dict[str, None] = {}
    for folder in folders:
        held = False
        for row in _rows(folder):
            lines = row.get("lines")
            text = row.get("text") or row.get("context") or ("\n".join(lines) if lines else "")
            if text:
                found.setdefault(str(text))
                held = True
        if not held:
            raise BenchError(f"no passages in {folder}; --data takes a folder with corpus.jsonl")
    return list(found)


def sentences(texts: Sequence[str]) -> list[str]:
    """Their sentences of twenty characters or more, each once, in order."""
    found: dict[str, None] = {}
    for text in texts:
        for span in sentence_spans(text, 0, len(text)):
            if len(span) >= _SHORTEST:
                found.setdefault(text[span.start : span.end])
    return list(found)


def questions(folders: Sequence[Path]) -> list[str]:
    """The questions of data folders, each once, in order."""
    asked = (str(row["question"]) for folder in folders for row in _rows(folder) if row.get("question"))
    return list(dict.fromkeys(asked))


def made_up(count: int, seed: int = 0) -> list[str]:
    """Passages of invented words whose frequencies fall off like those of a language."""
    draw = random.Random(seed)
    known = ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(8000)]
    weights = [1 / (rank + 3) for rank in range(len(known))]
    made = []
    for _ in range(count):
        lengths = [draw.randint(8, 26) for _ in range(6)]
        runs = [draw.choices(known, weights, k=length) for length in lengths]
        made.append(" ".join(f"{' '.join(run).capitalize()}." for run in runs))
    return made


def kept_vectors(texts: Sequence[str], encoder: Encoder, keep: Path | None) -> Matrix:
    """Unit vectors of texts, shape (n, dimension); with `keep`, read from or written to that folder."""
    digest = hashlib.sha256(encoder.fingerprint.encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    file = keep / f"vectors-{digest.hexdigest()[:16]}.npy" if keep else None
    if file and file.is_file():
        kept: Matrix = np.load(file, allow_pickle=False)
        return kept
    parts = [encoder.encode(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
    matrix: Matrix = np.concatenate(parts) if parts else np.zeros((0, encoder.dimension), np.float32)
    if file and keep:
        keep.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial.npy")
        np.save(partial, matrix)
        partial.replace(file)
    return matrix


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    if not folder.is_dir():
        raise BenchError(f"there is no data folder {folder}")
    for file in sorted(folder.glob("*.jsonl")):
        # Not splitlines: a passage may hold line separators that JSON leaves as they are.
        for line in file.read_text("utf-8").split("\n"):
            row = json.loads(line) if line.strip() else None
            if isinstance(row, dict):
                yield row
