"""The rooms import in one direction: seeds -> index -> rag -> eval -> ui."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPO

MAY_IMPORT = {
    "index": {"index"},
    "rag": {"rag", "index"},
    "eval": {"eval", "rag", "index"},
    "ui": {"ui", "eval", "rag", "index"},
}
# What only a face of the program may load, and which files of `ui` may (None: any of them).
FACES: dict[str, set[str] | None] = {"typer": None, "rich": None, "gradio": {"app.py"}}


def imports(source: str) -> Iterator[str]:
    """The dotted names a file imports, late imports included; a relative one stays in its room."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def violations(room: str, file: str, source: str) -> list[str]:
    found = []
    for name in imports(source):
        top = name.partition(".")[0]
        if top in MAY_IMPORT and top not in MAY_IMPORT[room]:
            found.append(f"{room}/{file} imports {name}")
        allowed = FACES.get(top)
        if top in FACES and (room != "ui" or (allowed is not None and file not in allowed)):
            found.append(f"{room}/{file} imports {name}, which belongs to the faces")
        if top in {"tests", "seeds"}:
            found.append(f"{room}/{file} imports {name}, which is not installed")
    if "import eval\n" in source + "\n":
        found.append(f"{room}/{file} hides the builtin with `import eval`")
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_nothing_to_its_right(room: str) -> None:
    """Nothing imports to its right, and only the faces load what faces are made of."""
    found = []
    for path in sorted((REPO / room).rglob("*.py")):
        file = path.relative_to(REPO / room).as_posix()
        found += violations(room, file, path.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("index", "from rag.records import Answer"),
        ("index", "def f():\n    import rag"),
        ("rag", "from eval.questions import load"),
        ("rag", "import ui.cli as face"),
        ("eval", "if True:\n    from ui import terminal"),
        ("eval", "import rich.table"),
        ("rag", "from typer import echo"),
        ("ui", "import gradio as gr"),
        ("ui", "import eval"),
        ("ui", "from tests.conftest import REPO"),
    ],
)
def test_a_planted_violation_is_caught(room: str, source: str) -> None:
    """The check sees late, dotted and renamed imports."""
    assert violations(room, "planted.py", source)


def test_what_is_allowed_is_not_reported() -> None:
    """Leftward imports and relative ones pass."""
    source = "from rag import ask\nfrom index.records import Span\nfrom . import stats"
    assert violations("eval", "x.py", source) == []
    assert violations("ui", "app.py", "import gradio as gr\nfrom eval.questions import load") == []


def test_the_rooms_are_the_packages() -> None:
    """Every top-level folder with Python in it is a room or holds tests."""
    found = {path.parent.name for path in Path(REPO).glob("*/__init__.py")}
    assert found == set(MAY_IMPORT)
