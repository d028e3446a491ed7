"""Who may use the chat: a file of names and hashed passwords, and the sessions of those who signed in.

A line is `NAME:scrypt$N$R$P$SALT$HASH`, salt and hash in hexadecimal; `rag chat --auth FILE --add-user NAME`
writes it. Sessions live in memory: after a restart everybody signs in again.
"""

import hashlib
import hmac
import os
import re
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import UsageError

SESSION_SECONDS = 12 * 3600
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
_COST, _BLOCK, _LANES = 2**15, 8, 1
_MEMORY = 64 * 2**20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_FAILURES, _PAUSE = 5, 60.0
_MOST_SESSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Secret:
    """A hashed password."""

    n: int
    r: int
    p: int
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, password: str) -> "Secret":
        """Hash a new password."""
        salt = secrets.token_bytes(16)
        return cls(_COST, _BLOCK, _LANES, salt, _scrypt(password, salt, _COST, _BLOCK, _LANES))

    def fits(self, password: str) -> bool:
        """Whether it is this password."""
        return hmac.compare_digest(self.digest, _scrypt(password, self.salt, self.n, self.r, self.p))

    def __str__(self) -> str:
        return f"scrypt${self.n}${self.r}${self.p}${self.salt.hex()}${self.digest.hex()}"


def read_users(file: Path) -> dict[str, Secret]:
    """The users of a file.

    Raises:
        UsageError: It cannot be read, holds nobody, or a line of it is no user.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the user file {file} cannot be read ({error}); make one with: "
            f"rag chat --auth {file} --add-user NAME"
        ) from error
    users = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.strip().partition(":")
        secret = _secret(rest)
        if secret is None or not _NAME.fullmatch(name):
            raise UsageError(
                f"line {number} of the user file {file} is no user; remove it, or add the user again"
            )
        users[name] = secret
    if not users:
        raise UsageError(f"the user file {file} names nobody; add someone with --add-user NAME")
    return users


def add_user(file: Path, name: str, password: str) -> None:
    """Write a user into the file, in the place of one of the same name; the file is the owner's alone.

    Raises:
        UsageError: The name or the password is out of bounds, or the file holds something else.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no user name; use letters, digits and . _ @ -, at most 64")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UsageError(
            f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; choose another"
        )
    users = read_users(file) if file.exists() and file.stat().st_size else {}
    users[name] = Secret.of(password)
    draft = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.writelines(f"{user}:{secret}\n" for user, secret in sorted(users.items()))
    os.replace(draft, file)


class Sessions:
    """Who is signed in; safe for many threads."""

    def __init__(self, users: Mapping[str, Secret]) -> None:
        self._users = dict(users)
        self._lock = threading.Lock()
        self._sessions: dict[str, tuple[str, float]] = {}
        self._failures: dict[str, tuple[int, float]] = {}
        # Somebody who is not there costs as much time as somebody who is.
        self._nobody = Secret.of(secrets.token_hex(16))

    def sign_in(self, name: str, password: str) -> str | None:
        """A token for the right name and password; None, and soon a pause, for others."""
        now = time.monotonic()
        with self._lock:
            count, until = self._failures.get(name, (0, 0.0))
            if count >= _FAILURES and now < until:
                return None
            if len(self._failures) > _MOST_SESSIONS:
                self._failures.clear()
            # Booked before the password is looked at, so that many tries at once are counted, too.
            self._failures[name] = (count + 1, now + _PAUSE)
        secret = self._users.get(name, self._nobody)
        if len(password) > LONGEST_PASSWORD or not secret.fits(password) or name not in self._users:
            return None
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._failures.pop(name, None)
            self._sessions = {t: s for t, s in self._sessions.items() if s[1] > now}
            if len(self._sessions) < _MOST_SESSIONS:
                self._sessions[_hidden(token)] = (name, now + SESSION_SECONDS)
        return token

    def user(self, token: str) -> str | None:
        """Who holds a token."""
        with self._lock:
            name, until = self._sessions.get(_hidden(token), ("", 0.0))
        return name if name and time.monotonic() < until else None

    def sign_out(self, token: str) -> None:
        """Forget a token."""
        with self._lock:
            self._sessions.pop(_hidden(token), None)


def _secret(text: str) -> Secret | None:
    """A hashed password as the file holds it; at most as costly as ours, or nobody could sign in."""
    try:
        scheme, n, r, p, salt, digest = text.split("$")
        secret = Secret(int(n), int(r), int(p), bytes.fromhex(salt), bytes.fromhex(digest))
    except ValueError:
        return None
    return secret if scheme == "scrypt" and 0 < secret.n * secret.r * secret.p <= _COST * _BLOCK else None


def _hidden(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    words = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(words, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)
