"""Which documents a question may look at: by name, by publication date, by any metadata.

A filter is resolved to chunk ids before anything is ranked, so both searches rank exactly the chunks that
are left; it never takes hits away from a list that was cut already.
"""

import difflib
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from index.dates import first_day, last_day, normal_date
from index.errors import DocumentUnknown, UsageError
from index.stores.rows import parsing
from index.vectors import Ids


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that must all hold; an empty one holds always.

    Attributes:
        documents: Paths, any of which may answer.
        since: Earliest publication date, a day, a month or a year; a document without a date is left out.
        until: Latest publication date, the same.
        metadata: (key, value) pairs, compared without regard to case; `title`, `date` and `format` are
            keys too. Several values of one key: any of them. Where a document lists several values, parted
            by commas or semicolons, each of them counts, and so does the whole.
    """

    documents: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what filters nothing.

        Raises:
            UsageError: `documents` are no texts, `metadata` no pairs of texts, `since` or `until` no date, or
                they are the wrong way round.
        """
        if not _are_texts(self.documents):
            raise UsageError(f'documents are a tuple of paths, ("a.txt",), not {self.documents!r}')
        if not _are_pairs(self.metadata):
            raise UsageError(
                f'metadata are pairs of texts, (("author", "Ana"),), not {self.metadata!r}; '
                "of a mapping take tuple(mapping.items())"
            )
        for name in ("since", "until"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise UsageError(f'{name} is a text, "2020" or "2020-05-31", not {value!r}')
            if value is not None and not first_day(normal_date(value)):
                raise UsageError(f"{name} {value!r} is no date; write YYYY-MM-DD, YYYY-MM or YYYY")
        if self.since and self.until and self.first > self.last:
            raise UsageError(f"since {self.since} is after until {self.until}; nothing can lie between")

    @property
    def first(self) -> str:
        """The first day allowed, or ""."""
        return first_day(normal_date(self.since)) if self.since else ""

    @property
    def last(self) -> str:
        """The last day allowed, or ""."""
        return last_day(normal_date(self.until)) if self.until else ""

    def __bool__(self) -> bool:
        """Whether there is any condition."""
        return bool(self.documents or self.since or self.until or self.metadata)


def _are_texts(given: object) -> bool:
    """Whether it is a list of texts, and no text itself."""
    return isinstance(given, list | tuple) and all(isinstance(one, str) for one in given)


def _are_pairs(given: object) -> bool:
    return isinstance(given, list | tuple) and all(_are_texts(pair) and len(pair) == 2 for pair in given)


def as_filters(given: object) -> Filters | None:
    """Filters as they were passed in; None where there is no condition.

    Raises:
        UsageError: They are something else.
    """
    if given is not None and not isinstance(given, Filters):
        raise UsageError(
            f'filters are Filters(documents=("a.txt",), since="2020"), not {type(given).__name__}'
        )
    return given or None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What filters leave of an index.

    Attributes:
        documents: How many documents.
        chunks: Their chunk ids, ascending.
    """

    documents: int
    chunks: Ids = field(repr=False)


def resolve(connection: sqlite3.Connection, filters: Filters) -> Allowed:
    """The chunks that filters allow.

    Raises:
        DocumentUnknown: A document named is not in the index.
        UsageError: No document has a key named.
    """
    rows = connection.execute("SELECT id, path, title, date, format, metadata FROM documents").fetchall()
    with parsing():
        values = {
            row[0]: {**json.loads(row[5]), "title": row[2], "date": row[3], "format": row[4]} for row in rows
        }
    paths = {row[1] for row in rows}
    for name in filters.documents:
        if name not in paths:
            raise DocumentUnknown(f"the index holds no document {name!r}{_nearest(name, paths)}")
    keys = {key for known in values.values() for key in known}
    for key, _ in filters.metadata:
        if key not in keys:
            raise UsageError(f"no document has the key {key!r}; there are {', '.join(sorted(keys))}")
    held = [row[0] for row in rows if _holds(filters, row[1], values[row[0]])]
    chunks = connection.execute(
        "SELECT id FROM chunks WHERE document IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(held),),
    )
    return Allowed(len(held), np.fromiter((row[0] for row in chunks), dtype=np.int64))


def _holds(filters: Filters, path: str, known: Mapping[str, str]) -> bool:
    if filters.documents and path not in filters.documents:
        return False
    date = known["date"]
    # A month or a year counts as all its days: it is left out only if none of them can be meant.
    if filters.first and not last_day(date) >= filters.first:
        return False
    if filters.last and not "" < first_day(date) <= filters.last:
        return False
    for key in {key for key, _ in filters.metadata}:
        wanted = {value.casefold().strip() for name, value in filters.metadata if name == key}
        if wanted.isdisjoint(_values(key, known.get(key, ""))):
            return False
    return True


def _values(key: str, held: str) -> set[str]:
    """What a document can be asked for by a key; a title is a text and no list."""
    parts = [] if key == "title" else re.split(r"[,;]\s", held)
    return {part.casefold().strip() for part in (held, *parts)}


def _nearest(name: str, paths: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(paths), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else "; `rag index` lists what it holds"
