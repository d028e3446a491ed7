"""The pytest plugin, in a pytest of its own: one test an item."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPO
from eval_cases import CAFE, LEAVE, corpus, gold, off, row, write


@pytest.mark.slow
def test_a_set_is_one_test_an_item(tmp_path: Path) -> None:
    """Right passes, wrong fails with what was said, a draft is skipped; the exit code is pytest's."""
    docs = corpus(tmp_path / "docs")
    weeks = {"question": "How many weeks of leave do eligible staff receive?"}
    wrong = {
        "question": "When does the cafe open?",
        "answers": ["8"],
        "evidence": [gold(CAFE)],
        "forbidden": ["opens"],
    }
    rows = [row("good", **weeks), row("bad", **wrong), row("draft", gate="info"), off("unknown", gate="info")]
    assert LEAVE in rows[0]["evidence"][0]["quote"]
    path = write(tmp_path / "my.questions.jsonl", rows)
    command = [
        sys.executable,
        "-P",
        "-m",
        "pytest",
        "-p",
        "eval.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-v",
    ]
    done = subprocess.run(
        [*command, "--rag-eval", path, "--rag-docs", docs, "-rs", str(path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(REPO)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "my.questions.jsonl::good PASSED" in done.stdout
    assert "my.questions.jsonl::bad FAILED" in done.stdout
    assert "my.questions.jsonl::draft SKIPPED" in done.stdout
    assert "1 failed, 1 passed, 2 skipped" in done.stdout
    assert "a forbidden value" in done.stdout
