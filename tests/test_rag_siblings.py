"""A foreign module named `index` is refused by name, not met as a riddle later."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPO

from rag.siblings import check_siblings


def python(folder: Path, *args: str, safe: bool = False) -> subprocess.CompletedProcess[str]:
    """Python started in `folder`, as a user would who has the checkout on the path."""
    command = [sys.executable, *(["-P"] if safe else []), *args]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(REPO)])}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("args", [("-c", "import rag"), ("-m", "rag.siblings_user")])
def test_a_foreign_index_is_named(tmp_path: Path, args: tuple[str, str]) -> None:
    """With an index.py in the working folder, -c and -m stop with its path and the cure."""
    foreign = tmp_path / "index.py"
    foreign.write_text("WORDS = {}\n", encoding="utf-8")
    done = python(tmp_path, *args)
    assert done.returncode == 1
    assert "ImportError" in done.stderr
    assert str(foreign) in done.stderr
    assert "rename" in done.stderr and "-P" in done.stderr


def test_a_foreign_package_is_named(tmp_path: Path) -> None:
    """A package shadows like a file does, and is refused like one."""
    (tmp_path / "index").mkdir()
    foreign = tmp_path / "index" / "__init__.py"
    foreign.touch()
    done = python(tmp_path, "-c", "import rag")
    assert done.returncode == 1 and str(foreign) in done.stderr


def test_the_cure_works(tmp_path: Path) -> None:
    """With -P the same folder does no harm."""
    (tmp_path / "index.py").write_text("raise SystemExit('the wrong one')\n", encoding="utf-8")
    done = python(tmp_path, "-c", "import rag; print(rag.ask.__name__)", safe=True)
    assert (done.returncode, done.stdout.strip()) == (0, "ask"), done.stderr


def test_a_data_folder_is_harmless(tmp_path: Path) -> None:
    """A plain folder named index, without Python in it, does not shadow ours."""
    (tmp_path / "index").mkdir()
    done = python(tmp_path, "-c", "import rag; print(rag.ask.__name__)")
    assert (done.returncode, done.stdout.strip()) == (0, "ask"), done.stderr


@pytest.mark.parametrize("file", ["made_up/index.py", None])
def test_a_module_without_a_spec(tmp_path: Path, file: str | None) -> None:
    """A module put into sys.modules by hand is refused, with its file where it has one."""
    code = "import sys, types; m = types.ModuleType('index'); sys.modules['index'] = m\n"
    code += f"m.__file__ = {file!r}\n" if file else ""
    done = python(tmp_path, "-c", code + "import rag")
    assert done.returncode == 1 and "ValueError" not in done.stderr.splitlines()[-1]
    assert "ImportError" in done.stderr and "rename" in done.stderr
    assert str(Path(file)) in done.stderr if file else "another module of that name" in done.stderr


def test_our_own_is_accepted() -> None:
    """The real neighbour passes; a name nobody has does not."""
    check_siblings(REPO / "rag", ("index",))
    with pytest.raises(ImportError, match="'no_such_neighbour' is hidden"):
        check_siblings(REPO / "rag", ("no_such_neighbour",))
