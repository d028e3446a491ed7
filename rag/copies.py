"""Edited copies: two documents that tell the same in the same words, but for a place here and there.

Where two texts are mostly equal they speak of the same thing, whatever it is called, so a value that
differs in the midst of equal words is the strongest sign of a disagreement there is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache, reduce
from itertools import groupby
from operator import attrgetter, or_

from rag.generators.base import Evidence

_Run = tuple[str, ...]
_WORD = re.compile(r"[^\W_]+(?:[.,][^\W_]+)*")
_SHINGLE = 4
_BEFORE = _SHINGLE - 1
_LEAST_SHINGLES = 0.25
_LEAST_EQUAL = 0.4
_FEWEST_EQUAL = 8
_CONTEXT = 5
_LONGEST = 8
_BITS = 8192


@dataclass(frozen=True, slots=True)
class Spot:
    """`text == evidence.text[start:end]`: the words that stand on one side where the other has others."""

    evidence: Evidence
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words."""
        return self.evidence.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Edit:
    """A place in which two copies differ."""

    one: Spot
    other: Spot


@dataclass(frozen=True)
class Text:
    """The sentences of a document, in order."""

    sentences: tuple[Evidence, ...]

    @cached_property
    def runs(self) -> frozenset[_Run]:
        """The runs of words in them."""
        runs: list[Iterable[_Run]] = []
        last: _Run = ()
        for passage in self._passages:
            # Those of the passage, and those that begin in an earlier one.
            runs += [passage.runs, _runs(last + passage.words[:_BEFORE])]
            last = (last + passage.words[-_BEFORE:])[-_BEFORE:]
        return frozenset[_Run]().union(*runs)

    def is_like(self, other: "Text") -> bool:
        """Whether the two share so many runs of words that one was made from the other."""
        if not self._may_be_like(other):
            return False
        least = _LEAST_SHINGLES * max(1, min(len(self.runs), len(other.runs)))
        return len(self.runs & other.runs) >= least

    def _may_be_like(self, other: "Text") -> bool:
        """False only where `is_like` is false, which is found without a look at a single run.

        Each run that two texts share has a bit that both have, but for those that share a bit with another
        run, and for those from one passage to the next; there are at least as many runs as bits.
        """
        shared = (self._bits & other._bits).bit_count() + self._unmarked + other._unmarked
        return shared >= _LEAST_SHINGLES * min(self._bits.bit_count(), other._bits.bit_count())

    @cached_property
    def _passages(self) -> tuple["_Passage", ...]:
        passages = groupby(self.sentences, key=attrgetter("passage"))
        return tuple(_read(tuple([item.text for item in passage])) for _, passage in passages)

    @cached_property
    def _bits(self) -> int:
        return reduce(or_, (passage.bits for passage in self._passages), 0)

    @cached_property
    def _unmarked(self) -> int:
        """How many runs have no bit of their own, at most."""
        between = _BEFORE * (len(self._passages) - 1)
        return between + sum(len(passage.runs) for passage in self._passages) - self._bits.bit_count()


@dataclass(frozen=True, slots=True)
class _Passage:
    """The words of a passage, the runs inside it, and a bit for each of them."""

    words: _Run
    runs: frozenset[_Run]
    bits: int


@lru_cache(maxsize=256)
def _read(sentences: tuple[str, ...]) -> _Passage:
    words = tuple(word for sentence in sentences for word in _WORD.findall(sentence.lower()))
    runs = frozenset(_runs(words))
    return _Passage(words, runs, reduce(or_, (1 << hash(run) % _BITS for run in runs), 0))


def _runs(words: _Run) -> Iterator[_Run]:
    return zip(*(words[at:] for at in range(_SHINGLE)), strict=False)


def edits(one: Text, other: Text) -> Iterator[Edit]:
    """The places in which two texts differ; none if they are no copies of one another."""
    if not one.is_like(other):  # aligning is far costlier
        return
    left, right = _words(one), _words(other)
    matcher = SequenceMatcher(
        None, [word.text.lower() for word in left], [word.text.lower() for word in right], autojunk=False
    )
    runs = matcher.get_matching_blocks()
    equal = sum(run.size for run in runs if run.size >= _SHINGLE)
    if equal < max(_FEWEST_EQUAL, _LEAST_EQUAL * min(len(left), len(right))):
        return
    at_left = at_right = before = 0
    for run in runs:
        replaced = left[at_left : run.a], right[at_right : run.b]
        if all(0 < len(side) <= _LONGEST for side in replaced) and before + run.size >= _CONTEXT:
            spots = _spot(replaced[0]), _spot(replaced[1])
            if spots[0] and spots[1]:
                yield Edit(spots[0], spots[1])
        at_left, at_right, before = run.a + run.size, run.b + run.size, run.size


def _words(text: Text) -> list[Spot]:
    return [
        Spot(sentence, match.start(), match.end())
        for sentence in text.sentences
        for match in _WORD.finditer(sentence.text)
    ]


def _spot(words: Sequence[Spot]) -> Spot | None:
    """Neighbouring words as one place; None if it would run over the end of a sentence."""
    first, last = words[0], words[-1]
    return Spot(first.evidence, first.start, last.end) if first.evidence is last.evidence else None
