"""Tables of figures for the terminal; what is written to a file or a pipe is never cut to a width."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.terminal import clean

if TYPE_CHECKING:
    from rich.table import Table

_GAP = 2


def whole_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> "Table":
    """A plain table. On a narrow terminal cells are folded; elsewhere each keeps its full width."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    fold = Console().is_terminal
    rows = [[clean(text) for text in row] for row in rows]
    widths = [max(cell_len(row[at]) for row in (headings, *rows)) for at in range(len(headings))]
    # Beyond the width of its console, 80 for a file, rich leaves whole columns out.
    whole = None if fold else sum(widths) + _GAP * (len(widths) - 1)
    table = Table(box=None, pad_edge=False, width=whole)
    for heading, width in zip(headings, widths, strict=True):
        table.add_column(heading, overflow="fold", no_wrap=not fold, min_width=None if fold else width)
    for row in rows:
        table.add_row(*map(Text, row), style="red" if "FAIL" in row[-1] else "")
    return table
