"""The command line: exit codes, messages without tracebacks, and no heavy import on the way to an answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPO, SEEDS, RunRag

pytestmark = pytest.mark.slow

TROOPS = "How many additional troops did NATO deploy?"


def test_the_version_is_the_projects(run_rag: RunRag) -> None:
    """One line, the version of `pyproject.toml`."""
    done = run_rag("--version")
    version = next(
        line.split('"')[1]
        for line in (REPO / "pyproject.toml").read_text(encoding="utf-8").splitlines()
        if line.startswith("version = ")
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"rag {version}\n", "")


def test_json_is_the_answer_and_nothing_else(run_rag: RunRag, seeds_index: str) -> None:
    """Stdout parses as one answer record; a built index says nothing on stderr."""
    from rag import Answer

    done = run_rag("ask", TROOPS, "--docs", SEEDS, "--index", seeds_index, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert Answer.from_dict(data).to_dict() == data
    assert data["status"] == "answered"
    assert done.stdout.isascii()


def test_a_place_in_the_output_can_be_shown(run_rag: RunRag, seeds_index: str) -> None:
    """What `ask` prints as a citation's place, `show` prints as its quote."""
    at = ("--docs", SEEDS, "--index", seeds_index)
    citation = json.loads(run_rag("ask", TROOPS, *at, "--json").stdout)["citations"][0]
    place = f"{citation['document']}:{citation['start']}-{citation['end']}"
    assert place in run_rag("ask", TROOPS, *at).stdout
    assert run_rag("show", place, *at).stdout == citation["quote"] + "\n"


def test_an_abstention_is_an_answer(run_rag: RunRag, seeds_index: str) -> None:
    """Exit code 0, and the closest passages."""
    question = "What does a kilogram of saffron cost in Lima?"
    done = run_rag("ask", question, "--docs", SEEDS, "--index", seeds_index)
    assert done.returncode == 0
    assert "Searched 5 documents. Closest passages:" in done.stdout


def test_search_gives_every_score(run_rag: RunRag, seeds_index: str) -> None:
    """As JSON: the passages of the answer record, as many as asked for."""
    done = run_rag("search", TROOPS, "-k", 3, "--docs", SEEDS, "--index", seeds_index, "--json")
    passages = json.loads(done.stdout)
    assert len(passages) == 3
    assert set(passages[0]["scores"]) == {"dense", "words", "fused", "rerank"}


def test_a_missing_index_is_built_on_first_use(run_rag: RunRag, tmp_path: Path) -> None:
    """At most one line on stderr the first time, nothing the second time, the answer alike."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "trees.txt").write_text("The garden of the mill has nine oaks and two elms.\n", encoding="utf-8")
    first = run_rag("ask", "How many oaks does the garden of the mill have?", "--docs", docs)
    assert first.returncode == 0, first.stderr
    assert first.stderr in ("", "Building the index …\n")
    second = run_rag("ask", "How many oaks does the garden of the mill have?", "--docs", docs)
    assert (second.stderr, second.stdout) == ("", first.stdout)


def test_an_index_can_be_checked_and_explained(run_rag: RunRag, seeds_index: str) -> None:
    """A sound index is called sound; a document is shown block by block."""
    checked = run_rag("index", SEEDS, "--index", seeds_index, "--check")
    assert (checked.returncode, checked.stdout) == (0, "The index is sound.\n"), checked.stderr
    explained = run_rag("index", SEEDS, "--explain", "000_c7c326494158c19e.txt")
    assert explained.returncode == 0, explained.stderr
    assert "boilerplate (" in explained.stdout


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (2, ("ask",)),
        (2, ("ask", "")),
        (2, ("ask", " \n\t ")),
        (2, ("ask", "why " * 25_000)),
        (2, ("ask", "x", "--no-such-option")),
        (2, ("search", "x", "-k", "0")),
        (2, ("ask", "x", "--generator", "no-such-generator")),
        (2, ("ask", "x", "--index", "nosuch://place")),
        (2, ("index", SEEDS, "--check", "--repair")),
        (3, ("ask", "x", "--docs", "no-such-folder")),
        (3, ("index", "no-such-folder")),
        (3, ("show", "no-such-document.txt")),
        (3, ("show", "000_c7c326494158c19e.txt:5-999999")),
        (3, ("show", "000_c7c326494158c19e.txt:9-5")),
        (3, ("index", SEEDS, "--explain", "no-such-document.txt")),
        (4, ("index", SEEDS, "--index", "no-such-index", "--check")),
    ],
    ids=lambda value: " ".join(map(str, value))[:40] if isinstance(value, tuple) else str(value),
)
def test_bad_input_is_one_clear_message(
    code: int, arguments: tuple[object, ...], run_rag: RunRag, seeds_index: str
) -> None:
    """The exit code tells the kind; stderr says what and what to do; nothing on stdout, no traceback."""
    if arguments[0] in ("ask", "search", "show"):
        given = {"--docs": SEEDS, "--index": seeds_index}
        for name in given.keys() - set(arguments):
            arguments += (name, given[name])
    done = run_rag(*arguments)
    assert done.returncode == code, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 1000


def test_an_argument_that_is_no_text_is_no_traceback(run_rag: RunRag, seeds_index: str) -> None:
    """Bytes that are not UTF-8 arrive as lone surrogates: answered or refused, never crashed on."""
    done = run_rag("ask", "why \udcff\udcfe", "--docs", SEEDS, "--index", seeds_index)
    assert done.returncode in (0, 2), done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_setting_in_the_environment_is_an_error(run_rag: RunRag) -> None:
    """A typo is not silence."""
    done = run_rag("ask", "x", "--docs", SEEDS, env={"RAG_GENERATR": "extractive"})
    assert done.returncode == 2
    assert "generator" in done.stderr.lower()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["ask", TROOPS], ["search", TROOPS]], ids=" ".join)
def test_the_way_to_an_answer_is_light(arguments: list[str], seeds_index: str) -> None:
    """Neither help nor an answer from a built index loads a model library or the web framework."""
    heavy = ["torch", "transformers", "gradio", "sentence_transformers", "sklearn", "pandas", "starlette"]
    at = [] if arguments == ["--help"] else ["--docs", str(SEEDS), "--index", seeds_index]
    code = (
        f"import sys; sys.argv = {['rag', *arguments, *at]!r}\n"
        "from ui.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"loaded = sorted(set({heavy!r}) & set(sys.modules))\n"
        "assert not loaded, loaded"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(REPO)])}
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
