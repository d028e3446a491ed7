"""Conversations and what was thought of their answers, kept in a database beside the index.

Each belongs to one user ("" where there are no users); nobody else finds it, whatever key they name.
"""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from index.decode import mended
from index.errors import RagError
from index.stores.database import set_aside
from ui.turns import Turn

NAME = "chats.sqlite"
TITLE_LIMIT = 80
LISTED = 200
TEXT_LIMIT = 2_000
_VERSION = 1

Verdict = Literal["up", "down"]
Reason = Literal["", "wrong", "missing", "source", "other"]

_TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, changed REAL NOT NULL);
CREATE TABLE IF NOT EXISTS turns (
    key TEXT PRIMARY KEY, place INTEGER NOT NULL, body TEXT NOT NULL,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS turns_of ON turns (conversation, place);
CREATE TABLE IF NOT EXISTS feedback (
    key TEXT PRIMARY KEY REFERENCES turns (key) ON DELETE CASCADE,
    verdict TEXT NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL, at REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list."""

    id: str
    title: str
    changed: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer."""

    verdict: Verdict
    reason: Reason = ""
    text: str = ""

    @classmethod
    def checked(cls, verdict: object, reason: object, text: object) -> "Feedback | None":
        """Feedback from outside, or None if it is none."""
        if verdict not in get_args(Verdict) or reason not in get_args(Reason) or not isinstance(text, str):
            return None
        return cls(verdict, reason, mended(text).strip()[:TEXT_LIMIT])  # type: ignore[arg-type]  # checked above


class ChatsFault(RagError):
    """The database of the conversations cannot be used."""


class Conversations:
    """The stored conversations; safe for many threads."""

    def __init__(self, folder: Path) -> None:
        """Open the database in a folder, making it if there is none.

        Raises:
            ChatsFault: It cannot be used, or is damaged; then it has been put aside, and there is none.
            RagError: It is of another version of the program.
        """
        self._lock = threading.Lock()
        self._file = folder / NAME
        try:
            self._connection = sqlite3.connect(self._file, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.OperationalError as error:
            raise ChatsFault(_unusable(self._file, error)) from error
        except sqlite3.DatabaseError as error:
            kept = set_aside(self._file)
            raise ChatsFault(
                f"{self._file}, which holds the conversations, is damaged ({error}); it has been put aside "
                f"as {kept.name} and nothing of it deleted. Start again, and the chat begins a new one"
            ) from error

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        found = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, _VERSION):
            raise RagError(f"{self._file} was written by another version of the program; move it away")
        self._connection.executescript(f"{_TABLES} PRAGMA user_version = {_VERSION};")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def listed(self, owner: str, most: int = LISTED) -> list[Summary]:
        """A user's conversations, the latest first."""
        rows = self._all(
            "SELECT id, title, changed FROM conversations WHERE owner = ? ORDER BY changed DESC, id LIMIT ?",
            owner,
            most,
        )
        return [Summary(*row) for row in rows]

    def new(self, owner: str, question: str) -> str:
        """Begin a conversation, named after its first question; its id cannot be guessed."""
        name = secrets.token_hex(8)
        with self._use() as connection:
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?)", (name, owner, _title(question), time.time())
            )
        return name

    def read(self, owner: str, name: str) -> tuple[Summary, tuple[Turn, ...]] | None:
        """A conversation with its turns, or None if this user has none of this id."""
        found = self._all(
            "SELECT id, title, changed FROM conversations WHERE owner = ? AND id = ?", owner, name
        )
        if not found:
            return None
        rows = self._all("SELECT body FROM turns WHERE conversation = ? ORDER BY place", name)
        return Summary(*found[0]), tuple(turn for row in rows if (turn := _turn(row[0])))

    def turn(self, owner: str, key: str) -> Turn | None:
        """One turn of a user, or None."""
        rows = self._all(
            "SELECT body FROM turns JOIN conversations ON id = conversation WHERE owner = ? AND key = ?",
            owner,
            key,
        )
        return _turn(rows[0][0]) if rows else None

    def around(self, owner: str, key: str) -> tuple[Turn, ...]:
        """The turns of a user's conversation up to this one, which is the last; empty if there is none."""
        rows = self._all(
            "SELECT t.body FROM turns AS t JOIN turns AS own ON own.conversation = t.conversation"
            " JOIN conversations ON id = t.conversation"
            " WHERE owner = ? AND own.key = ? AND t.place <= own.place ORDER BY t.place",
            owner,
            key,
        )
        turns = tuple(turn for row in rows if (turn := _turn(row[0])))
        return turns if turns and turns[-1].key == key else ()

    def save(self, name: str, turn: Turn) -> None:
        """Store a turn at the end of a conversation, or in its own place; no more if that was deleted."""
        with self._use() as connection, closing(connection.cursor()) as cursor:
            cursor.execute("UPDATE conversations SET changed = ? WHERE id = ?", (time.time(), name))
            if cursor.rowcount:
                cursor.execute(
                    "INSERT INTO turns VALUES (?, (SELECT ifnull(max(place), 0) + 1 FROM turns), ?, ?)"
                    " ON CONFLICT (key) DO UPDATE SET body = excluded.body",
                    (turn.key, json.dumps(turn.to_dict()), name),
                )

    def drop_turn(self, owner: str, key: str) -> None:
        """Delete one turn of a user."""
        with self._use() as connection:
            connection.execute(
                "DELETE FROM turns WHERE key = ? AND conversation IN"
                " (SELECT id FROM conversations WHERE owner = ?)",
                (key, owner),
            )

    def rename(self, owner: str, name: str, title: str) -> bool:
        """Give a conversation another name; False if there is none, or no name."""
        return bool(title.strip()) and self._changed(
            "UPDATE conversations SET title = ? WHERE owner = ? AND id = ?", _title(title), owner, name
        )

    def delete(self, owner: str, name: str) -> bool:
        """Delete a conversation with everything that hangs on it; False if there is none."""
        return self._changed("DELETE FROM conversations WHERE owner = ? AND id = ?", owner, name)

    def rate(self, owner: str, key: str, feedback: Feedback | None) -> bool:
        """Keep what the user thinks of an answer (None: nothing any more); False if there is no such turn."""
        own = "SELECT 1 FROM turns JOIN conversations ON id = conversation WHERE owner = ? AND key = ?"
        # One transaction, because the conversation may be deleted meanwhile.
        with self._use() as connection:
            if connection.execute(own, (owner, key)).fetchone() is None:
                return False
            connection.execute("DELETE FROM feedback WHERE key = ?", (key,))
            if feedback:
                row = (key, feedback.verdict, feedback.reason, feedback.text, time.time())
                connection.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?)", row)
        return True

    def rated(self, owner: str, name: str) -> dict[str, Feedback]:
        """Turn key to feedback, of one conversation."""
        rows = self._all(
            "SELECT feedback.key, verdict, reason, text FROM feedback JOIN turns USING (key)"
            " JOIN conversations ON id = conversation WHERE owner = ? AND id = ?",
            owner,
            name,
        )
        return {key: Feedback(verdict, reason, text) for key, verdict, reason, text in rows}

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._use() as connection:
            return connection.execute(query, values).fetchall()

    def _changed(self, query: str, *values: object) -> bool:
        with self._use() as connection:
            return connection.execute(query, values).rowcount > 0

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        """The database, within one transaction."""
        try:
            with self._lock, self._connection:
                yield self._connection
        except sqlite3.Error as error:
            raise ChatsFault(_unusable(self._file, error)) from error


def _unusable(file: Path, error: sqlite3.Error) -> str:
    return f"{file} cannot be used ({error}); see that it may be written and that the disk has room"


def _title(text: str) -> str:
    words = " ".join(mended(text).split())
    return words if len(words) <= TITLE_LIMIT else words[: TITLE_LIMIT - 1] + "…"


def _turn(body: str) -> Turn | None:
    """A stored turn; one of another program version is passed over."""
    try:
        return Turn.from_dict(json.loads(body))
    except (ValueError, KeyError, TypeError):
        return None
