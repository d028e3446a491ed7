"""Which state of an index is the newest: cheap looks from outside at the file and at its generation."""

import os
import sqlite3
from pathlib import Path

from index.stores.database import NAME


def identity(folder: Path) -> tuple[int, ...]:
    """Which file the database is: a repair puts another in its place."""
    try:
        found = os.stat(os.path.join(folder, NAME))
    except OSError:
        return ()
    # Where SQLite can keep no log it does not see commits either; the time of the file tells of them.
    changed = 0 if os.access(folder, os.W_OK) else found.st_mtime_ns
    return found.st_dev, found.st_ino, changed


def generation_of(connection: sqlite3.Connection) -> str:
    """The number of the committed generation as a connection sees it; "" before the first."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    return str(row[0]) if row else ""
