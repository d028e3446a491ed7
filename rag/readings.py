"""How a piece of Markdown reads without its marks: a row says the names of its columns, code lacks its fence.

What is cited stays the exact text; a reading only words it the way rows of other formats are worded.
"""

import re
from functools import lru_cache

_RULE = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t\r]*")
_BAR = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[^\n]*")
# A table is looked up to its first row; one that is longer is read without the names of its columns.
_DEEPEST = 400


def row_reading(text: str, start: int, end: int) -> str | None:
    """The row of a Markdown table at `start:end` as "column: cell; column: cell".

    Returns:
        "" for the row that names the columns or has no cell; None for what is no row of a table.
    """
    if "|" not in text[start:end] or "\n" in text[start:end]:
        return None
    line_start, line_end = _line_at(text, start)
    above = _columns(text, line_start)
    if above is None:
        names_columns = bool(_RULE.fullmatch(_line_after(text, line_end)))
        return "" if names_columns and "|" in text[line_start:line_end] else None
    parts = []
    cells = _cells(text[line_start:line_end])
    for at, cell in enumerate(cells):
        if cell:
            name = above[at] if at < len(above) else ""
            parts.append(f"{name}: {cell}" if name else cell)
    return "; ".join(parts)


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


def _columns(text: str, row: int) -> tuple[str, ...] | None:
    """What the table that a line belongs to calls its columns; None if there is no table above it."""
    at = row
    for _ in range(_DEEPEST):
        if at == 0:
            return None
        start, end = _line_at(text, at - 1)
        line = text[start:end]
        if _RULE.fullmatch(line) and start:
            return tuple(_cells(_line_before(text, start)))
        if "|" not in line:
            return None
        at = start
    return None


@lru_cache(maxsize=1024)
def _cells(line: str) -> tuple[str, ...]:
    bare = line.strip(" \t\r\n>").removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return tuple(" ".join(cell.replace("\\|", "|").split()) for cell in _BAR.split(bare))


def _line_at(text: str, at: int) -> tuple[int, int]:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _line_before(text: str, start: int) -> str:
    return text[slice(*_line_at(text, start - 1))]


def _line_after(text: str, end: int) -> str:
    return text[slice(*_line_at(text, end + 1))] if end + 1 < len(text) else ""
