"""Tables to text, a row at a time: `header: value; header: value`, so that a row means something alone."""

import re
from collections.abc import Iterator, Sequence

# A cell of a row; None where the cell to the left reaches over this column too.
Cell = str | None

_NUMBER = re.compile(r"[^\w]*[\d.,:/\-\s]*\d[\d.,:/\-\s%]*(?:[^\W\d]{1,3}\b)?[^\w]*")
_NAME = re.compile(r"[^\W\d_][^:;.!?|]{0,39}:?")
_LONGEST_HEADER = 80
_FIGURES = 2 / 3
# What a cell that reaches down says is said again in each row, unless that is a text of its own.
_LONGEST_REPEATED = 200
_WIDEST, _DEEPEST = 100, 10_000


class Grid:
    """The rows of a table whose cells may reach over several columns and rows."""

    def __init__(self) -> None:
        """Start without rows."""
        self.rows: list[list[Cell]] = []
        self._from_above: dict[int, tuple[Cell, int]] = {}

    def start_row(self) -> None:
        """Begin a row with the cells that reach down into it."""
        self.rows.append([])
        self._fill()

    def add(self, text: str, across: int = 1, down: int = 1) -> None:
        """Append a cell to the last row."""
        row, down = self.rows[-1], min(down, _DEEPEST)
        for column in range(max(1, min(across, _WIDEST))):
            cell = None if column else text
            if down > 1:
                self._from_above[len(row)] = ("" if len(text) > _LONGEST_REPEATED else cell, down - 1)
            row.append(cell)
        self._fill()

    def _fill(self) -> None:
        row = self.rows[-1]
        while len(row) in self._from_above:
            cell, left = self._from_above.pop(len(row))
            if left > 1:
                self._from_above[len(row)] = cell, left - 1
            row.append(cell)


def row_texts(rows: Sequence[Sequence[Cell]], headers: int | None = None) -> Iterator[tuple[int, str]]:
    """(row number from 1, text) of each row that says something; header rows are said in the others.

    Args:
        headers: How many rows at the top name the columns; None to judge by their look.
    """
    if headers is None:
        headers = int(looks_like_header(rows))
    # The title of a table, over its whole width, names no column.
    titles = next((at for at, row in enumerate(rows) if not spans_all(row)), 0)
    names = column_names(rows[titles:headers]) if headers < len(rows) else []
    for number, row in enumerate(rows, start=1):
        if names and titles < number <= headers:
            continue
        if text := (row_text(names, row) if names else _stated(row)):
            yield number, text


def column_names(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """What header rows call each column: the words above it, from the top down."""
    names: list[list[str]] = [[] for _ in range(max(map(len, rows), default=0))]
    for row in rows:
        said = ""
        for column, cell in enumerate(row):
            said = said if cell is None else " ".join(cell.split())
            if said and said not in names[column]:
                names[column].append(said)
    return [" ".join(parts) for parts in names]


def row_text(names: Sequence[str], row: Sequence[Cell]) -> str:
    """One row; a cell beyond the names, or over all columns, stands alone; an empty one is left out."""
    parts = []
    alone = spans_all(row)
    for at, cell in enumerate(row):
        if cell is None or not (value := " ".join(cell.split())):
            continue
        past = next((column for column in range(at + 1, len(row)) if row[column] is not None), len(row))
        name = "" if alone else ", ".join(dict.fromkeys(filter(None, names[at:past])))
        parts.append(f"{name}: {value}" if name else value)
    return "; ".join(parts)


def _stated(row: Sequence[Cell]) -> str:
    """A row of a table without column names: of two cells, the first may be the name of the second."""
    cells = [" ".join(cell.split()) for cell in row if cell is not None]
    if len(row) == len(cells) == 2 and all(cells) and _NAME.fullmatch(cells[0]):
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    return row_text((), row)


def spans_all(row: Sequence[Cell]) -> bool:
    """Whether one cell reaches over a whole row."""
    return len(row) > 1 and row[0] is not None and all(cell is None for cell in row[1:])


def looks_like_header(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first row names the columns.

    Two columns without figures below them are read as "name, value" rows, which have no header.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [(cell or "").strip() for cell in rows[0]]
    short = all(0 < len(cell) <= _LONGEST_HEADER and not _NUMBER.fullmatch(cell) for cell in first)
    if not short or len({cell.lower() for cell in first}) < len(first):
        return False
    if len(first) > 2:
        return True
    values = [value for row in rows[1:] if len(row) > 1 and (value := (row[1] or "").strip())]
    figures = sum(1 for value in values if len(value) <= _LONGEST_HEADER and _NUMBER.fullmatch(value))
    return bool(values) and figures >= _FIGURES * len(values)
