"""What the benches run in processes of their own: to be killed, or to have their memory measured alone.

Each function here is the whole of such a process: it takes strings, and prints one JSON object a line.
"""

import contextlib
import importlib
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from index import IndexSettings, RagError, build_index, open_index
from index.encode import Piece
from index.encoders.model_files import locate, verify
from index.encoders.torch_model import load_reference
from index.settings import BUNDLED
from rag import Rag, RagSettings, load_settings

HASH = "hash:"


def command(function: Callable[..., None], *arguments: object) -> list[str]:
    """The command line that runs one of these functions."""
    code = f"import sys; from eval.bench import parts; parts.{function.__name__}(*sys.argv[1:])"
    return [sys.executable, "-c", code, *map(str, arguments)]


def settings_for(encoder: str) -> RagSettings:
    """The settings in force, with another encoder."""
    chosen = load_settings()
    shape = chosen.index.model_copy(update={"encoder": encoder or chosen.index.encoder})
    return chosen.model_copy(update={"index": shape})


def index_settings(encoder: str) -> IndexSettings:
    """The same for the index room."""
    return settings_for(encoder).index_settings


def write(docs: str, index: str, encoder: str) -> None:
    """Build; say when the first row is about to be written, when all is committed, and what was done."""
    rows, generations = _room("stores.rows"), _room("generation")
    add, leftovers = rows.add_document, generations.remove_leftovers

    def first_add(*arguments: Any) -> Any:
        rows.add_document = add
        say(step="writing")
        return add(*arguments)

    def after_commit(*arguments: Any) -> None:
        say(step="committed")
        leftovers(*arguments)

    rows.add_document, generations.remove_leftovers = first_add, after_commit
    report = build_index(docs, index, settings=index_settings(encoder))
    say(step="done", report=asdict(report))


def read(docs: str, index: str, encoder: str, questions: str) -> None:
    """Ask in turn until the standard input ends, opening the index afresh now and then."""
    import threading

    ended = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    rag = Rag.open(docs, index=index, settings=settings_for(encoder))
    asked = 0
    errors: list[str] = []
    seen: set[int] = set()
    say(step="ready")
    while not ended.is_set():
        for question in json.loads(questions):
            try:
                answer = rag.ask(question)
                seen.add(answer.trace.generation)
                if asked % 10 == 0:
                    open_index(index, index_settings(encoder)).close()
            except RagError as error:
                errors.append(str(error))
            asked += 1
        ended.wait(0.01)
    say(asked=asked, generations=len(seen), errors=errors)


def build(docs: str, index: str, encoder: str, made_up_vectors: str = "") -> None:
    """Build and say what it cost: in all, in the encoder, in starting up, and in memory."""
    building = _room("build")
    settings = index_settings(encoder)
    spent = {"encode": 0.0, "open": 0.0}
    opened = building.open_tools

    def open_timed(*arguments: Any) -> Any:
        began = time.process_time()
        tools = opened(*arguments)
        spent["open"] += time.process_time() - began
        encode = tools.encoder.encode_pieces

        def encode_timed(pieces: Sequence[Piece], *more: Any) -> Any:
            began = time.process_time()
            if made_up_vectors:
                draw = np.random.default_rng(len(pieces))
                matrix = draw.standard_normal((len(pieces), tools.encoder.dimension), dtype=np.float32)
                own = [np.zeros((len(piece.sentences), tools.encoder.dimension)) for piece in pieces]
                found = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True), own)
            else:
                found = encode(pieces, *more)
            spent["encode"] += time.process_time() - began
            return found

        tools.encoder.encode_pieces = encode_timed
        return tools

    building.open_tools = open_timed
    report = build_index(docs, index, settings=settings)
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    say(
        chunks=report.chunks,
        encoded=report.encoded,
        cpu=report.cpu_seconds,
        changed=len(report.changed),
        peak_mb=peak,
        **spent,
    )


def open_once(index: str) -> None:
    """Open an index and say what that cost, imports apart."""
    import faiss
    import tantivy

    del faiss, tantivy
    began = time.process_time()
    opened = open_index(index, index_settings(""))
    say(cpu=time.process_time() - began, chunks=len(opened))


def forward(texts_file: str) -> None:
    """The bare fp32 forward of the bundled model in sentence-transformers, batches of 16, one thread."""
    with contextlib.redirect_stdout(sys.stderr):
        import torch

        torch.set_num_threads(1)
        model = load_reference(verify(locate(BUNDLED)))
    texts = json.loads(Path(texts_file).read_text("utf-8"))
    model.encode(texts[:16], batch_size=16, show_progress_bar=False)
    began = time.process_time()
    model.encode(texts, batch_size=16, show_progress_bar=False)
    say(texts=len(texts), cpu=time.process_time() - began)


def _room(module: str) -> Any:
    """A module of `index`, for hooks around its functions in this process only."""
    return importlib.import_module(f"index.{module}")


def say(**facts: Any) -> None:
    """One line of JSON on the standard output."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
