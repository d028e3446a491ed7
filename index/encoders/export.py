"""Export a sentence-transformers folder to an int8 ONNX file, checked against the torch model.

Per-channel weights matter: the worst cosine to the torch model is 0.99 with them and 0.92 without. The
export is accepted only if its worst cosine on texts of mixed length, one text a run, reaches the floor.
"""

import json
import os
import shutil
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index.digests import file_sha256
from index.encode import Encoder
from index.encoders.networks import write_int8

COSINE_FLOOR = 0.98

_CHECK_TEXTS = (
    "water",
    "Who signed the contract?",
    "The bridge was closed for repairs after the flood of 1987.",
    "Payment is due within thirty days; interest of 4 % a year is charged on late amounts.",
    "A long passage repeats itself in order to be long. " * 12,
    "Ünïcödé, emoji 🙂 and “quotes” are part of real text, too.",
    "Longer than most models read, so that the cut at the end is compared as well. " * 60,
    "1. Open the valve 2. Wait for five minutes 3. Read the gauge 4. Write the value down",
)


class ExportRefused(Exception):
    """The model cannot be exported faithfully; its text says why. Caught inside the index room."""


def export(source: Path, digest: str, target: Path) -> None:
    """Write the network, its tokenizer and its card into an empty folder.

    Raises:
        ExportRefused: Another architecture than Transformer + mean or cls pooling (+ normalise), or the
            int8 vectors stray from the torch model's.
    """
    from index.encoders.exported import NETWORK, TOKENIZER, ExportCard, OnnxEncoder, write_card
    from index.encoders.torch_model import prefixes

    pooling = _pooling(source)
    if not (source / "tokenizer.json").is_file():
        raise ExportRefused("it has no tokenizer.json")
    limit = _longest(source)
    query_prefix, passage_prefix = prefixes(source)
    with warnings.catch_warnings():
        # torch's older, more portable export path announces its successor on every call.
        warnings.simplefilter("ignore")
        try:
            dimension = _write_network(source, target)
        except (RuntimeError, ValueError, TypeError, ImportError) as error:
            raise ExportRefused(f"the exporter cannot trace it ({type(error).__name__})") from error
    shutil.copyfile(source / "tokenizer.json", target / TOKENIZER)
    card = ExportCard(
        digest=digest,
        network=file_sha256(target / NETWORK),
        tokenizer=file_sha256(target / TOKENIZER),
        pooling=pooling,
        dimension=dimension,
        max_wordpieces=limit,
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
        cosine=0.0,
    )
    worst = _worst_cosine(OnnxEncoder(target, card), source, passage_prefix)
    if not worst >= COSINE_FLOOR:
        raise ExportRefused(f"its int8 vectors stray from the originals (cosine {worst:.3f})")
    write_card(target, replace(card, cosine=round(worst, 4)))


def _pooling(source: Path) -> str:
    modules = json.loads((source / "modules.json").read_text("utf-8"))
    kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise ExportRefused(f"its modules are {', '.join(kinds)}")
    config = json.loads((source / modules[1]["path"] / "config.json").read_text("utf-8"))
    chosen = [name for name, on in config.items() if name.startswith("pooling_mode") and on]
    if config.get("include_prompt") is False:
        raise ExportRefused("it leaves the prompt out of its pooling")
    for mode, pooling in (("pooling_mode_mean_tokens", "mean"), ("pooling_mode_cls_token", "cls")):
        if chosen == [mode] or config.get("pooling_mode") == pooling:
            return pooling
    raise ExportRefused("it pools neither by mean nor by the first token")


def _write_network(source: Path, target: Path) -> int:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import torch
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    from index.encoders.exported import IDS, NETWORK

    disable_progress_bar()
    model = AutoModel.from_pretrained(str(source), local_files_only=True, attn_implementation="eager")
    model = model.float().eval()

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: Any) -> Any:
            # One text is run at a time, so there is no padding to be masked, and no second segment.
            return self.model(input_ids=ids).last_hidden_state

    full = target / "model-fp32.onnx"
    # The wrapper is put in eval mode too: the exporter restores the mode it found, dropout included.
    with torch.no_grad():
        torch.onnx.export(
            States().eval(),
            (torch.tensor([[2, 5, 6, 7, 3]]),),
            str(full),
            input_names=[IDS],
            output_names=["states"],
            dynamic_axes={name: {1: "length"} for name in (IDS, "states")},
            opset_version=17,
            dynamo=False,
        )
    write_int8(full, target / NETWORK)
    return int(model.config.hidden_size)


def _worst_cosine(exported: Encoder, source: Path, prefix: str) -> float:
    """The least likeness to the torch model on the check texts, one text a run; -1 if it fails."""
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, RuntimeException

    from index.encoders.torch_model import load_reference

    try:
        ours = exported.encode(_CHECK_TEXTS)
    except (Fail, InvalidArgument, RuntimeException):
        return -1.0
    texts = [prefix + text for text in _CHECK_TEXTS]
    theirs = load_reference(source).encode(
        texts, prompt="", batch_size=1, normalize_embeddings=True, show_progress_bar=False
    )
    return float(np.min(np.sum(ours * theirs, axis=1)))


def _longest(source: Path) -> int:
    """The longest text the model reads whole, in its own tokens: the least of all that is stated."""
    stated: list[int] = []
    for name, key in (
        ("sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
        ("config.json", "max_position_embeddings"),
    ):
        file = source / name
        value = json.loads(file.read_text("utf-8")).get(key) if file.is_file() else None
        if value:
            stated.append(int(value))
    return min(stated, default=512)
