"""The wheel holds the four rooms and nothing else, and works where the checkout is not."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from conftest import NETGUARD, REPO

pytestmark = [pytest.mark.install, pytest.mark.slow]
ROOMS = {"index", "rag", "eval", "ui"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(REPO)]
    done = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of an environment with the wheel and, by a path file, this one's dependencies."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(python)]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", str(wheel)], check=True)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = run([python, "-c", code], home).stdout.strip()
    # A path named by a path file is searched, but path files inside it are not read: an editable
    # install of the checkout in this environment stays out of the new one.
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


def run(command: list[str | Path], cwd: Path) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": str(NETGUARD)}
    env.pop("RAG_HOME", None)
    arguments = [str(part) for part in command]
    return subprocess.run(
        arguments, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_wheel_holds_the_rooms_and_nothing_else(wheel: Path) -> None:
    """Top-level names: the four packages and the metadata; no tests, no seeds."""
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == ROOMS
    assert len(top) == len(ROOMS) + 1
    assert [name for name in names if "/seeds/" in name or "/test_" in name or "__pycache__" in name] == []


def test_the_wheel_holds_every_data_file_of_the_rooms(wheel: Path) -> None:
    """What the checkout has beside its modules, the wheel has too; the corpus for development stays out."""
    names = set(zipfile.ZipFile(wheel).namelist())
    files = {
        path.relative_to(REPO).as_posix()
        for room in ROOMS
        for path in (REPO / room).rglob("*")
        if path.is_file() and not {"__pycache__", "shots"} & set(path.parts)
    }
    for_developers = ("eval/corpora/", "eval/sets/ferry.", "eval/sets/observatory.")
    kept_out = {name for name in files if name.startswith(for_developers) or name.endswith(".baseline.jsonl")}
    assert files - names == kept_out
    assert [name for name in names if name.endswith(".png")] == []  # the README's pictures stay outside
    assert {f"{room}/py.typed" for room in ROOMS} <= names
    assert "eval/sets/seeds.jsonl" in names
    assert any(name.startswith("ui/assets/") for name in names)


def test_the_installed_program_says_its_version(installed: Path, tmp_path: Path) -> None:
    """The console script is there and runs what was installed."""
    done = run([installed / "rag", "--version"], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("rag ")
    code = "import index, rag; print(index.__file__, rag.__file__)"
    where = run([installed / "python", "-c", code], tmp_path)
    assert where.returncode == 0, where.stderr
    assert all(str(installed.parent) in path for path in where.stdout.split())


def test_without_documents_the_installed_program_says_so(installed: Path, tmp_path: Path) -> None:
    """A wheel brings no seeds, so a question from an empty folder needs --docs."""
    done = run([installed / "rag", "ask", "x"], tmp_path)
    assert done.returncode == 3
    assert "no documents folder; pass --docs" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_only_one_program_lands_on_the_path(installed: Path) -> None:
    """Nothing called `eval` or `index` is installed as a command."""
    assert not {"eval", "index", "ui", "chat"} & {path.name for path in installed.iterdir()}
    assert (installed / "rag").exists()
