"""int8 networks: written from an fp32 export, opened for one text a run, and the tokenizers beside them."""

import logging
from pathlib import Path
from typing import Any

# Several times slower than the addition and the normalisation that it stands for (onnxruntime 1.31).
_SLOW = ["SkipLayerNormFusion"]


def open_network(file: Path) -> Any:
    """An onnxruntime session of one thread: texts are spread over the cores, not the operations of one."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(file), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW
    )


def open_tokenizer(file: Path) -> Any:
    """A tokenizer that neither pads nor cuts."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def write_int8(full: Path, target: Path) -> None:
    """Quantise the weights of an fp32 network by channel; the fp32 file is removed."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    before = logging.root.level
    logging.root.setLevel(logging.ERROR)  # the quantiser advises on the root logger
    try:
        quantize_dynamic(str(full), str(target), weight_type=QuantType.QInt8, per_channel=True)
    finally:
        logging.root.setLevel(before)
        full.unlink(missing_ok=True)
