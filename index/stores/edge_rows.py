"""The edges of all documents, by which the next build sees what they repeat without reading them again.

Only lines that enough documents share leave the database, so memory does not grow with the folder.
"""

import sqlite3
from collections.abc import Iterator, Mapping

from index import repeated
from index.records import Document
from index.repeated import Repeat


def add(connection: sqlite3.Connection, row: int, document: Document) -> None:
    """Note the edges of a document that has just been stored."""
    lines = repeated.edges(document)
    core = repeated.core_of(document, lines)
    if core:
        connection.executemany(
            "INSERT INTO edges VALUES (?, ?, ?, ?)", [(line.digest, line.before, core, row) for line in lines]
        )


def known(connection: sqlite3.Connection) -> dict[bytes, Repeat]:
    """What counts as repeated since the last build."""
    rows = connection.execute("SELECT digest, keeper, wide FROM repeats")
    return {digest: Repeat(keeper, bool(wide)) for digest, keeper, wide in rows}


def refresh(connection: sqlite3.Connection) -> tuple[dict[bytes, Repeat], frozenset[str]]:
    """Find anew what counts as repeated; with it the documents whose marks that may change."""
    before = known(connection)
    documents = connection.execute("SELECT count(*) FROM documents").fetchone()[0]
    now = repeated.repeats(_common(connection, repeated.enough(documents)), documents)
    changed = {digest for digest in before.keys() | now.keys() if before.get(digest) != now.get(digest)}
    _replace(connection, now)
    having = "SELECT DISTINCT d.path FROM edges e JOIN documents d ON d.id = e.document WHERE e.digest = ?"
    paths: set[str] = set()
    for digest in changed:
        old, new = before.get(digest), now.get(digest)
        if old and new and old.wide == new.wide:
            # Only who keeps the line has changed, which is nothing to the others that have it.
            wanted = (digest, old.keeper, new.keeper)
            found = connection.execute(f"{having} AND d.path IN (?, ?)", wanted)
        else:
            found = connection.execute(having, (digest,))
        paths.update(path for (path,) in found)
    return now, frozenset(paths)


def _common(connection: sqlite3.Connection, enough: int) -> Iterator[tuple[bytes, bytes, int, str]]:
    """Lines with how many documents have them, copies of one text counted once, and the first of these."""
    groups = connection.execute(
        "SELECT digest, before, count(DISTINCT core) AS texts FROM edges GROUP BY digest HAVING texts >= ?",
        (enough,),
    )
    first = "SELECT min(d.path) FROM edges e JOIN documents d ON d.id = e.document WHERE e.digest = ?"
    for digest, before, count in groups:
        yield digest, before, count, connection.execute(first, (digest,)).fetchone()[0]


def _replace(connection: sqlite3.Connection, now: Mapping[bytes, Repeat]) -> None:
    connection.execute("DELETE FROM repeats")
    connection.executemany(
        "INSERT INTO repeats VALUES (?, ?, ?)",
        [(digest, repeat.keeper, repeat.wide) for digest, repeat in now.items()],
    )
