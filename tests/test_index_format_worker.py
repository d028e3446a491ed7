"""The parser process: not started in vain, killed when it must be, replaced, and not believed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPO
from sample_files import page_pdf

from index import IndexSettings, build_index
from index import parser_worker as module
from index.errors import UnreadableSource
from index.formats.parsed import Parsed, from_plain, to_plain
from index.limits import Limits
from index.parser_worker import ParserWorker
from index.records import Block

# Ten million drawing steps that unpack to less than the cap on a stream: slow by count, not by size.
SLOW = page_pdf(b"BT /F 9 Tf " + b"(a)Tj " * 1_600_000)
FINE = b'[{"a": "one"}]'


def test_no_foreign_file_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain text and Markdown are read here, and an archive named .txt is refused here."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a parser process was started")

    (tmp_path / "a.txt").write_text("Nine oaks stand here.", encoding="utf-8")
    (tmp_path / "b.md").write_text("# Oaks\n\nNine.", encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(b"PK\x03\x04")
    monkeypatch.setattr(module.subprocess, "Popen", refuse)
    report = build_index(tmp_path, tmp_path / ".index", settings=IndexSettings(encoder="hash:"))
    assert report.added == ("a.txt", "b.md")


def test_one_process_reads_many_files() -> None:
    """It is started once, with the first file."""
    with ParserWorker(Limits()) as worker:
        assert worker.starts == 0
        for _ in range(5):
            assert worker.parse(".json", FINE).text == "a: one"
        assert worker.starts == 1


def test_it_starts_light() -> None:
    """No numpy, no pydantic, no model library: only what reading needs."""
    code = module._START.replace("main()", "print(*sorted(sys.modules))")
    path = str(REPO / "index")
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, path], capture_output=True, text=True, check=True
    )
    assert not {"numpy", "pydantic", "lxml", "trafilatura", "sqlite3"} & set(done.stdout.split())


@pytest.mark.slow
def test_a_slow_file_is_stopped_by_the_clock() -> None:
    """The parser is killed, the file is unreadable, and the next one is read by a new process."""
    with ParserWorker(Limits(wall_seconds=1)) as worker:
        worker.parse(".json", FINE)
        with pytest.raises(UnreadableSource, match="took longer than 1 s"):
            worker.parse(".pdf", SLOW)
        assert worker.parse(".json", FINE).text == "a: one"
        assert worker.starts == 2


@pytest.mark.slow
def test_a_costly_file_is_stopped_by_its_processor_time() -> None:
    """The system ends it, in native code too."""
    with ParserWorker(Limits(cpu_seconds=0)) as worker:
        with pytest.raises(UnreadableSource, match="processor time"):
            worker.parse(".pdf", SLOW)
        assert worker.parse(".json", FINE).text == "a: one"


@pytest.mark.slow
def test_a_greedy_file_is_stopped_by_memory() -> None:
    """What brings the parser down is an error of that file alone."""
    with ParserWorker(Limits(memory_mb=256)) as worker:
        with pytest.raises(UnreadableSource, match="MB"):
            worker.parse(".pdf", SLOW)
        assert worker.parse(".json", FINE).text == "a: one"


def test_a_killed_parser_is_replaced() -> None:
    """Killed between two files, it is a fault of the next, and only of that."""
    with ParserWorker(Limits()) as worker:
        worker.parse(".json", FINE)
        assert worker._process is not None
        os.kill(worker._process.pid, 9)
        worker._process.wait()
        with pytest.raises(UnreadableSource, match="brought its parser down"):
            worker.parse(".json", FINE)
        assert worker.parse(".json", FINE).text == "a: one"


def test_too_much_text_is_refused() -> None:
    """The limit on characters counts what comes out."""
    with (
        ParserWorker(Limits(characters=1000)) as worker,
        pytest.raises(UnreadableSource, match="1000 characters"),
    ):
        worker.parse(".csv", b"a,b\n" + b"word,word\n" * 200)


def test_the_parser_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in the environment are not handed on."""
    monkeypatch.setenv("SOME_API_KEY", "canary")
    assert "canary" not in module._environment().values()
    assert module._environment()["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize(
    "blocks",
    [
        [[0, 4, "text", "body", "", None], [2, 5, "text", "body", "", None]],
        [[0, 99, "text", "body", "", None]],
        [[-1, 3, "text", "body", "", None]],
        [[0, 3, "script", "body", "", None]],
        [[0, 3, "text", "fine", "", None]],
        [["0", 3, "text", "body", "", None]],
        [[0, 3, "text", "body", "", "1"]],
        [[0, 3]],
    ],
)
def test_a_reply_is_not_believed(blocks: list[list[object]]) -> None:
    """A process that read a hostile file may send anything: blocks must be blocks of the text."""
    with pytest.raises((ValueError, TypeError)):
        from_plain({"text": "hello", "note": "", "flaws": "", "metadata": {}, "blocks": blocks})


def test_what_is_parsed_survives_the_pipe() -> None:
    """Out and back is the same, lone surrogates and all."""
    parsed = Parsed(
        "İ 👩‍🌾 x", (Block(0, 1, "row", page=3), Block(2, 7, "text", "boilerplate", "hidden")), {"a": "b"}
    )
    assert from_plain(to_plain(parsed)) == parsed


@pytest.mark.parametrize("reply", [b"[]", b"7", b"null", b'"x"', b"[" * 100_000, b'{"parsed": []}'])
def test_any_reply_is_an_error_of_one_file(monkeypatch: pytest.MonkeyPatch, reply: bytes) -> None:
    """Whatever JSON comes back, or none, ends no build."""
    child = (
        "import struct, sys\n"
        f"reply = {reply[:1]!r} * {len(reply)} if {len(reply)} > 99 else {reply[:99]!r}\n"
        "sys.stdin.buffer.read(12)\n"
        "sys.stdout.buffer.write(struct.pack('>Q', len(reply)) + reply)\n"
    )
    monkeypatch.setattr(module, "_START", child)
    with ParserWorker(Limits()) as worker, pytest.raises(UnreadableSource, match=r"nonsense|brought its"):
        worker.parse(".json", FINE)


@pytest.mark.slow
def test_a_parser_that_does_not_read_is_stopped_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file larger than the pipe holds does not wait for it to end, which would be another refusal."""
    monkeypatch.setattr(module, "_START", "import time; time.sleep(60)")
    with (
        ParserWorker(Limits(wall_seconds=1)) as worker,
        pytest.raises(UnreadableSource, match="took longer than 1 s"),
    ):
        worker.parse(".json", b"x" * 5_000_000)
