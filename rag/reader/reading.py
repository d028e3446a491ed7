"""Reads a question and a passage together: where the answer stands, and whether there is one."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.digests import file_sha256
from index.encoders.networks import open_network, open_tokenizer
from index.errors import ModelError
from index.records import Span

HERE = Path(__file__).parent
NETWORK, TOKENIZER = "reader-int8.onnx", "tokenizer.json"
# The network that the figures of MODEL_CARD.md were measured with.
DIGEST = "b3f273384287cd113dfb3fc838bb8589fff608afeb45755265c8d90b77f3aedc"
LONGEST = 256
LONGEST_QUESTION = 48
_STRIDE = 96
_LONGEST_ANSWER = 30
CLS, SEP = 101, 102


@dataclass(frozen=True, slots=True)
class Reading:
    """What one passage says to a question.

    Attributes:
        span: The best answer, in characters of the passage.
        margin: Log odds of that span against "not stated", by the span heads.
        stated: Log odds that the passage holds the answer, by the verifier.
    """

    span: Span
    margin: float
    stated: float


class Reader:
    """The trained network; one serves many threads.

    Args:
        folder: Holds the network and its tokeniser; the ones that come with the program, if not given.
        digest: What the network's SHA-256 must be; "" takes any.

    Raises:
        ModelError: The network is missing or is not the expected one.
    """

    def __init__(self, folder: Path = HERE, digest: str = DIGEST) -> None:
        network = folder / NETWORK
        if not network.is_file():
            raise ModelError(f"The reader's network {NETWORK} is missing. Install the program again.")
        if digest and file_sha256(network) != digest:
            raise ModelError(
                f"The reader's network {NETWORK} is damaged or foreign. Install the program again."
            )
        self._session = open_network(network)
        self._tokenizer = open_tokenizer(folder / TOKENIZER)

    def read(self, question: str, passages: Sequence[str]) -> tuple[Reading, ...]:
        """One reading for each passage, in their order; an empty passage states nothing."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:LONGEST_QUESTION]
        if len(passages) == 1:
            return (self._one(asked, passages[0]),)
        with ThreadPoolExecutor(min(len(passages), os.cpu_count() or 1) or 1) as pool:
            return tuple(pool.map(lambda passage: self._one(asked, passage), passages))

    def pieces(self, question: str, passage: str) -> int:
        """How many word pieces a question and a passage are."""
        return len(self._tokenizer.encode(question, passage).ids)

    def _one(self, asked: list[int], passage: str) -> Reading:
        """The best of the windows of a passage."""
        coded = self._tokenizer.encode(passage, add_special_tokens=False)
        room = LONGEST - len(asked) - 3
        readings = []
        for left in range(0, len(coded.ids) or 1, _STRIDE):
            part = slice(left, left + room)
            readings.append(self._window(asked, coded.ids[part], coded.offsets[part]))
            if left + room >= len(coded.ids):
                break
        return max(readings, key=lambda reading: reading.stated + reading.margin)

    def _window(self, asked: list[int], ids: list[int], offsets: list[tuple[int, int]]) -> Reading:
        if not ids:
            return Reading(Span(0, 0), -np.inf, -np.inf)
        row = np.array([[CLS, *asked, SEP, *ids, SEP]], dtype=np.int64)
        first = len(asked) + 2
        sides = np.zeros_like(row)
        sides[0, first:] = 1
        starts, ends, stated = self._session.run(None, {"ids": row, "sides": sides})
        own = slice(first, first + len(ids))
        a, b = best_span(starts[0, own], ends[0, own])
        null = starts[0, 0] + ends[0, 0]
        margin = float(starts[0, first + a] + ends[0, first + b] - null)
        return Reading(Span(offsets[a][0], offsets[b][1]), margin, float(stated[0]))


def best_span(starts: NDArray[np.float32], ends: NDArray[np.float32]) -> tuple[int, int]:
    """The first and last token of the span with the highest sum; at most `_LONGEST_ANSWER` tokens."""
    sums = starts[:, None] + ends[None, :]
    length = len(starts)
    allowed = np.tri(length, length, _LONGEST_ANSWER - 1, dtype=bool) & ~np.tri(
        length, length, -1, dtype=bool
    )
    at = int(np.where(allowed, sums, -np.inf).argmax())
    return at // length, at % length
