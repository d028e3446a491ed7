"""What `rag index` and `rag show` tell: only what changed, cures that can be copied, files by any path."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import RunRag
from index_room import prose

from index import IndexSettings, build_index
from index.stores.database import NAME

pytestmark = pytest.mark.slow
Run = Callable[..., Any]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "my docs"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(prose(number), encoding="utf-8")
    return folder


@pytest.fixture
def run(run_rag: RunRag) -> Run:
    """With the quick encoder, in a folder where no index is yet."""

    def with_hash(*words: object) -> Any:
        return run_rag(*words, env={"RAG_INDEX__ENCODER": "hash:"})

    return with_hash


def test_a_report_lists_what_changed(docs: Path, run: Run) -> None:
    """A second build names no document that stayed as it was, in text; in JSON all are named."""
    first = run("index", docs)
    assert [line.split() for line in first.stdout.splitlines()[:3]] == [
        ["added", f"{n}.txt"] for n in range(3)
    ]
    (docs / "1.txt").write_text(prose(9), encoding="utf-8")
    second = run("index", docs)
    assert second.stdout.startswith("changed    1.txt\n3 documents (2 unchanged)") and second.stderr == ""
    report = json.loads(run("index", docs, "--json").stdout)
    assert (report["unchanged"], report["changed"]) == (["0.txt", "1.txt", "2.txt"], [])
    refused = run("index", docs, "--json", "--check")
    assert refused.returncode == 2 and "--json prints the report of a build" in " ".join(
        refused.stderr.split()
    )


def test_an_emptied_folder_is_told(docs: Path, run: Run) -> None:
    run("index", docs)
    for file in docs.iterdir():
        file.unlink()
    done = run("index", docs)
    assert done.returncode == 0 and "the index is empty now and answers nothing" in done.stdout


def test_files_are_named_by_any_path(docs: Path, run: Run) -> None:
    """For `--explain` and `show`: as listed, from where one works, or whole; a span may follow."""
    run("index", docs)
    for name in ("1.txt", "./1.txt", "my docs/1.txt", str(docs / "1.txt")):
        assert run("index", docs, "--explain", name).returncode == 0, name
        assert run("show", f"{name}:0-8", "--docs", docs).stdout == prose(1)[:8] + "\n", name
    (docs / "bad.txt").write_bytes(b"\x00\x01")
    told = " ".join(run("index", docs, "--explain", "bad.txt").stderr.split())
    assert "bad.txt in" in told and "is not indexed: holds NUL" in told


def test_a_cure_can_be_copied(docs: Path, tmp_path: Path, run: Run) -> None:
    """It names the folder, quoted, and the index where that is not the default one; and it works."""
    place = tmp_path / "i"
    run("index", docs, "--index", place)
    cure = f"rag index '{docs}' --index {place} --repair"
    (place / "vectors-1.faiss").unlink()
    for words in (("ask", "Who?", "--docs", docs), ("index", docs, "--check")):
        done = run(*words, "--index", place)
        assert done.returncode == 4 and cure in " ".join(done.stderr.split())
    assert run("index", docs, "--index", place, "--repair").stdout == "Rebuilt: vectors-1.faiss.\n"


def test_a_repair_tells_of_the_database_it_keeps(docs: Path, tmp_path: Path, run: Run) -> None:
    """It may hold texts that are deleted by now, so its place is told as long as it is there."""
    place = tmp_path / "i"
    build_index(docs, place, settings=IndexSettings(encoder="hash:"))
    (place / NAME).write_bytes(b"something else altogether " * 300)
    told = " ".join(run("index", docs, "--index", place, "--repair").stdout.split())
    assert f"Rebuilt: {NAME}." in told and f"kept as {place / NAME}.damaged. It holds texts" in told
    (place / f"{NAME}.damaged").unlink()
    assert run("index", docs, "--index", place, "--repair").stdout == "Nothing was damaged.\n"
