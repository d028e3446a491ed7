"""Which generators a chat offers, and whether each could answer now.

Offered are the plain one and the one the chat was started with; a page can choose among them only, never name
an address.
"""

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from index.errors import MissingExtra, RagError

if TYPE_CHECKING:
    from rag import Rag

PLAIN = "extractive"
_PATIENCE = 0.5
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_PORTS = {"http": 80, "https": 443}

State = Literal["ready", "key missing", "server down", "not installed", "cannot be used"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A generator on offer. `label` is its name without the address of its server."""

    name: str
    label: str
    state: State = "ready"


def choices(rag: "Rag") -> tuple[Choice, ...]:
    """The generators of a chat with their state, the plain one first."""
    return tuple(Choice(name, label_of(name), state_of(rag, name)) for name in names(rag))


def names(rag: "Rag") -> tuple[str, ...]:
    """What a page may choose among."""
    return tuple(dict.fromkeys([PLAIN, rag.settings.generator]))


def label_of(name: str) -> str:
    """What a page calls a generator."""
    return "The documents’ own words" if name == PLAIN else name.partition("@")[0]


def state_of(rag: "Rag", name: str) -> State:
    """Whether a generator could answer now."""
    if name == PLAIN:
        return "ready"
    kind = name.partition(":")[0]
    _, _, address = name.rpartition("@") if "@" in name else ("", "", "")
    own_server = bool(address)
    if kind in _KEYS and not own_server and not os.environ.get(_KEYS[kind]):
        return "key missing"
    if own_server and not _listens(address):
        return "server down"
    try:
        rag.using(name)
    except MissingExtra:
        return "not installed"
    except RagError:
        return "cannot be used"
    return "ready"


def _listens(address: str) -> bool:
    """Whether something accepts connections at the address the owner configured."""
    parts = urlsplit(address if "//" in address else f"//{address}", scheme="http")
    try:
        port = parts.port or _PORTS.get(parts.scheme, 80)
        with socket.create_connection((parts.hostname or "", port), _PATIENCE):
            return True
    except (OSError, ValueError):
        return False
