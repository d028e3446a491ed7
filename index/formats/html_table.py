"""Tables of a page: which are data and not layout, and their rows as records under their headers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from index.formats.html_article import Piece
from index.formats.table_rows import Grid, looks_like_header, row_texts

CELLS = frozenset(("td", "th"))
_LISTS = frozenset(("ul", "ol", "li"))
_NOT_IN_CELLS = frozenset(
    """address article aside blockquote button dd details dialog dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr legend main menu nav option pre section summary table""".split()
)
_MOST_DIGITS = 4


@dataclass(slots=True)
class _Row:
    """What is known of a row beside its cells; `piece` holds the words of its own cells only."""

    piece: Piece
    heads: bool


class Table:
    """A table of data while it is read; a table that lays out a page never becomes one."""

    def __init__(self) -> None:
        """Start without rows."""
        self._grid = Grid()
        self._rows: list[_Row] = []
        self._raw: list[str] = []
        self._heads = 0
        self._any_head = False

    def start_row(self) -> None:
        """Begin a row."""
        self._grid.start_row()
        self._raw, self._heads = [], 0

    def add_cell(self, text: str, element: Any) -> None:
        """Append a cell; a page may leave out the row that it stands in."""
        if len(self._grid.rows) == len(self._rows):
            self.start_row()
        self._grid.add(text, _number(element, "colspan"), _number(element, "rowspan"))
        self._raw.append(text)
        self._heads += element.tag == "th"

    def end_row(self, element: Any, like: Piece) -> None:
        """Close a row.

        Args:
            like: What holds of it beside its words.
        """
        if len(self._grid.rows) == len(self._rows):
            return
        all_heads = bool(self._raw) and self._heads == len(self._raw)
        self._any_head = self._any_head or self._heads > 0
        words = " ".join(self._raw)
        in_head = getattr(element.getparent(), "tag", "") == "thead"
        self._rows.append(_Row(replace(like, text=words, raw=words, kind="row"), in_head or all_heads))

    def pieces(self) -> Iterator[Piece]:
        """The rows, with their columns named as far as the table names them."""
        rows = self._grid.rows[: len(self._rows)]
        headers = next((at for at, row in enumerate(self._rows) if not row.heads), len(rows))
        if not headers and not self._any_head:
            headers = int(looks_like_header(rows))
        for number, text in row_texts(rows, headers):
            yield replace(self._rows[number - 1].piece, text=text)


def holds_data(table: Any) -> bool:
    """Whether rows can be read as records: several cells a row, and nothing but text in them."""
    rows = cells = heads = lists = 0
    for element in table.iter():
        tag = element.tag
        if element is table or not isinstance(tag, str):
            continue
        rows += tag == "tr"
        cells += tag in CELLS
        heads += tag == "th"
        lists += tag in _LISTS
        if tag in _NOT_IN_CELLS:
            return False
    # Old pages put their menus and their text side by side in a table, but never under a header.
    return rows > 0 and cells > rows and (heads > 0 or not lists)


def _number(element: Any, name: str) -> int:
    """How far a cell reaches; 0 rows mean all that follow."""
    stated = (element.get(name) or "").strip()
    if not stated.isdecimal() or len(stated) > _MOST_DIGITS:
        return 1
    return int(stated) or (10**_MOST_DIGITS if name == "rowspan" else 1)
