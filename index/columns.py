"""What the columns of a Markdown table are called: its rows do not say it themselves.

Rows of the foreign formats carry their columns' names in their text. A Markdown file is its own text, so a
chunk from the middle of a long table would be found by none of them.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Document


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table, from the one that names its columns on."""

    start: int
    end: int
    columns: str


def tables_of(document: Document) -> tuple[Table, ...]:
    """The tables of a document in reading order; none where rows name their columns."""
    found: list[Table] = []
    opened = False
    for block in document.blocks:
        if block.kind == "columns":
            found.append(Table(block.start, block.end, document.text[block.start : block.end]))
        elif block.kind == "row" and opened:
            found[-1] = Table(found[-1].start, block.end, found[-1].columns)
        opened = block.kind == "columns" or (block.kind == "row" and opened)
    return tuple(found)


def columns_within(tables: Sequence[Table], start: int, end: int) -> str:
    """The columns of the first table that has rows in a span; "" for none."""
    at = bisect_right(tables, start, key=lambda table: table.end)
    return tables[at].columns if at < len(tables) and tables[at].start < end else ""
