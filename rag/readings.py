"""How a piece of Markdown or plain text reads: a row says the names of its columns, code lacks its fence.

What is cited stays the exact text; a reading only words it the way rows of other formats are worded.
"""

import re
from bisect import bisect_right
from functools import lru_cache

from index import Document
from index.formats.text_columns import aligned_reading

_BAR = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[^\n]*")


def row_reading(columns: str, row: str) -> str:
    """A row of a Markdown table as "column: cell; column: cell"; "" if it has no cell.

    Args:
        columns: The row that names the columns.
    """
    names = _cells(columns)
    named = [(names[at] if at < len(names) else "", cell) for at, cell in enumerate(_cells(row))]
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)


def set_row_reading(document: Document, at: int) -> str:
    """A row of a table that plain text sets in columns, as `row_reading`; "" where that is not sure."""
    blocks = document.blocks
    number = bisect_right(blocks, at, key=lambda block: block.start) - 1
    while number > 0 and blocks[number].kind == "row":
        number -= 1
    if blocks[number].kind != "columns":
        return ""
    return aligned_reading(line_at(document.text, blocks[number].start), line_at(document.text, at))


def line_at(text: str, at: int) -> str:
    """The whole line a character stands in, as a row is."""
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : len(text) if end < 0 else end]


def fenced(block: str) -> tuple[int, int] | None:
    """Where the code of a fenced block starts and ends in it; None for any other block."""
    opening = _FENCE.match(block)
    if opening is None:
        return None
    end = len(block)
    last = block.rfind("\n") + 1
    if last > opening.end() and _FENCE.fullmatch(block, last):
        end = last
    return min(opening.end() + 1, end), len(block[:end].rstrip())


@lru_cache(maxsize=1024)
def _cells(line: str) -> tuple[str, ...]:
    bare = line.strip(" \t\r\n>").removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return tuple(" ".join(cell.replace("\\|", "|").split()) for cell in _BAR.split(bare))
