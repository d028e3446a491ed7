"""The README and its page on benches are true: commands run; help, tables and Python are the program's."""

import itertools
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPO, SEEDS, RunRag
from pydantic import BaseModel
from typer.testing import CliRunner

from index.errors import RagError
from rag import RagSettings
from ui.cli import app

PAGES = (REPO / "README.md", REPO / "eval/bench/README.md")
HELP = re.compile(r"<!-- help: (?P<command>rag[ \w]*) -->\n```text\n(?P<text>.*?)```", re.DOTALL)
OUTPUT = re.compile(r"<!-- output: (?P<command>rag [^>]*) -->\n```text\n(?P<text>.*?)```", re.DOTALL)
BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
# Commands that never end, build an environment, or take minutes: read here, run by other tests.
NOT_RUN = ("make", "pip", "git", "rag chat", "rag eval", "rag bench", "python -m venv")


def readme() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def blocks(kind: str) -> list[str]:
    return [match["body"] for match in BLOCK.finditer(readme()) if match["kind"] == kind]


def console_lines() -> list[str]:
    lines = [line for body in blocks("console") for line in body.splitlines()]
    return list(dict.fromkeys(line.removeprefix("$ ") for line in lines if line.startswith("$ ")))


def help_blocks() -> list[tuple[str, str]]:
    return [(match["command"], match["text"]) for match in HELP.finditer(readme())]


def actual_help(command: str) -> str:
    # The program leaves two columns of a terminal free.
    done = CliRunner().invoke(app, [*command.split()[1:], "--help"], prog_name="rag", terminal_width=98)
    assert done.exit_code == 0, done.output
    return "\n".join(line.rstrip() for line in done.output.strip().splitlines())


@pytest.mark.parametrize(("command", "text"), help_blocks(), ids=[command for command, _ in help_blocks()])
def test_a_help_text_is_the_real_one(command: str, text: str) -> None:
    """Each help block equals what the program prints on a terminal of 100 columns."""
    assert text.strip() == actual_help(command)


def test_every_command_is_documented() -> None:
    """Each command that the program has stands in a README with its help."""

    def commands(prefix: str) -> set[str]:
        listed = actual_help(prefix).partition("\nCommands:\n")[2]
        names = {f"{prefix} {name}" for name in re.findall(r"^  (\w+)", listed, re.MULTILINE)}
        return set().union(*map(commands, names)) if names else {prefix}

    assert commands("rag") <= {command for command, _ in help_blocks()}


@pytest.mark.slow
def test_the_commands_run(run_rag: RunRag, seeds_index: str, tmp_path: Path) -> None:
    """Every `rag` line of the README ends well on the seeds; every other line starts a known tool."""
    (tmp_path / "seeds").symlink_to(SEEDS)
    failed = {}
    for line in console_lines():
        first, *rest = shlex.split(line, comments=True)
        if line.startswith(NOT_RUN):
            continue
        assert first == "rag", f"the README shows a command that is not tested: {line}"
        done = run_rag(*rest, cwd=tmp_path)
        if done.returncode:
            failed[line] = done.stderr
    assert failed == {}


@pytest.mark.slow
def test_what_is_shown_is_what_comes(run_rag: RunRag, seeds_index: str, tmp_path: Path) -> None:
    """Each output block is what its command prints, but for where lines break."""
    (tmp_path / "seeds").symlink_to(SEEDS)
    shown = list(OUTPUT.finditer(readme()))
    assert shown
    for block in shown:
        done = run_rag(*shlex.split(block["command"])[1:], cwd=tmp_path)
        assert block["text"].split() == done.stdout.split()


def test_the_commands_that_are_not_run_are_real() -> None:
    """Make targets exist, and the options of long-running commands are ones they have."""
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    for line in console_lines():
        words = shlex.split(line, comments=True)
        if words[0] == "make":
            targets = [word for word in words[1:] if "=" not in word]
            assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets), line
        if words[0] == "rag":
            command = " ".join(word for word in words[: 3 if words[1] in ("eval", "bench") else 2])
            told = actual_help(command) if not words[1].startswith("-") else "--version"
            assert all(word in told for word in words if word.startswith("-")), line


@pytest.mark.slow
def test_the_python_runs(seeds_index: str, tmp_path: Path) -> None:
    """Every Python block runs as it stands, beside a `seeds` folder."""
    (tmp_path / "seeds").symlink_to(SEEDS)
    code = "\n\n".join(blocks("python"))
    assert code
    script = tmp_path / "from_readme.py"
    script.write_text(code, encoding="utf-8")
    path = os.pathsep.join([os.environ["PYTHONPATH"], str(REPO)])
    done = subprocess.run(
        [sys.executable, "-P", str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_exit_codes_are_the_real_ones() -> None:
    """The table names every branch of the error tree with its code, and no other."""
    kinds: list[type[RagError]] = [RagError, *RagError.__subclasses__()]
    branches = {kind.__name__: kind.exit_code for kind in kinds if kind.__module__ == "index.errors"}
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", readme(), re.MULTILINE)
    assert {name: int(code) for code, name in rows} == branches


def settings_rows(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Key, default and bounds of every setting as the README writes them."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings_rows(kind, f"{prefix}{name}.")
            continue
        value = field.default
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        limits = {type(limit).__name__: limit for limit in field.metadata}
        lower = limits["Ge"].ge if "Ge" in limits else f"above {limits['Gt'].gt}" if limits else ""
        yield f"{prefix}{name}", text, f"{lower} to {limits['Le'].le}" if limits else ""


def test_the_settings_are_the_real_ones() -> None:
    """The table names every setting with its default and bounds, in order, and no other."""
    table = readme().partition("| setting |")[2].partition("\n\n")[0]
    rows = [[cell.strip(" `") for cell in line.split("|")[1:4]] for line in table.splitlines()[2:]]
    assert [tuple(row) for row in rows] == list(settings_rows(RagSettings))


def test_every_direct_dependency_is_in_the_notice() -> None:
    """NOTICE names each package that `pyproject.toml` requires, its extras included, as it is pinned."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    named = {plain_name(re.split(r"[<>=!~\[ ]", requirement)[0]) for requirement in required}
    rows = re.findall(r"^\| (\S+) \| (\d\S*) \|", (REPO / "NOTICE").read_text(encoding="utf-8"), re.M)
    noticed = {plain_name(name): version for name, version in rows}
    assert sorted(named - noticed.keys()) == []
    constraints = (REPO / "constraints.txt").read_text(encoding="utf-8")
    pinned = {plain_name(name): version for name, version in re.findall(r"(?m)^(\S+)==(\S+)", constraints)}
    wrong = {name: version for name, version in noticed.items() if pinned.get(name, version) != version}
    assert wrong == {}


def test_every_direct_dependency_has_a_bound() -> None:
    """A release of another package years ago, or hence, is not silently taken."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [required for required in project["dependencies"] if not re.search(r"[<>=]", required)] == []


def plain_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
