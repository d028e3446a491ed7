"""What indexing costs beside the bare forward pass of the same model on the same texts.

Each figure comes from a process of its own and is processor time, so that neither other work on the machine
nor the number of cores decides it. The forward is the fp32 model in torch, in batches of 16, without its
start-up; the build is charged with everything, its start-up included.
"""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.bench.parts import HASH, build, command, forward, index_settings
from eval.bench.start import child_environment
from eval.bench.texts import made_up, passages
from eval.errors import BenchError

_UPDATED = 1000
_CHUNKS_EACH = 10
_SMALL, _LARGE = 1000, 20_000
_COMPARED = 512
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8")


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The figures of one run; times are processor seconds, memory is MB (10^6 bytes).

    Attributes:
        compared: Texts that the bare forward encoded; all chunks, or as many evenly spread ones.
        overhead: Time of the build beyond encoding and start-up, as a share of encoding.
        update_seconds: One changed document of `updated_of`, beyond start-up, with the real encoder.
        small_mb: Peak memory of a build of 1,000 small documents with the hash encoder.
        large_mb: The same for 20,000.
        vectors_mb: What the vectors of the additional documents take, which memory may grow by.
    """

    cpu_flags: tuple[str, ...]
    chunks: int
    build_seconds: float
    encode_seconds: float
    start_seconds: float
    forward_seconds: float
    compared: int
    overhead: float
    update_seconds: float
    update_encoded: int
    updated_of: int
    updated_chunks: int
    small_mb: float
    large_mb: float
    vectors_mb: float

    @property
    def ratio(self) -> float:
        """Chunks per processor second of a build over those of the bare forward."""
        return (self.chunks / self.build_seconds) / (self.compared / self.forward_seconds)

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        return asdict(self) | {"ratio": self.ratio}


def bench_index(data: Sequence[Path] = (), *, chunks: int = 600) -> IndexReport:
    """Measure a full build, an update, and memory.

    Args:
        data: Folders of public passages; invented text without.
        chunks: About how many chunks the full build has.

    Raises:
        BenchError: A process fails, or a folder holds no passages.
    """
    texts = passages(data) if data else made_up(chunks)
    with tempfile.TemporaryDirectory(prefix="rag-bench-") as folder:
        place = Path(folder)
        # Memory first: a child never reports a lower peak than this process has by then.
        small = _memory(place, _SMALL)
        large = _memory(place, _LARGE)
        _write(place / "full", [texts[at : at + 5] for at in range(0, min(len(texts), chunks), 5)])
        full = _run(command(build, place / "full", place / "full-index", ""))
        sample = _chunk_texts(place / "full-index")
        (place / "texts.json").write_text(json.dumps(sample), "utf-8")
        bare = _run(command(forward, place / "texts.json"))
        update, held = _update(place, texts)
    beyond = full["cpu"] - full["encode"] - full["open"]
    return IndexReport(
        cpu_flags=_cpu_flags(),
        chunks=full["chunks"],
        build_seconds=full["cpu"],
        encode_seconds=full["encode"],
        start_seconds=full["open"],
        forward_seconds=bare["cpu"],
        compared=bare["texts"],
        overhead=beyond / full["encode"],
        update_seconds=update["cpu"] - update["open"],
        update_encoded=update["encoded"],
        updated_of=_UPDATED,
        updated_chunks=held,
        small_mb=small["peak_mb"],
        large_mb=large["peak_mb"],
        # FAISS keeps half-precision numbers and two ids a vector.
        vectors_mb=(large["chunks"] - small["chunks"]) * (256 * 2 + 40) / 1e6,
    )


def _cpu_flags() -> tuple[str, ...]:
    """Which of the instruction sets that decide the speed of int8 this machine has."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return ()
    found = next((set(line.split()) for line in lines if line.startswith("flags")), set())
    return tuple(flag for flag in _FLAGS if flag in found)


def _memory(place: Path, documents: int) -> dict[str, Any]:
    texts = made_up(200)
    name = f"memory-{documents}"
    _write(place / name, [[f"Number {n}", texts[n % 200], texts[n // 200 % 200]] for n in range(documents)])
    return _run(command(build, place / name, place / f"{name}-index", HASH))


def _update(place: Path, texts: Sequence[str]) -> tuple[dict[str, Any], int]:
    """One changed document of many; those only there to be left alone get made-up vectors, to save time."""
    groups = []
    for number in range(_UPDATED):
        at = [texts[(number * 7 + step * 13) % len(texts)] for step in range(_CHUNKS_EACH)]
        # Cut short and numbered, so that each is a chunk of its own and no two are alike.
        groups.append([f"# Part {number}.{step}\n\n{text[:450]}" for step, text in enumerate(at)])
    _write(place / "many", groups, ".md")
    first = _run(command(build, place / "many", place / "many-index", "", "made-up"))
    changed = place / "many" / f"{_UPDATED // 2:05}.md"
    changed.write_text(
        changed.read_text("utf-8") + "\n\n# Added\n\nOne more sentence stands here now.\n", "utf-8"
    )
    update = _run(command(build, place / "many", place / "many-index", ""))
    return update, int(first["chunks"])


def _chunk_texts(index: Path) -> list[str]:
    """What the encoder saw of an index, at most `_COMPARED` chunks, evenly spread."""
    from index import open_index
    from index.chunks import embedded_text

    opened = open_index(index, index_settings(""))
    found = []
    for path in opened.documents:
        title = opened.document(path).title
        found += [embedded_text(title, piece, opened.encoder) for piece in opened.chunks(path)]
    opened.close()
    step = max(1, -(-len(found) // _COMPARED))
    return found[::step]


def _write(folder: Path, groups: Sequence[Sequence[str]], suffix: str = ".txt") -> None:
    folder.mkdir()
    for number, group in enumerate(groups):
        (folder / f"{number:05}{suffix}").write_text("\n\n".join(group) + "\n", "utf-8")


def _run(words: list[str]) -> dict[str, Any]:
    done = subprocess.run(words, capture_output=True, text=True, env=child_environment(), check=False)
    if done.returncode:
        raise BenchError(f"a process of the bench ended with code {done.returncode}: {done.stderr[-500:]}")
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts
