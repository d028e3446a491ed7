"""Tables to text, a row at a time: `header: value; header: value`, so that a row means something alone."""

import re
from collections.abc import Iterator, Sequence

_NUMBER = re.compile(r"[^\w]*[\d.,:/\-\s]*\d[\d.,:/\-\s%]*[^\w]*")
_LONGEST_HEADER = 80


def row_texts(rows: Sequence[Sequence[str]], header: bool | None = None) -> Iterator[tuple[int, str]]:
    """(row number from 1, text) of each row that says something; a header row is said in the others.

    Args:
        header: Whether the first row names the columns; None to judge by its look.
    """
    if header is None:
        header = looks_like_header(rows)
    names = [" ".join(cell.split()) for cell in rows[0]] if header and len(rows) > 1 else []
    for number, row in enumerate(rows, start=1):
        if (number > 1 or not names) and (text := row_text(names, row)):
            yield number, text


def row_text(names: Sequence[str], row: Sequence[str]) -> str:
    """One row; a cell beyond the names stands alone, an empty cell is left out."""
    parts = []
    for at, cell in enumerate(row):
        if value := " ".join(cell.split()):
            name = names[at] if at < len(names) else ""
            parts.append(f"{name}: {value}" if name else value)
    return "; ".join(parts)


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns.

    Two columns without figures below them are read as "name, value" rows, which have no header.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    short = all(0 < len(cell) <= _LONGEST_HEADER and not _NUMBER.fullmatch(cell) for cell in first)
    if not short or len({cell.lower() for cell in first}) < len(first):
        return False
    if len(first) > 2:
        return True
    return all(len(row) > 1 and _NUMBER.fullmatch(row[1].strip()) for row in rows[1:])
