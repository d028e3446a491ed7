"""Generators by address: the table, third-party ones by entry point, and the one way to open one."""

import importlib
import importlib.metadata
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from index import Index
from index.errors import GeneratorError, SettingsError
from rag.generators.base import (
    Completer,
    Completion,
    Evidence,
    Generator,
    Note,
    Output,
    Prompt,
    Statement,
    Usage,
)
from rag.generators.outputs import sound, told_plainly
from rag.settings import AnswerSettings

if TYPE_CHECKING:
    from rag.generators.model import Chat

__all__ = [
    "ENTRY_POINTS",
    "GENERATORS",
    "MODELS",
    "Completer",
    "Completion",
    "Evidence",
    "Generator",
    "Note",
    "Opener",
    "Output",
    "Prompt",
    "Statement",
    "Usage",
    "open_chat",
    "open_generator",
]

# Name -> (module, class). A generator is made with the index it answers from and the answer settings.
GENERATORS = {"extractive": ("rag.generators.extractive", "ExtractiveGenerator")}
# Scheme -> (module, class, form of the address). A model is made with what follows the scheme, and settings.
MODELS = {
    "openai": ("rag.generators.openai_api", "OpenAIChat", "openai:MODEL[@URL]"),
    "anthropic": ("rag.generators.anthropic_api", "AnthropicChat", "anthropic:MODEL[@URL]"),
    "gguf": ("rag.generators.gguf_file", "GgufChat", "gguf:PATH"),
}
# Other packages register `NAME = "module:function"` there; the function is called with what follows
# `NAME:` in the address, the index and the answer settings, and returns a `Generator`.
ENTRY_POINTS = "rag.generators"
_Make = Callable[[Index, AnswerSettings], Generator]


class Opener:
    """Opens the generator of one address; a model behind it is opened once. Safe for many threads."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._make: _Make | None = None

    def open(self, index: Index, settings: AnswerSettings) -> Generator:
        """The generator, answering from this index.

        Raises:
            SettingsError: There is none of this name, or its address is wrong.
            MissingExtra: It needs a package that is not installed.
            GeneratorError: It needs a key that is not there, or its model cannot be loaded.
        """
        with self._lock:
            self._make = self._make or _maker(self._name, settings)
        return self._make(index, settings)


def open_generator(name: str, index: Index, settings: AnswerSettings) -> Generator:
    """The generator of a name, for one use; see `Opener`."""
    return Opener(name).open(index, settings)


def open_chat(name: str, settings: AnswerSettings) -> "Chat":
    """The bare language model of an address, to be asked for something else than an answer.

    Raises:
        SettingsError: The address names no language model.
        MissingExtra: It needs a package that is not installed.
        GeneratorError: It needs a key that is not there, or it cannot be loaded.
    """
    scheme, _, argument = name.partition(":")
    if scheme not in MODELS:
        forms = ", ".join(form for _, _, form in MODELS.values())
        raise SettingsError(f"{name!r} is no language model; there is: {forms}")
    module, kind, _ = MODELS[scheme]
    chat: Chat = getattr(importlib.import_module(module), kind)(argument, settings)
    return chat


def _maker(name: str, settings: AnswerSettings) -> _Make:
    scheme, _, argument = name.partition(":")
    if name in GENERATORS:
        module, kind = GENERATORS[name]
        made: _Make = getattr(importlib.import_module(module), kind)
        return made
    if scheme in MODELS:
        from rag.generators.model import ModelGenerator

        chat = open_chat(name, settings)
        fallback = _maker("extractive", settings)
        return lambda index, own: ModelGenerator(chat, fallback(index, own), own)
    return _third_party(name, scheme, argument)


def _third_party(name: str, scheme: str, argument: str) -> _Make:
    found = importlib.metadata.entry_points(group=ENTRY_POINTS)
    if scheme not in found.names:
        forms = [*GENERATORS, *(form for _, _, form in MODELS.values()), *sorted(found.names)]
        raise SettingsError(f"no generator {name!r}; there is: {', '.join(forms)}")
    point = found[scheme]
    try:
        make = point.load()
    except Exception as error:
        raise GeneratorError(
            f"the generator {scheme!r} of {point.value!r} cannot be loaded ({type(error).__name__}: "
            f"{error}); mend the package it comes from, or remove it"
        ) from error

    def made(index: Index, settings: AnswerSettings) -> Generator:
        with told_plainly(name):
            return sound(make(argument, index, settings), name)

    return made
