"""Questions and passages as word pieces, and batches of pairs of like length."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from index.records import Span
from rag.reader.examples import Example
from rag.reader.reading import CLS, LONGEST, LONGEST_QUESTION, SEP

_TOKENS = 2_560


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded pairs, (batch, length), and what the network should say of them.

    Attributes:
        starts: 1 at each token where a right answer starts; at the first token, if there is none.
        ends: The same for where answers end.
        met: 1 for words of the question that the passage meets, 0 for those it does not, -1 where that is
            not known.
        stated: Whether the passage holds an answer, (batch,).
    """

    ids: Tensor
    sides: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor
    met: Tensor
    stated: Tensor


@dataclass(frozen=True, slots=True)
class Pair:
    """One question and passage as word pieces."""

    ids: NDArray[np.int64]
    sides: NDArray[np.int64]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    met: NDArray[np.int8]
    stated: bool


def batches(examples: Sequence[Example], tokenizer: Tokenizer, chance: random.Random) -> Iterator[Batch]:
    """Batches of pairs of like length, in random order; each holds about as many tokens."""
    made = [pair for example in examples if (pair := pair_of(example, tokenizer, chance)) is not None]
    made.sort(key=lambda pair: len(pair.ids) + chance.randint(0, 7))
    groups: list[list[Pair]] = [[]]
    for pair in made:
        if (len(groups[-1]) + 1) * max(len(pair.ids), *(len(p.ids) for p in groups[-1]), 0, 0) > _TOKENS:
            groups.append([])
        groups[-1].append(pair)
    chance.shuffle(groups)
    return map(padded, groups)


def pair_of(example: Example, tokenizer: Tokenizer, chance: random.Random) -> Pair | None:
    """An example as word pieces; of a long passage a part, with the answer in it."""
    question = tokenizer.encode(example.question, add_special_tokens=False)
    passage = tokenizer.encode(example.passage, add_special_tokens=False)
    asked = question.ids[:LONGEST_QUESTION]
    room = LONGEST - len(asked) - 3
    tokens = [found for span in example.spans if (found := _tokens(passage, span))]
    if example.spans and not tokens:
        return None
    left = _left(len(passage.ids), room, tokens, chance)
    right = left + room
    inside = [(a - left, b - left) for a, b in tokens if left <= a and b < right]
    offset = len(asked) + 2
    ids = [CLS, *asked, SEP, *passage.ids[left:right], SEP]
    sides = np.zeros(len(ids), dtype=np.int64)
    sides[offset:] = 1
    met = np.full(len(ids), -1, dtype=np.int8)
    if inside:
        met[1 : offset - 1] = 1
    for span in example.unmet:
        found = _tokens(question, span)
        if found:
            met[1 : offset - 1] = 1
            met[1 + found[0] : min(2 + found[1], offset - 1)] = 0
    starts = tuple(offset + a for a, _ in inside) or (0,)
    ends = tuple(offset + b for _, b in inside) or (0,)
    return Pair(np.array(ids), sides, starts, ends, met, bool(inside))


def padded(pairs: Sequence[Pair]) -> Batch:
    """One batch of pairs, padded to the longest."""
    shape = (len(pairs), max(len(pair.ids) for pair in pairs))
    ids, sides, mask = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    starts, ends = (np.zeros(shape, dtype=np.float32) for _ in range(2))
    met = np.full(shape, -1, dtype=np.float32)
    for row, pair in enumerate(pairs):
        length = len(pair.ids)
        ids[row, :length], sides[row, :length], mask[row, :length] = pair.ids, pair.sides, 1
        met[row, :length] = pair.met
        starts[row, list(pair.starts)] = 1
        ends[row, list(pair.ends)] = 1
    stated = np.array([pair.stated for pair in pairs], dtype=np.float32)
    return Batch(*(torch.from_numpy(array) for array in (ids, sides, mask, starts, ends, met, stated)))


def _tokens(coded: Encoding, span: Span) -> tuple[int, int] | None:
    held = [at for at, (a, b) in enumerate(coded.offsets) if a < span.end and span.start < b]
    return (held[0], held[-1]) if held else None


def _left(length: int, room: int, tokens: Sequence[tuple[int, int]], chance: random.Random) -> int:
    """Where the part of a long passage that is read begins."""
    if length <= room:
        return 0
    if not tokens:
        return chance.randint(0, length - room)
    first, last = tokens[0]
    low = max(0, min(last - room + 1, length - room))
    return chance.randint(low, max(low, min(first, length - room)))
