"""Readers by suffix: the dispatch table. A reader turns decoded text into blocks in reading order."""

from collections.abc import Callable
from dataclasses import dataclass

from index.formats import markdown, plain_text
from index.records import Block


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read.

    Attributes:
        blocks: Decoded text to blocks.
        headings_stated: The format says what is a heading; else it is a guess from a line's look.
    """

    blocks: Callable[[str], tuple[Block, ...]]
    headings_stated: bool


_PLAIN = Reader(plain_text.blocks, headings_stated=False)
_MARKDOWN = Reader(markdown.blocks, headings_stated=True)

READERS: dict[str, Reader] = {
    ".txt": _PLAIN,
    ".text": _PLAIN,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
}
