"""What an answer costs a program that is running: processor time of `ask` beside the bare fp32 model.

Stand-alone questions of a set, each asked once of a warm `Rag` and once encoded by sentence-transformers in
torch, on one thread, with an exact search over as many vectors. The two take turns, so that a busy machine
disturbs both alike.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.questions import default_set, read_questions
from index import open_index
from index.encoders.model_files import locate, verify
from index.encoders.torch_model import load_reference
from index.vectors import load_faiss
from rag import Rag, load_settings

_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class WarmReport:
    """Processor milliseconds of every question.

    Attributes:
        ask: Of a whole answer.
        bare: Of encoding the question in fp32 and searching.
    """

    ask: tuple[float, ...]
    bare: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median answer over median bare search."""
        return float(np.median(self.ask) / np.median(self.bare))

    @property
    def spread(self) -> float:
        """95th percentile of an answer over its median."""
        return float(np.percentile(self.ask, 95) / np.median(self.ask))

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        plain: dict[str, Any] = {"questions": len(self.ask), "ratio": self.ratio, "p95_over_p50": self.spread}
        for name, values in (("ask_ms", self.ask), ("bare_ms", self.bare)):
            plain[name] = {f"p{share}": float(np.percentile(values, share)) for share in (50, 95)}
        return plain


def bench_warm(docs: Path | None = None) -> WarmReport:
    """Measure every stand-alone question of the set that comes with the program."""
    import torch

    torch.set_num_threads(1)
    rag = Rag.open(docs, settings=load_settings(generator="extractive"))
    model = load_reference(verify(locate("bundled")))
    faiss = load_faiss()
    faiss.omp_set_num_threads(1)
    questions = [item.question for item in read_questions(default_set()) if not item.history]
    with closing(open_index(rag.index_folder, rag.settings.index_settings)) as index:
        size = len(index)
    vectors = np.random.default_rng(1).standard_normal((size, 384), dtype=np.float32)
    flat = faiss.IndexFlatIP(384)
    flat.add(vectors)

    def bare(question: str) -> object:
        return flat.search(model.encode([question], show_progress_bar=False), 10)

    pairs = [(_spent(rag.ask, question), _spent(bare, question)) for question in questions]
    ask, plain = zip(*pairs[_WARM_UP:], strict=True)
    return WarmReport(ask, plain)


def _spent(work: Callable[[str], object], question: str) -> float:
    began = time.process_time()
    work(question)
    return (time.process_time() - began) * 1000
