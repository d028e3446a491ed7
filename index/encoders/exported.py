"""The encoder on onnxruntime: an int8 file exported once from a sentence-transformers folder.

An export folder is complete in itself (network, tokenizer, how to pool), so a question needs neither
torch nor the original model. Dynamic int8 takes its scale from everything in a run, so texts are run one
at a time, spread over the cores: a vector never depends on what was encoded beside it.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.digests import file_sha256
from index.encode import Encoder, Piece, Progress, encode_apart, silent
from index.encoders.model_files import ModelFiles, loading, verify
from index.encoders.networks import open_network, open_tokenizer
from index.encoders.word_counts import counter
from index.records import Span
from index.vectors import Matrix, unit

NETWORK = "model-int8.onnx"
TOKENIZER = "tokenizer.json"
CARD = "export.json"
IDS = "input_ids"
# Part of the folder's name: change it whenever an export comes out differently.
RECIPE = "2"
# Holds the reason why a model cannot be exported, so that it is not tried again at every start.
REFUSED = "refused.txt"


@dataclass(frozen=True, slots=True)
class ExportCard:
    """What an export folder holds; read back from `export.json`.

    Attributes:
        digest: `ModelFiles.digest` of the model it was made from.
        pooling: `mean` or `cls`.
        query_prefix: What the model wants before a question.
        passage_prefix: What it wants before a text of a document.
        cosine: Worst cosine to the torch model on the check texts.
    """

    digest: str
    network: str
    tokenizer: str
    pooling: str
    dimension: int
    max_wordpieces: int
    query_prefix: str
    passage_prefix: str
    cosine: float


def open_exported(files: ModelFiles, models: Path, progress: Progress = silent) -> Encoder:
    """The onnxruntime encoder for a model, exporting it first where that has not been done.

    Falls back to torch, with one warning, for a model that cannot be exported faithfully.
    """
    folder = models / f"{files.digest[:16]}-{RECIPE}"
    card = _sound_card(folder, files.digest)
    if card is None:
        source = verify(files)
        if (folder / REFUSED).is_file():
            return _in_torch(source, files, (folder / REFUSED).read_text("utf-8"))
        progress("Preparing the encoder (once)", 0, 1)
        from index.encoders.export import ExportRefused, export

        def fill(partial: Path) -> None:
            with loading(source, ExportRefused):
                export(source, files.digest, partial)

        try:
            _publish(folder, fill)
        except ExportRefused as refusal:
            reason = str(refusal)
            _publish(folder, lambda partial: (partial / REFUSED).write_text(reason, "utf-8"))
            return _in_torch(source, files, reason)
        progress("Preparing the encoder (once)", 1, 1)
        card = _sound_card(folder, files.digest)
        if card is None:
            raise OSError(
                f"the exported encoder in {folder} cannot be read back; remove that folder and try again"
            )
    return OnnxEncoder(folder, card)


def _in_torch(source: Path, files: ModelFiles, reason: str) -> Encoder:
    from index.encoders.torch_model import TorchEncoder

    with loading(source):
        return TorchEncoder(source, files, reason)


class OnnxEncoder:
    """Sentence vectors from an export folder."""

    def __init__(self, folder: Path, card: ExportCard) -> None:
        self._session = open_network(folder / NETWORK)
        self._tokenizer = open_tokenizer(folder / TOKENIZER)
        self._count = counter(self._tokenizer)
        self._pooling = card.pooling
        self._prefixes = {False: card.passage_prefix, True: card.query_prefix}
        self.fingerprint = f"{card.digest[:16]}-int8-{card.network[:16]}"
        self.dimension = card.dimension
        self.max_wordpieces = card.max_wordpieces

    def encode(self, texts: Sequence[str], progress: Progress = silent, query: bool = False) -> Matrix:
        """Unit vectors of shape (len(texts), dimension), float32; "" gives the vector of an empty text."""
        prefix = self._prefixes[query]
        return self._rows([Piece(prefix + text, ()) for text in texts], progress)[0]

    def encode_pieces(
        self, pieces: Sequence[Piece], progress: Progress = silent
    ) -> tuple[Matrix, list[Matrix]]:
        """Texts as by `encode`; a sentence is the mean of its tokens as they stand in the text.

        Models that pool by their first token were not trained for that: their sentences run apart.
        """
        if self._pooling == "cls":
            return encode_apart(self, pieces, progress)
        prefix = self._prefixes[False]
        moved = [
            Piece(prefix + piece.text, tuple(_moved(span, len(prefix)) for span in piece.sentences))
            for piece in pieces
        ]
        return self._rows(moved, progress)

    def _rows(self, pieces: Sequence[Piece], progress: Progress) -> tuple[Matrix, list[Matrix]]:
        rows = np.zeros((len(pieces), self.dimension), dtype=np.float32)
        sentences: list[Matrix] = []
        if len(pieces) == 1:
            rows[0], own = self._one(pieces[0])
            sentences.append(own)
        elif pieces:
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                for row, (vector, own) in enumerate(pool.map(self._one, pieces)):
                    rows[row] = vector
                    sentences.append(own)
                    progress("Encoding", row + 1, len(pieces))
        return unit(rows), sentences

    def wordpieces(self, text: str) -> int:
        """Length in the model's own tokens, special tokens included."""
        return self._count(text)

    def _one(self, piece: Piece) -> tuple[NDArray[np.float32], Matrix]:
        """The pooled states of a text, and of each of its sentences; not normalised."""
        coded = self._tokenizer.encode(piece.text)
        ids = coded.ids
        if len(ids) > self.max_wordpieces:
            ids = [*ids[: self.max_wordpieces - 1], ids[-1]]
        states = self._session.run(None, {IDS: np.asarray([ids], dtype=np.int64)})[0][0]
        pooled: NDArray[np.float32] = states[0] if self._pooling == "cls" else states.sum(axis=0) / len(ids)
        own = np.zeros((len(piece.sentences), self.dimension), dtype=np.float32)
        if piece.sentences:
            starts, ends = np.array(coded.offsets[: len(ids)]).reshape(-1, 2).T
            for at, span in enumerate(piece.sentences):
                inside = (starts < span.end) & (ends > span.start) & (ends > starts)
                if inside.any():
                    own[at] = states[inside].mean(axis=0)
        return pooled, own


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _sound_card(folder: Path, digest: str) -> ExportCard | None:
    """The card of a complete, undamaged export of this model, else None."""
    try:
        card = ExportCard(**json.loads((folder / CARD).read_text("utf-8")))
        network, tokenizer = (file_sha256(folder / name) for name in (NETWORK, TOKENIZER))
    except (OSError, ValueError, TypeError):
        return None
    sound = card.digest == digest and card.network == network and card.tokenizer == tokenizer
    return card if sound else None


def write_card(folder: Path, card: ExportCard) -> None:
    """Write `export.json`."""
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1), "utf-8")


def _publish(folder: Path, fill: Any) -> None:
    """Fill a fresh folder and put it in place whole, so that no reader sees half an export."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        fill(partial)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            partial.rename(folder)
        except OSError:
            # Another process exported the same weights in the meantime: its export is as good.
            if not (folder / CARD).is_file():
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
