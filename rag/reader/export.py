"""Write the trained network as int8 ONNX: `rag reader export WEIGHTS OUT`.

Weights by channel, as for the encoder (`index/encoders/export.py`); scores are rounded by the passes alone.
"""

import shutil
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from index.digests import file_sha256
from index.encoders.networks import write_int8
from rag.reader.network import Network, encoder_folder, load_encoder
from rag.reader.reading import NETWORK, TOKENIZER


class _Exported(nn.Module):
    """One pair at a time, without padding; the scores that are read."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, sides: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        read = self.network(ids, sides)
        return read.starts, read.ends, read.stated


def load_network(weights: Path) -> Network:
    """The network with trained weights; what training left alone comes from the encoder it started from."""
    network = Network()
    load_encoder(network, encoder_folder())
    state = network.state_dict()
    state |= torch.load(weights, weights_only=True)
    network.load_state_dict(state)
    return network.eval()


def export_reader(weights: Path, folder: Path) -> str:
    """Write network and tokeniser; returns the network's SHA-256."""

    folder.mkdir(parents=True, exist_ok=True)
    full = folder / "reader-fp32.onnx"
    ids = torch.tensor([[101, 2040, 102, 3000, 3001, 102]])
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # torch's older export path announces its successor
        torch.onnx.export(
            _Exported(load_network(weights)).eval(),
            (ids, torch.tensor([[0, 0, 0, 1, 1, 1]])),
            str(full),
            input_names=["ids", "sides"],
            output_names=["starts", "ends", "stated"],
            dynamic_axes={name: {1: "length"} for name in ("ids", "sides", "starts", "ends")},
            opset_version=17,
            dynamo=False,
        )
    write_int8(full, folder / NETWORK)
    shutil.copyfile(encoder_folder() / "tokenizer.json", folder / TOKENIZER)
    return file_sha256(folder / NETWORK)
