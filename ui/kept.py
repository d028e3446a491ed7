"""The chat's short memory: which sources belong to which turn, and which turns were asked to stop.

The page refers to a turn by a random key and never names a path; only the latest turns are kept.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Literal

from rag.records import Answer, Citation, Passage

KEPT_TURNS = 500

Phase = Literal["searching", "reading", "answered", "partial", "abstained", "stopped", "failed", "gone"]


@dataclass(frozen=True, slots=True)
class Kept:
    """The sources of one turn, as far as they are known."""

    phase: Phase
    passages: tuple[Passage, ...] = ()
    citations: tuple[Citation, ...] = ()


class KeptTurns:
    """The sources of the latest turns of every open page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: OrderedDict[str, Kept] = OrderedDict()
        self._stopped: set[str] = set()

    def open_turn(self) -> str:
        """Start a turn; its key cannot be guessed."""
        key = secrets.token_hex(8)
        with self._lock:
            self._turns[key] = Kept("searching")
            while len(self._turns) > KEPT_TURNS:
                self._stopped.discard(self._turns.popitem(last=False)[0])
        return key

    def get(self, key: str) -> Kept:
        """What is known of a turn; `gone` when it is not kept any more."""
        with self._lock:
            return self._turns.get(key, Kept("gone"))

    def found(self, key: str, passages: tuple[Passage, ...]) -> None:
        """Keep the passages of a turn."""
        self._change(key, replace(self.get(key), phase="reading", passages=passages))

    def cited(self, key: str, citations: tuple[Citation, ...]) -> None:
        """Keep the citations an answer has used so far."""
        self._change(key, replace(self.get(key), citations=citations))

    def answered(self, key: str, answer: Answer) -> None:
        """End a turn with its answer."""
        self._change(key, Kept(answer.status, answer.passages, answer.citations))

    def ended(self, key: str, phase: Literal["stopped", "failed"]) -> None:
        """End a turn without an answer."""
        self._change(key, replace(self.get(key), phase=phase))

    def running(self, key: str) -> bool:
        """Whether the turn has begun and not ended."""
        return self.get(key).phase in ("searching", "reading")

    def stop(self, key: str) -> None:
        """Ask a running turn to end before its next sentence."""
        with self._lock:
            if key in self._turns:
                self._stopped.add(key)

    def stopped(self, key: str) -> bool:
        """Whether the turn was asked to end."""
        return key in self._stopped

    def _change(self, key: str, kept: Kept) -> None:
        with self._lock:
            if key in self._turns:  # a turn that fell out of memory does not come back
                self._turns[key] = kept
