"""The network: a BERT encoder that reads question and passage together, with three heads.

Span and "no answer" as in BERT for SQuAD 2.0 (Devlin et al. 2019, https://aclanthology.org/N19-1423/): the
first token stands for "not stated". Beside it a verifier: each word of the question is met by the passage or
not, and the least met one decides (the smooth minimum), together with the first token.
"""

from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from index.encoders.model_files import locate, verify
from index.settings import IndexSettings

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
_SHARPNESS = 2.0
_FAR = -30_000.0


class Read(NamedTuple):
    """Logits of a batch: `starts`, `ends` and `met` by token, `stated` by pair."""

    starts: Tensor
    ends: Tensor
    met: Tensor
    stated: Tensor


class _Dropout(nn.Module):
    """Dropout with one mask for all pairs of a batch: drawing random numbers is slow on a CPU."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, states: Tensor) -> Tensor:
        if not (self.training and self.rate):
            return states
        kept = torch.empty(states.shape[1:], dtype=torch.float32).bernoulli_(1 - self.rate) / (1 - self.rate)
        return states * kept.to(states.dtype)


class _Layer(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.mixed = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.last = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = _Dropout(dropout)

    def forward(self, states: Tensor, bias: Tensor | None) -> Tensor:
        batch, length, _ = states.shape
        size = WIDTH // HEADS
        query, key, value = self.mixed(states).view(batch, length, 3, HEADS, size).permute(2, 0, 3, 1, 4)
        scores = torch.matmul(query, key.transpose(-1, -2)) * size**-0.5
        weights = torch.softmax(scores if bias is None else scores + bias, -1)
        seen = torch.matmul(weights, value).transpose(1, 2).reshape(batch, length, WIDTH)
        states = self.norm(states + self.dropout(self.out(seen)))
        changed: Tensor = self.last(states + self.dropout(self.down(functional.gelu(self.up(states)))))
        return changed


class Network(nn.Module):
    """Question and passage in, logits out."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.words = nn.Embedding(30_522, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.sides = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(_Layer(dropout) for _ in range(LAYERS))
        self.span = nn.Linear(WIDTH, 3)
        self.whole = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 1))

    def forward(self, ids: Tensor, sides: Tensor, mask: Tensor | None = None) -> Read:
        """Logits of a batch of padded pairs.

        Args:
            ids: Word pieces, (batch, length).
            sides: 0 for the question and its marks, 1 for the passage.
            mask: 1 where there is a token, 0 where padding; None where there is no padding.
        """
        length = ids.shape[1]
        states = self.norm(self.words(ids) + self.positions.weight[:length] + self.sides(sides))
        bias = None if mask is None else ((1 - mask) * _FAR)[:, None, None, :].to(states.dtype)
        for layer in self.layers:
            states = layer(states, bias)
        logits = self.span(states).float()
        asked = 1 - sides if mask is None else (1 - sides) * mask
        asked = asked * (torch.arange(length) > 0)  # the first token is no word of the question
        met = logits[..., 2]
        hidden = torch.where(asked > 0, -_SHARPNESS * met, torch.full_like(met, _FAR))
        least = -torch.logsumexp(hidden, -1) / _SHARPNESS
        stated = self.whole(states[:, 0]).float()[:, 0] + least
        return Read(logits[..., 0], logits[..., 1], met, stated)


def encoder_folder() -> Path:
    """The encoder that comes with the program, whose weights training starts from."""
    return verify(locate(IndexSettings().encoder))


def load_encoder(network: Network, folder: Path) -> None:
    """Fill the encoder part with the weights of a BERT of this shape.

    Raises:
        KeyError: A weight is missing: another architecture.
    """
    given = load_file(folder / "model.safetensors")
    given = {name.removeprefix("bert."): weight for name, weight in given.items()}
    state = network.state_dict()
    state["words.weight"] = given["embeddings.word_embeddings.weight"]
    state["positions.weight"] = given["embeddings.position_embeddings.weight"]
    state["sides.weight"] = given["embeddings.token_type_embeddings.weight"]
    for kind in ("weight", "bias"):
        state[f"norm.{kind}"] = given[f"embeddings.LayerNorm.{kind}"]
        for number in range(LAYERS):
            ours, theirs = f"layers.{number}", f"encoder.layer.{number}"
            own = [given[f"{theirs}.attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            state[f"{ours}.mixed.{kind}"] = torch.cat(own)
            state[f"{ours}.out.{kind}"] = given[f"{theirs}.attention.output.dense.{kind}"]
            state[f"{ours}.norm.{kind}"] = given[f"{theirs}.attention.output.LayerNorm.{kind}"]
            state[f"{ours}.up.{kind}"] = given[f"{theirs}.intermediate.dense.{kind}"]
            state[f"{ours}.down.{kind}"] = given[f"{theirs}.output.dense.{kind}"]
            state[f"{ours}.last.{kind}"] = given[f"{theirs}.output.LayerNorm.{kind}"]
    network.load_state_dict(state)
