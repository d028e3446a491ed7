"""Columns that plain text sets with spaces or tabs: invoices, timetables, price lists.

A line with a wide gap inside is a line of its own, whatever stands around it, and so is one that opens with
a time of day. Lines below one that names columns are the rows of a table; which cell stands below which name
is told by where they stand. Lines of prose set to one width have gaps, too, but end at one place.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.formats.table_rows import looks_like_header, row_text
from index.records import Span

_GAP = re.compile(r"\S(?: {3,}| *\t[ \t]*)\S")
_CELL = re.compile(r"[^\s](?:[^\S\t\r\n]?[^\s])*")
_LETTERS_APART = re.compile(r"(?:\S +)+\S")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])(?::[0-5]\d(?![\d:.,])|(?:[:.][0-5]\d)? ?[ap]m\b)", re.IGNORECASE)
_CLOCK_APART = re.compile(rf"{_CLOCK.pattern}(?: {{2,}}|\t| ?[-–—:|] (?!\d))", re.IGNORECASE)
_RULE = re.compile(r"[-=_+|—– ]{3,}")
_NAME = re.compile(r"[^\W\d_].*")
_FEWEST_ROWS = 2
_FEWEST_JUSTIFIED = 3


class Cell(NamedTuple):
    """A cell of a line, from column `start` to `end` of it."""

    text: str
    start: int
    end: int


def is_gapped(line: str) -> bool:
    """Whether a line has a gap inside that sets columns apart, and is not l e t t e r s set apart."""
    return bool(_GAP.search(line)) and not _LETTERS_APART.fullmatch(line.strip())


def apart(text: str, start: int, end: int) -> Iterator[Span]:
    """What stands apart in a line of a text."""
    at = start
    for gap in _GAP.finditer(text, start, end):
        yield Span(at, gap.start() + 1)
        at = gap.end() - 1
    yield Span(at, end)


def opens_with_clock(line: str, above: str = "") -> bool:
    """Whether a line is an entry of a timetable: a time of day, set apart or below another entry.

    Args:
        line: The line.
        above: The line before it, where they stand together.
    """
    if not _CLOCK.match(line):
        return False
    return not above or bool(_CLOCK_APART.match(line) or _CLOCK.match(above))


def is_justified(lines: Sequence[str]) -> bool:
    """Whether lines are those of a justified paragraph: they end at one place and share no gap."""
    full = [line.rstrip() for line in lines[:-1]]
    if len(lines) < _FEWEST_JUSTIFIED or max(map(len, full)) - min(map(len, full)) > 1:
        return False
    inside = range(max(len(line) - len(line.lstrip()) for line in full), min(map(len, full)) - 1)
    return not any(all(line[at : at + 2] == "  " for line in full) for at in inside)


def table_lines(lines: Sequence[str]) -> tuple[int, int]:
    """Of lines that begin with one that names columns: where their rows begin and end; (0, 0) without rows.

    Args:
        lines: Whole lines that stand together. A rule of dashes may stand below the first.
    """
    if not is_gapped(lines[0]):
        return 0, 0
    names = _cells(lines[0])
    first = 2 if len(lines) > 1 and _RULE.fullmatch(lines[1].strip()) else 1
    rows: list[list[str]] = []
    for line in lines[first:]:
        found = _cells(line)
        if len(found) < 2 or not (_is_total(names, found) or _placed(names, found)):
            break
        rows.append([cell.text for cell in found])
    header = [cell.text for cell in names]
    named = len(rows) >= _FEWEST_ROWS and all(_NAME.match(name) for name in header)
    return (first, first + len(rows)) if named and looks_like_header([header, *rows]) else (0, 0)


def aligned_reading(columns: str, row: str) -> str:
    """A row as "column: cell; column: cell"; "" where no rule tells which cell is of which column.

    Args:
        columns: The whole line that names the columns.
        row: The whole line of the row.
    """
    names, found = _cells(columns), _cells(row)
    if _is_total(names, found):
        return f"{found[0].text.rstrip(':')}: {found[1].text}"
    places = _placed(names, found)
    if not places:
        return ""
    by_column = dict(zip(places, found, strict=True))
    cells = [by_column[at].text if at in by_column else "" for at in range(len(names))]
    return row_text([name.text for name in names], cells)


def _cells(line: str) -> list[Cell]:
    """The cells of a line: set apart by a tab or by more than one space."""
    wide = line.expandtabs(8) if "\t" not in line.strip() else line
    return [Cell(match.group(), match.start(), match.end()) for match in _CELL.finditer(wide)]


def _is_total(names: Sequence[Cell], found: Sequence[Cell]) -> bool:
    """Whether a row is "Total: 90.00": a name that stands below no first column, and its value."""
    if len(found) != 2 or len(names) < 3 or not _NAME.match(found[0].text):
        return False
    return found[0].start >= names[0].end


def _placed(names: Sequence[Cell], found: Sequence[Cell]) -> list[int]:
    """Of each cell of a row the column it stands in; empty where two stand in one, or one in none."""
    if len(names) == len(found):
        return list(range(len(names)))
    places: list[int] = []
    for cell in found:
        shared = [min(cell.end, name.end) - max(cell.start, name.start) for name in names]
        best = max(range(len(names)), key=lambda at: (shared[at], -at))
        if shared[best] <= 0 or best in places:
            return []
        places.append(best)
    return places
