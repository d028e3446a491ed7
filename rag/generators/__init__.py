"""Generators by name: the table, and the one way to open one."""

import importlib

from index import Index
from index.errors import SettingsError
from rag.generators.base import Evidence, Generator, Statement
from rag.settings import AnswerSettings

__all__ = ["GENERATORS", "Evidence", "Generator", "Statement", "open_generator"]

# Name -> (module, class). A generator is made with the index it answers from and the answer settings.
GENERATORS = {"extractive": ("rag.generators.extractive", "ExtractiveGenerator")}


def open_generator(name: str, index: Index, settings: AnswerSettings) -> Generator:
    """The generator of a name.

    Raises:
        SettingsError: There is none of this name.
    """
    if name not in GENERATORS:
        raise SettingsError(f"no generator {name!r}; there is: {', '.join(sorted(GENERATORS))}")
    module, kind = GENERATORS[name]
    generator: Generator = getattr(importlib.import_module(module), kind)(index, settings)
    return generator
