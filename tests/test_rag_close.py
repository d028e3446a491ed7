"""Closing: no file of an index stays open, nobody is asked afterwards, and no answer breaks off."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import SettingsError, UsageError
from rag import Rag, ask, load_settings
from rag.records import Done

QUESTION = "When was the bridge built?"


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge was built in 1931. It is made of steel.", encoding="utf-8")
    yield folder


def open_files(below: Path) -> list[str]:
    """What this process holds open of an index; a descriptor may close while it is looked at."""
    links = [entry for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]
    targets = [os.readlink(link) for link in links if os.path.lexists(link)]
    return [target for target in targets if target.startswith(str(below.resolve()))]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc/self/fd on this system")
def test_asking_once_leaves_no_file_open(docs: Path, tmp_path: Path) -> None:
    """Nor does a `with` block, nor an opening that fails."""
    for _ in range(2):
        assert ask(QUESTION, docs).status == "answered"
    assert open_files(tmp_path) == []
    with Rag.open(docs) as rag:
        assert open_files(tmp_path)
        rag.search(QUESTION)
    assert open_files(tmp_path) == []
    with pytest.raises(SettingsError):
        Rag.open(docs, generator="nobody")
    assert open_files(tmp_path) == []


def test_a_closed_one_says_so(docs: Path) -> None:
    """Twice is no error; copies are closed with it."""
    rag = Rag.open(docs)
    other = rag.using("extractive")
    rag.close()
    rag.close()
    for closed in (rag, other):
        with pytest.raises(UsageError, match="has been closed; open it again"):
            closed.ask(QUESTION)


def test_an_answer_under_way_is_finished(docs: Path, tmp_path: Path) -> None:
    """What has begun keeps the index to its end, in whatever thread."""
    rag = Rag.open(docs, settings=load_settings())
    streams = [rag.stream(QUESTION) for _ in range(4)]
    for stream in streams:
        next(stream)
    rag.close()
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda stream: list(stream)[-1], streams))
    assert all(isinstance(end, Done) and end.answer.status == "answered" for end in ends)
    if Path("/proc/self/fd").is_dir():
        assert open_files(tmp_path) == []
