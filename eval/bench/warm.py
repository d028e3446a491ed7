"""What an answer costs a program that is running: processor time of `ask` beside the bare fp32 model.

Half of the stand-alone questions of a set warm a `Rag` up; each of the other half is asked of it once, so no
question is met twice, and once encoded by sentence-transformers in torch, on one thread, with an exact search
over as many vectors. The two take turns, some questions each, so that a busy machine disturbs both alike and
the one does not empty the processor's caches before every question of the other: no program that answers
has another model run in between. Some questions are then
asked of a `Rag` that has seen no passage yet. On request each question is also asked of a `Rag` with the
trained reader, warmed up by the same questions, in the same turns.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
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

_COLD = 24
_TURN = 20
_ROOMS = ("index", "rag")


@dataclass(frozen=True, slots=True)
class WarmReport:
    """Processor milliseconds of every question.

    Attributes:
        ask: Of a whole answer.
        bare: Of encoding the question in fp32 and searching.
        cold: Of an answer from passages that are met for the first time.
        reader: Of a whole answer with the trained reader; empty unless it was measured.
    """

    ask: tuple[float, ...]
    bare: tuple[float, ...]
    cold: tuple[float, ...]
    reader: tuple[float, ...] = ()

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
        by_name = {"ask_ms": self.ask, "bare_ms": self.bare, "cold_ms": self.cold, "reader_ms": self.reader}
        for name, values in by_name.items():
            if values:
                plain[name] = {f"p{share}": float(np.percentile(values, share)) for share in (50, 95)}
        return plain


def bench_warm(docs: Path | None = None, *, reader: bool = False) -> WarmReport:
    """Measure every stand-alone question of the set that comes with the program.

    Args:
        reader: Measure answers with the trained reader, too; the others are always measured without it.
    """
    import torch

    torch.set_num_threads(1)
    rag = _opened(docs, reader=False)
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

    ways = [rag.ask, bare, *([_opened(docs, reader=True).ask] if reader else [])]
    warm_up, measured = questions[::2], questions[1::2]
    for question in warm_up:
        for way in ways:
            way(question)
    spent: list[list[float]] = [[] for _ in ways]
    for at in range(0, len(measured), _TURN):
        for way, own in zip(ways, spent, strict=True):
            own += [_spent(way, question) for question in measured[at : at + _TURN]]
    ask, plain, *read = map(tuple, spent)
    return WarmReport(ask, plain, tuple(_cold(rag, warm_up[:_COLD])), *read)


def _opened(docs: Path | None, *, reader: bool) -> Rag:
    settings = load_settings(generator="extractive")
    answer = settings.answer.model_copy(update={"reader": reader})
    return Rag.open(docs, settings=settings.model_copy(update={"answer": answer}))


def _cold(rag: Rag, questions: Sequence[str]) -> Iterator[float]:
    """Each question asked of an index just opened, with an encoder that runs already."""
    with closing(open_index(rag.index_folder, rag.settings.index_settings)) as index:
        index.vectors_of(["a first text loads the encoder"])
        for question in questions:
            with closing(index.reopened()) as opened:
                _forget()
                yield _spent(Rag(opened, rag.settings).ask, question)


def _forget() -> None:
    """Empty every cache of the two rooms that outlives an opened index."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _ROOMS:
            for kept in vars(module).values():
                if callable(clear := getattr(kept, "cache_clear", None)):
                    clear()


def _spent(work: Callable[[str], object], question: str) -> float:
    began = time.process_time()
    work(question)
    return (time.process_time() - began) * 1000
