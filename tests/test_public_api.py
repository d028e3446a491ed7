"""The public door of each room: what it exports, that it is documented, and that opening it is cheap."""

import importlib
import inspect
import subprocess
import sys
from types import FunctionType, ModuleType

import pytest

ROOMS = ("index", "rag", "eval", "ui")
DOORS = ("index", "rag")
HEAVY = (
    "torch",
    "transformers",
    "gradio",
    "faiss",
    "onnx",
    "onnxruntime",
    "tantivy",
    "sentence_transformers",
    "sklearn",
    "pandas",
)


def exported(module: ModuleType) -> set[str]:
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }


def door_order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, each by name: the order ruff keeps."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("room", ROOMS)
def test_all_is_what_is_exported(room: str) -> None:
    """`__all__` is sorted, complete, true, and short enough to learn."""
    module = importlib.import_module(room)
    names = list(getattr(module, "__all__", ()))
    assert names == sorted(names, key=door_order)
    assert set(names) == exported(module)
    assert len(names) < 20
    assert names or room not in DOORS


@pytest.mark.parametrize("room", DOORS)
def test_every_public_name_is_documented(room: str) -> None:
    """Classes, functions and the public methods of classes have a docstring of their own."""
    module = importlib.import_module(room)
    undocumented = []
    for name in module.__all__:
        value = getattr(module, name)
        if not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        methods = [
            (f"{name}.{key}", member)
            for key, member in (vars(value).items() if inspect.isclass(value) else ())
            if not key.startswith("_") and isinstance(member, FunctionType | classmethod | property)
        ]
        undocumented += [path for path, item in [(name, value), *methods] if not (item.__doc__ or "").strip()]
    assert undocumented == []


def test_the_documented_names_are_there() -> None:
    """The names that the documentation promises."""
    import index
    import rag

    assert {"BuildReport", "Chunk", "Document", "build_index", "open_index"} <= set(index.__all__)
    assert {"Answer", "Citation", "Rag", "RagSettings", "ask"} <= set(rag.__all__)


@pytest.mark.parametrize("names", ["index", "rag", "rag, index, eval, ui", "ui.cli"])
def test_the_door_opens_without_a_heavy_import(names: str) -> None:
    """Importing a room loads no model library, no vector library and no web framework."""
    code = f"import {names}; import sys; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
