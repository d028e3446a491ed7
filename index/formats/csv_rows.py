"""Delimited tables: each row is one block, `header: value; …`, under its row number in the file.

Lines above the table, such as its title, are text. Values of a row that has more cells than there are columns
may be shifted, so they stand without names; a line whose quotes make no sense is read as it stands. Both are
told in the report.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from index.decode import decode
from index.errors import UnreadableSource
from index.formats.parsed import Canonical, Parsed
from index.formats.table_rows import looks_like_header, row_text
from index.limits import Limits

_SAMPLE = 64_000
_DELIMITERS = ",;\t|"
# The first line of a file that was written for a spreadsheet program may say it.
_STATED = re.compile(r"sep=([,;\t|])\r?\n")
_JUDGED = 20
_NAMED = 5
# Each costs another look at what follows it.
_MOST_BAD = 50


def read(data: bytes, limits: Limits) -> Parsed:
    """A table with its delimiter sniffed; the first row counts as row 1, as in a spreadsheet."""
    decoded = decode(data)
    text = decoded.text.removeprefix("\ufeff")
    csv.field_size_limit(limits.characters)
    stated = _STATED.match(text)
    text = text[stated.end() :] if stated else text
    dialect = _dialect(text[:_SAMPLE], stated[1] if stated else "")
    lines = list(io.StringIO(text, newline=""))
    above, columns, names = _head(lines, dialect)
    out = Canonical(limits)
    bad: list[int] = []
    wide: list[int] = []
    for number, row in enumerate(_rows(lines, dialect, bad), start=1):
        if number <= above:
            out.add(" ".join(row), page=number)
        elif number > above + 1 or not names:
            shifted = bool(names) and any(cell.strip() for cell in row[columns:])
            wide += [number] if shifted else []
            out.add(row_text([] if shifted else names, row), "row", page=number)
    note = f"columns: {', '.join(names)}"[:200] if names else "no header row"
    told = f"{columns} columns, separated by {dialect.delimiter!r}; {note}"
    flaws = [
        f"more cells than columns, left without their names: {_some('row', wide)}" if wide else "",
        f"quotes that make no sense, taken as they stand: {_some('line', bad)}" if bad else "",
    ]
    return out.finish(
        note="; ".join(filter(None, (decoded.note, told))), flaws="; ".join(filter(None, flaws))
    )


def _head(lines: Sequence[str], dialect: type[csv.Dialect]) -> tuple[int, int, list[str]]:
    """How many rows stand above the table, how many columns it has, and what they are called, if told."""
    rows = list(_rows(lines[: _JUDGED * 5], dialect, []))[: _JUDGED + 1]
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    above = next((at for at, cells in enumerate(filled) if cells > 1), 0)
    table = rows[above:]
    columns = len(table[0]) if table else 0
    named = looks_like_header([table[0], *filter(None, table[1:])]) if table else False
    return above, columns, [" ".join(cell.split()) for cell in table[0]] if named else []


def _rows(lines: Sequence[str], dialect: type[csv.Dialect], bad: list[int]) -> Iterator[list[str]]:
    """Every row. A line that breaks the reading is taken as it stands; its number goes to `bad`."""
    at = 0
    while at < len(lines):
        reader = csv.reader(iter(lines[at:]), dialect, strict=True)
        done = 0
        try:
            for row in reader:
                done = reader.line_num
                yield row
            return
        except csv.Error as error:
            at += done
            bad.append(at + 1)
            if len(bad) > _MOST_BAD:
                raise UnreadableSource(f"is no well-formed table: line {at + 1}: {error}") from error
        yield lines[at].rstrip("\r\n").split(dialect.delimiter)
        at += 1


def _some(what: str, numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return f"{what} {', '.join(map(str, numbers[:_NAMED]))}{more}"


def _dialect(sample: str, stated: str) -> type[csv.Dialect]:
    """The usual dialect with the delimiter that is stated, or else that the first lines use alike."""
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

        delimiter = stated or best
        skipinitialspace = True

    return Sniffed
