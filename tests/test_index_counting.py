"""Token counts: tiktoken's own, without the network, whatever state its cache is in."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPO
from index_room import MODELS

from index.counting import CACHE_NAME, open_counter

SCRIPT = """
import json, sys, pathlib
from index.counting import open_counter
counter = open_counter(pathlib.Path(sys.argv[1]), len)
print(json.dumps([counter.name, counter.count("Twelve boats left the harbour.")]))
"""


def count_in_a_process(cache: Path, own: Path | None = None) -> list[object]:
    """Name and count in a fresh process, because tiktoken keeps a table once it has it."""
    import os

    environment = {k: v for k, v in os.environ.items() if k != "TIKTOKEN_CACHE_DIR"}
    environment["PYTHONPATH"] += f"{os.pathsep}{REPO}"
    if own is not None:
        environment["TIKTOKEN_CACHE_DIR"] = str(own)
    command = [sys.executable, "-P", "-c", SCRIPT, str(cache)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("text", ["", "Twelve boats.", "漢字 🙂 İ", " \n\n x", "<|endoftext|>", "a" * 500])
def test_the_count_is_tiktokens(text: str) -> None:
    """Counts equal those of tiktoken's cl100k_base; special marks in a document are plain text."""
    counter = open_counter(MODELS / "tiktoken", len)
    import tiktoken

    assert counter.name == "cl100k"
    assert counter.count(text) == len(
        tiktoken.get_encoding("cl100k_base").encode(text, disallowed_special=())
    )


def test_a_cache_of_the_users_is_respected(tmp_path: Path) -> None:
    """With TIKTOKEN_CACHE_DIR set, the table goes there and nowhere else."""
    assert count_in_a_process(tmp_path / "ours", tmp_path / "theirs") == ["cl100k", 7]
    assert (tmp_path / "theirs" / CACHE_NAME).is_file() and not (tmp_path / "ours").exists()


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_table_is_replaced(tmp_path: Path, damage: str) -> None:
    """A damaged table in the cache heals from the installed package, without a look at the network."""
    sound = (MODELS / "tiktoken" / CACHE_NAME).read_bytes()
    bad = sound[:1000] if damage == "truncated" else b"A" + sound[1:]
    assert bad != sound
    (tmp_path / CACHE_NAME).write_bytes(bad)
    assert count_in_a_process(tmp_path) == ["cl100k", 7]
    assert (tmp_path / CACHE_NAME).read_bytes() == sound


def test_wordpieces_are_counted_where_no_table_can_be_kept(tmp_path: Path) -> None:
    """Where the cache folder cannot be made, the fallback counts and says so by its name."""
    (tmp_path / "file").write_text("not a folder")
    assert count_in_a_process(tmp_path / "file") == ["wordpieces", 30]
