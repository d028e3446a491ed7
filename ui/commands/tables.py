"""Tables of figures for the terminal; what is written to a file or a pipe is never cut to a width."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.terminal import clean

if TYPE_CHECKING:
    from rich.table import Table


def whole_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> "Table":
    """A plain table. On a narrow terminal cells are folded; elsewhere each keeps its full width."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    fold = Console().is_terminal
    table = Table(box=None, pad_edge=False)
    for at, heading in enumerate(headings):
        width = max(len(text) for text in (heading, *(row[at] for row in rows)))
        table.add_column(heading, overflow="fold", no_wrap=not fold, min_width=None if fold else width)
    for row in rows:
        table.add_row(*(Text(clean(text)) for text in row), style="red" if "FAIL" in row[-1] else "")
    return table
