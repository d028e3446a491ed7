"""Following a folder: each change gives a report, an untouched file is not read, an error ends nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import BuildReport, IndexSettings, build_index, open_index
from index.errors import DocumentsMissing, RagError
from index.stores.database import writing
from index.watch import SeenHashes, _look, watch

SETTINGS = IndexSettings(encoder="hash:")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("A heron stands in the river.", encoding="utf-8")
    return folder


@pytest.fixture
def reports(docs: Path, tmp_path: Path) -> Iterator[Iterator[BuildReport | RagError]]:
    stop = threading.Event()
    timer = threading.Timer(60, stop.set)
    timer.start()
    yield watch(docs, tmp_path / "index", settings=SETTINGS, every=0.02, stop=stop)
    timer.cancel()


def report(outcome: BuildReport | RagError) -> BuildReport:
    assert isinstance(outcome, BuildReport)
    return outcome


def test_each_change_gives_a_report(docs: Path, reports: Iterator[BuildReport | RagError]) -> None:
    assert report(next(reports)).added == ("a.txt",)
    (docs / "b.txt").write_text("An otter swims.", encoding="utf-8")
    assert report(next(reports)).added == ("b.txt",)
    (docs / "a.txt").write_text("A heron stood in the river.", encoding="utf-8")
    assert report(next(reports)).changed == ("a.txt",)
    (docs / "b.txt").rename(docs / "c.txt")
    moved = report(next(reports))
    assert (moved.added, moved.removed, moved.encoded) == (("c.txt",), ("b.txt",), 0)


def test_a_damaged_file_ends_nothing(docs: Path, reports: Iterator[BuildReport | RagError]) -> None:
    next(reports)
    (docs / "bad.txt").write_bytes(bytes(range(256)) * 20)
    (docs / "good.txt").write_text("An otter swims.", encoding="utf-8")
    seen = [report(next(reports))]
    if not seen[0].added:
        seen.append(report(next(reports)))
    assert seen[-1].added == ("good.txt",)
    assert "bad.txt" in [row.path for row in seen[-1].skipped]


def test_an_error_is_told_once_and_got_over(
    docs: Path, tmp_path: Path, reports: Iterator[BuildReport | RagError]
) -> None:
    next(reports)
    docs.rename(tmp_path / "away")
    assert isinstance(next(reports), DocumentsMissing)
    (tmp_path / "away" / "b.txt").write_text("An otter swims.", encoding="utf-8")
    (tmp_path / "away").rename(docs)
    assert report(next(reports)).added == ("b.txt",)


def test_a_busy_index_is_tried_again(
    docs: Path, tmp_path: Path, reports: Iterator[BuildReport | RagError]
) -> None:
    next(reports)
    (docs / "b.txt").write_text("An otter swims.", encoding="utf-8")
    with writing(tmp_path / "index"):
        assert isinstance(next(reports), RagError)
    assert report(next(reports)).added == ("b.txt",)


def test_only_touched_files_are_hashed_again(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one", encoding="utf-8")
    os.utime(file, ns=(0, time.time_ns() - 10**10))
    hashes = SeenHashes()
    assert hashes.known(file) is None
    hashes.learn(file, "h1")
    assert hashes.known(file) == "h1"
    file.write_text("two", encoding="utf-8")
    assert hashes.known(file) is None
    hashes.learn(file, "h2")
    assert hashes.known(file) is None, "changed a moment ago: it may change again within the clock's tick"


@pytest.mark.slow
def test_the_command_ends_with_ctrl_c(docs: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-P", "-m", "ui", "index", str(docs), "--index", str(tmp_path / "i"), "--watch"]
    env = {**os.environ, "RAG_INDEX__ENCODER": "hash:", "PYTHONPATH": os.pathsep.join(sys.path)}
    env["PYTHONUNBUFFERED"] = "1"
    process = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if "->" in line:
            break
    (docs / "b.txt").write_text("An otter swims.", encoding="utf-8")
    for line in process.stdout:
        if line.startswith("added"):
            assert "b.txt" in line
            break
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 0 and "Stopped." in told and "Traceback" not in told


@pytest.mark.slow
def test_ctrl_c_leaves_the_old_index(docs: Path, tmp_path: Path) -> None:
    """One line, the exit code of an interrupted program, no traceback, and the index as it was."""
    place = tmp_path / "i"
    before = build_index(docs, place, settings=SETTINGS)
    (docs / "long.txt").write_text("An otter swims past the mill. " * 200_000, encoding="utf-8")
    words = [sys.executable, "-P", "-m", "ui", "index", str(docs), "--index", str(place)]
    env = {**os.environ, "RAG_INDEX__ENCODER": "hash:", "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not (place / "index.sqlite-wal").exists() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (130, "Stopped; the index is as it was before.\n")
    assert open_index(place, SETTINGS).generation == before.generation


def test_an_index_in_a_hidden_folder_of_the_documents_is_no_change(docs: Path) -> None:
    """What a build writes does not start the next one; what it would read does."""
    before = _look(docs)
    build_index(docs, settings=SETTINGS.model_copy(update={"home": docs / ".rag"}))
    assert list(docs.rglob("index.sqlite")) and _look(docs) == before
    (docs / "b.txt").write_text("An otter swims.", encoding="utf-8")
    assert _look(docs) != before
