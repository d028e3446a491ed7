"""Train the reader: `rag reader train DATA OUT`.

Weights are kept in fp32, the passes run in bf16, a few thousand tokens at a time: what one batch writes then
stays in the caches of a CPU, which makes it twice as fast as larger ones. Each core runs a process of one
thread, and they add up their gradients: threads of one process wait for each other at every operation, which
cost three quarters of the speed on a machine that did other work too. A run stopped half way goes on from
its last checkpoint.
"""

import json
import random
import time
from dataclasses import dataclass
from multiprocessing import Process
from pathlib import Path
from typing import Any

import torch
import torch.distributed as distributed
from torch import Tensor
from torch.nn import functional

from index.encode import open_encoder
from index.encoders.networks import open_tokenizer
from index.settings import IndexSettings
from rag.reader.examples import read_long, read_pairs, read_squad
from rag.reader.mixture import Data, Mixture
from rag.reader.network import Network, Read, encoder_folder, load_encoder
from rag.reader.pairs import Batch, batches
from rag.reader.splits import DEVELOPMENT, reported

_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train; what is not named here is not a choice.

    Attributes:
        shares: Of QAMR in each pass; their number is the number of passes.
        rate: Highest learning rate.
        together: Batches whose gradients each process sums before a step.
        kept: Decay of the running mean of the weights, which is what is exported.
    """

    shares: tuple[float, ...] = (0.6, 0.35, 0.2, 0.1, 0.05)
    rate: float = 2e-4
    together: int = 2
    warm: float = 0.06
    decay: float = 0.01
    kept: float = 0.998
    dropout: float = 0.1
    seed: int = 1


def losses(read: Read, batch: Batch) -> Tensor:
    """Span, verdict and words of the question, summed over the pairs of a batch.

    Where several places are right, their probabilities are summed (Clark and Gardner 2018,
    https://aclanthology.org/P18-1078/).
    """
    seen = (batch.sides * batch.mask).bool()
    seen[:, 0] = True
    span = torch.zeros(())
    for logits, right in ((read.starts, batch.starts), (read.ends, batch.ends)):
        logits = logits.masked_fill(~seen, -1e4)
        held = logits.masked_fill(right == 0, -1e4)
        span = span + (torch.logsumexp(logits, -1) - torch.logsumexp(held, -1)).sum()
    stated = functional.binary_cross_entropy_with_logits(read.stated, batch.stated, reduction="sum")
    known = batch.met >= 0
    words = functional.binary_cross_entropy_with_logits(
        read.met[known], batch.met[known], reduction="sum"
    ) / max(1.0, float(known.sum()) / len(batch.stated))
    return span / 2 + stated + 0.5 * words


class Trainer:
    """One run: the weights, what the optimiser keeps, and how far it has come."""

    def __init__(self, plan: Plan, encoder: Path, total: int) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.total, self.step, self.batch = plan, total, 0, 0
        whole = Network(plan.dropout)
        load_encoder(whole, encoder)
        whole.words.weight.requires_grad_(False)
        self.full = {name: w.detach().clone() for name, w in whole.named_parameters() if w.requires_grad}
        self.mean = {name: w.clone() for name, w in self.full.items()}
        self.network = whole.bfloat16().train()
        self.live = {name: w for name, w in self.network.named_parameters() if w.requires_grad}
        self.optimiser = torch.optim.AdamW(list(self.full.values()), lr=0.0, weight_decay=plan.decay)
        self._pairs = 0

    def learn(self, batch: Batch) -> float:
        """One batch; a step of the optimiser whenever enough pairs have been read."""
        loss = losses(self.network(batch.ids, batch.sides, batch.mask), batch)
        loss.backward()  # type: ignore[no-untyped-call]  # as torch declares it
        self._pairs += len(batch.stated)
        self.batch += 1
        if self.batch % self.plan.together == 0:
            self._step()
        return float(loss.detach()) / len(batch.stated)

    def _step(self) -> None:
        done = min(1.0, self.batch / self.total)
        rise = min(1.0, done / self.plan.warm)
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate * rise * (1 - done)
        gradients = [live.grad for live in self.live.values() if live.grad is not None]
        summed = torch.cat(
            [torch.tensor([float(self._pairs)]), *(part.float().flatten() for part in gradients)]
        )
        distributed.all_reduce(summed)
        at = 1
        for name, live in self.live.items():
            self.full[name].grad = summed[at : at + live.numel()].view_as(live) / summed[0]
            at += live.numel()
            live.grad = None
        torch.nn.utils.clip_grad_norm_(list(self.full.values()), 1.0)
        self.optimiser.step()
        self.step += 1
        kept = min(self.plan.kept, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, full in self.full.items():
                self.live[name].copy_(full)
                self.mean[name].lerp_(full, 1 - kept)
        self._pairs = 0

    def save(self, path: Path, passes: int) -> None:
        """Write a checkpoint; it replaces the last one only when complete."""
        state: dict[str, Any] = {"full": self.full, "mean": self.mean}
        state |= {"optimiser": self.optimiser.state_dict()}
        state |= {"step": self.step, "batch": self.batch, "passes": passes}
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def load(self, path: Path) -> int:
        """Go on from a checkpoint; returns the passes it has behind it."""
        state = torch.load(path, weights_only=True)
        with torch.no_grad():
            for name, full in self.full.items():
                full.copy_(state["full"][name])
                self.live[name].copy_(full)
        self.mean = state["mean"]
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.batch = state["step"], state["batch"]
        return int(state["passes"])


def train_reader(data: Path, out: Path) -> None:
    """Train on `reader_train` and the training half of `squad2_dev`, both folders of `data`.

    Args:
        out: Where checkpoints, logs and the weights after each pass go.

    Raises:
        OSError: The data is not there, or the folder cannot be written.
    """
    plan = Plan()
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = open_tokenizer(encoder_folder() / "tokenizer.json")
    mixture = Mixture(read_data(data), open_encoder(IndexSettings()))
    cuts = []
    for number, share in enumerate(plan.shares):
        chance = random.Random(f"{plan.seed}-{number}")
        cuts.append(list(batches(mixture.make(number, plan.seed, share), tokenizer, chance)))
    meeting = out / "meeting"
    meeting.unlink(missing_ok=True)
    processes = [Process(target=_work, args=(rank, cuts, out, plan)) for rank in range(_PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def read_data(data: Path) -> Data:
    """What is learnt from; the half that figures are reported on is not in it."""
    squad = read_squad(data / "squad2_dev")
    more = data / "reader_train"
    others = (
        *read_pairs(more / "qed_dev.jsonl"),
        *read_long(more / "covidqa.jsonl", more / "covidqa_contexts.jsonl"),
    )
    learnt = tuple(e for e in squad if not reported(e.topic) and e.topic not in DEVELOPMENT)
    return Data(learnt, read_pairs(more / "qamr.jsonl"), others)


def _work(rank: int, cuts: list[list[Batch]], out: Path, plan: Plan) -> None:
    """One process: its share of the batches of every pass, in step with the others."""
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{(out / 'meeting').absolute()}", rank=rank, world_size=_PROCESSES
    )
    every = _PROCESSES * plan.together
    cuts = [cut[: len(cut) // every * every] for cut in cuts]
    total = sum(len(cut) for cut in cuts) // _PROCESSES
    trainer = Trainer(plan, encoder_folder(), total)
    checkpoint = out / "checkpoint.pt"
    first = trainer.load(checkpoint) if checkpoint.is_file() else 0
    began, recent = time.monotonic(), 0.0
    with (out / f"log-{rank}.jsonl").open("a", encoding="utf-8") as log:
        for number in range(first, len(cuts)):
            for batch in cuts[number][rank::_PROCESSES]:
                loss = trainer.learn(batch)
                recent = 0.99 * recent + 0.01 * loss if recent else loss
                if trainer.batch % 20 == 0:
                    row = {"pass": number, "batch": trainer.batch, "of": total, "loss": round(recent, 4)}
                    log.write(json.dumps(row | {"seconds": round(time.monotonic() - began)}) + "\n")
                    log.flush()
            if rank == 0:
                trainer.save(checkpoint, number + 1)
                torch.save(trainer.mean, out / f"mean-{number}.pt")
