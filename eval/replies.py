"""Replies of language models, kept on disk so that no request is made and paid for twice.

A reply is found by a hash of the model's address, its parameters, the whole prompt and the number of the
replicate. Only whole replies are kept: an error or half an answer is asked for again. What a served model is
replaced by under the same address nobody can see from here; `fresh` asks anew.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Generator as Stream
from contextlib import closing, contextmanager
from pathlib import Path

from eval.errors import RepliesError
from rag.generators import Generator, Prompt
from rag.generators.model import Chat, Ended, ModelGenerator

FILE = "replies.sqlite"
KEPT = "cached "
"""What the kinds of tokens of a kept reply begin with: they were counted before and cost nothing now."""

_TABLE = "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL) WITHOUT ROWID"
_WAIT = 60.0


class Replies:
    """Kept replies in one file.

    Attributes:
        path: The file.
        fresh: Whether to ask anew, and to keep what comes in place of what was kept.
    """

    def __init__(self, path: Path, fresh: bool = False) -> None:
        self.path = path
        self.fresh = fresh

    def get(self, key: str) -> tuple[list[str], Ended] | None:
        """The pieces of a reply, and what it took when it was made.

        Raises:
            RepliesError: The file is damaged.
        """
        if self.fresh or not self.path.exists():
            return None
        with _opened(self.path) as known:
            row = known.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            kept = json.loads(row[0])
            return kept["pieces"], Ended(kept["tokens"], kept["cut"], kept["cost"])

    def put(self, key: str, pieces: list[str], ended: Ended) -> None:
        """Keep a whole reply.

        Raises:
            RepliesError: The file cannot be written.
        """
        reply = {"pieces": pieces, "tokens": ended.tokens, "cut": ended.cut, "cost": ended.cost}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _opened(self.path) as known:
            known.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (key, json.dumps(reply)))


class KeptChat:
    """A language model that is asked only for what was not asked before."""

    def __init__(self, chat: Chat, address: str, replies: Replies, replicate: int = 1) -> None:
        """Put kept replies before a model.

        Args:
            address: As the user wrote it; the model's own name may be shorter.
        """
        self.name = chat.name
        self._chat = chat
        self._address = address
        self._replies = replies
        self._replicate = replicate

    @property
    def parameters(self) -> Mapping[str, object]:
        """Those of the model."""
        return self._chat.parameters

    def stream(self, prompt: Prompt) -> Stream[str | Ended, None, None]:
        """The reply, kept or new; the tokens of a kept one are counted apart, and its cost is none."""
        asked = [self._address, dict(self.parameters), prompt.system, prompt.user, self._replicate]
        key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        known = self._replies.get(key)
        if known is not None:
            pieces, ended = known
            yield from pieces
            tokens = {f"{KEPT}{kind}": count for kind, count in (ended.tokens or {"output": 0}).items()}
            yield Ended(tokens, ended.cut, 0.0)
            return
        new: list[str] = []
        with closing(self._chat.stream(prompt)) as stream:
            for piece in stream:
                if isinstance(piece, Ended):
                    self._replies.put(key, new, piece)
                else:
                    new.append(piece)
                yield piece


def keeping(address: str, replies: Replies, replicate: int) -> Callable[[Generator], Generator]:
    """What puts kept replies before a generator, for `Rag.through`; one without a model stays as it is."""

    def around(generator: Generator) -> Generator:
        if not isinstance(generator, ModelGenerator):
            return generator
        return generator.through(lambda chat: KeptChat(chat, address, replies, replicate))

    return around


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on the file; its damage is told in our words."""
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT)) as file, file:
            file.execute(_TABLE)
            yield file
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        raise RepliesError(
            f"{path}: kept replies cannot be used ({error}); delete the file, and the model is asked anew"
        ) from error
