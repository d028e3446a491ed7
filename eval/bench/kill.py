"""Builds killed at random instants: whatever the instant, the index must be the old one or the new one.

A writer process says when it is about to write its first row and when it has committed; it is killed with
SIGKILL at an instant drawn uniformly from the time that other builds took between the two. After each kill
the whole index is checked and compared, document by document, with the two states it may be in. A reader
process asks questions all the while, and opens the index anew every tenth time.
"""

import json
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.bench.child import Child
from eval.bench.parts import HASH, command, index_settings, read, write
from eval.bench.texts import made_up
from index import IndexMissing, open_index
from index.check import faults

_PASSAGES = 4
_CALIBRATIONS = 3
_FIRST_BUILD_EVERY = 6
_LEFT_ALONE_EVERY = 4
_BINS = 10
_State = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kill:
    """One killed build.

    Attributes:
        at: Where in the time from first write to commit it was aimed, 0 to 1.
        landed: Whether the build had not committed yet.
        first: Whether it was the first build of a new index.
        wrong: What was wrong afterwards; empty when all was well.
    """

    at: float
    landed: bool
    first: bool
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KillReport:
    """All runs, and what the reader beside them saw."""

    kills: tuple[Kill, ...]
    window_seconds: float
    reader: Mapping[str, Any] = field(default_factory=dict)

    @property
    def landed(self) -> float:
        """Share of kills between the first write and the commit."""
        return sum(kill.landed for kill in self.kills) / len(self.kills)

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong, anywhere, and enough kills landed."""
        sound = not any(kill.wrong for kill in self.kills) and not self.reader.get("errors")
        return sound and self.landed >= 0.8

    @property
    def histogram(self) -> tuple[int, ...]:
        """How many kills landed in each tenth of the time."""
        tenths = [min(int(kill.at * _BINS), _BINS - 1) for kill in self.kills if kill.landed]
        return tuple(tenths.count(number) for number in range(_BINS))

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        return {
            "runs": len(self.kills),
            "landed": self.landed,
            "passed": self.passed,
            "window_seconds": self.window_seconds,
            "histogram": list(self.histogram),
            "reader": dict(self.reader),
            "kills": [asdict(kill) for kill in self.kills],
        }


def bench_kill(runs: int = 25, *, documents: int = 240, seed: int = 0) -> KillReport:
    """Kill `runs` builds of an index of small invented documents; the hash encoder keeps them short.

    Raises:
        BenchError: A build that was left alone, or the reader, did not start.
    """
    with tempfile.TemporaryDirectory(prefix="rag-kill-") as folder:
        return _Bench(Path(folder), documents, random.Random(seed)).run(runs)


class _Bench:
    """A folder of documents that keeps changing, its index, and the states the index may be in."""

    def __init__(self, folder: Path, documents: int, draw: random.Random) -> None:
        self._docs, self._index, self._fresh = folder / "docs", folder / "index", folder / "fresh"
        self._draw = draw
        self._texts = made_up(400, draw.randrange(1000))
        self._made = 0
        self._windows: list[float] = []
        self._docs.mkdir()
        for _ in range(documents):
            self._add()

    def run(self, runs: int) -> KillReport:
        known = self._left_alone()
        for _ in range(_CALIBRATIONS):
            self._change()
            known = self._left_alone()
        questions = json.dumps([" ".join(text.split()[:6]) for text in self._texts[:5]])
        reader = Child(command(read, self._docs, self._index, HASH, questions))
        reader.expect("ready")
        kills = []
        for number in range(runs):
            self._change()
            if number % _LEFT_ALONE_EVERY == _LEFT_ALONE_EVERY - 1:
                known = self._left_alone()
                self._change()
            first = number % _FIRST_BUILD_EVERY == _FIRST_BUILD_EVERY - 1
            if first:
                shutil.rmtree(self._fresh, ignore_errors=True)
                kills.append(self._killed(self._fresh, {}, first)[0])
            else:
                kill, known = self._killed(self._index, known, first)
                kills.append(kill)
        return KillReport(tuple(kills), statistics.median(self._windows), reader.end())

    def _killed(self, index: Path, old: _State, first: bool) -> tuple[Kill, _State]:
        at = self._draw.random()
        child = Child(command(write, self._docs, index, HASH))
        began = child.expect("writing")
        # What was left alone most recently says best how long it takes now.
        wait = at * statistics.median(self._windows[-5:])
        time.sleep(max(0.0, began + wait - time.monotonic()))
        child.kill()
        if committed := child.when("committed"):
            self._windows.append(committed - began)
        found, wrong = _state(index)
        new = _files(self._docs)
        if found not in (old, new):
            wrong.append("the documents are neither those before nor those after")
        if child.when("done") and found != new:
            wrong.append("a document of a returned report is lost")
        return Kill(at, found != new, first, tuple(wrong)), found

    def _left_alone(self) -> _State:
        """A build that is not killed; how long it writes is remembered."""
        child = Child(command(write, self._docs, self._index, HASH))
        began = child.expect("writing")
        done = child.expect("done")
        self._windows.append((child.when("committed") or done) - began)
        child.end()
        return _files(self._docs)

    def _add(self) -> None:
        self._made += 1
        text = "\n\n".join(self._draw.choices(self._texts, k=_PASSAGES))
        (self._docs / f"{self._made:05}.txt").write_text(f"Number {self._made}\n\n{text}\n", "utf-8")

    def _change(self) -> None:
        """Half of the documents get a new end, one goes, one is renamed, two come."""
        files = sorted(self._docs.iterdir())
        self._draw.shuffle(files)
        files.pop().unlink()
        moved = files.pop()
        self._made += 1
        moved.rename(self._docs / f"{self._made:05}-moved.txt")
        for file in files[: len(files) // 2]:
            file.write_text(f"{file.read_text('utf-8')[-2500:]}\n{self._draw.choice(self._texts)}\n", "utf-8")
        self._add()
        self._add()


def _state(index: Path) -> tuple[_State, list[str]]:
    """Path to hash of what an index holds (nothing, if it was never finished), and what is wrong with it."""
    try:
        wrong = [f"{fault.file}: {fault.what}" for fault in faults(index)]
        opened = open_index(index, index_settings(HASH))
        documents = {path: opened.document(path).sha256 for path in opened.documents}
        opened.close()
    except IndexMissing:
        return {}, []
    return documents, wrong


def _files(docs: Path) -> _State:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in docs.iterdir()}
