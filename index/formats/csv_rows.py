"""Delimited tables: each row is one block, `header: value; …`, under its row number in the file."""

import csv
import io
from collections.abc import Iterator

from index.decode import decode
from index.errors import UnreadableSource
from index.formats.parsed import Canonical, Parsed
from index.formats.table_rows import looks_like_header, row_text
from index.limits import Limits

_SAMPLE = 64_000
_DELIMITERS = ",;\t|"
_JUDGED = 20


def read(data: bytes, limits: Limits) -> Parsed:
    """A table with its delimiter sniffed; the first row counts as row 1, as in a spreadsheet."""
    decoded = decode(data)
    text = decoded.text.removeprefix("\ufeff")
    csv.field_size_limit(limits.characters)
    dialect = _dialect(text[:_SAMPLE])
    out = Canonical(limits)
    names: list[str] = []
    columns = 0
    for number, row in enumerate(_rows(text, dialect), start=1):
        if number == 1:
            columns = len(row)
            if looks_like_header([row, *_first(text, dialect)]):
                names = [" ".join(cell.split()) for cell in row]
                continue
        out.add(row_text(names, row), "row", page=number)
    note = f"columns: {', '.join(names)}"[:200] if names else "no header row"
    told = f"{columns} columns, separated by {dialect.delimiter!r}; {note}"
    return out.finish(note="; ".join(filter(None, (decoded.note, told))))


def _rows(text: str, dialect: type[csv.Dialect]) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), dialect, strict=True)
    except csv.Error as error:
        raise UnreadableSource(f"is no well-formed table: {error}") from error


def _first(text: str, dialect: type[csv.Dialect]) -> list[list[str]]:
    """A few rows below the first, to judge it by."""
    rows = []
    for row in _rows(text, dialect):
        rows.append(row)
        if len(rows) > _JUDGED:
            break
    return [row for row in rows[1:] if row]


def _dialect(sample: str) -> type[csv.Dialect]:
    """The usual dialect with the delimiter that the first lines use alike."""
    whole = sample if len(sample) < _SAMPLE else sample[: sample.rfind("\n") + 1] or sample
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        try:
            widths = [
                len(row) for row in csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter) if row
            ]
        except csv.Error:
            continue
        # csv.Sniffer takes a letter that happens to recur; rows of one width tell better.
        width = max(set(widths), key=widths.count) if widths else 0
        score = widths.count(width) * (width - 1)
        if score > most:
            best, most = delimiter, score

    class Sniffed(csv.excel):
        """Quoting as everywhere, the delimiter as found."""

        delimiter = best
        skipinitialspace = True

    return Sniffed
