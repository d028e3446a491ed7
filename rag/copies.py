"""Edited copies: two documents that tell the same in the same words, but for a place here and there.

Where two texts are mostly equal they speak of the same thing, whatever it is called, so a value that
differs in the midst of equal words is the strongest sign of a disagreement there is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.generators.base import Evidence

_WORD = re.compile(r"[^\W_]+(?:[.,][^\W_]+)*")
_SHINGLE = 4
_LEAST_SHINGLES = 0.25
_LEAST_EQUAL = 0.5
_FEWEST_EQUAL = 8
_CONTEXT = 5
_LONGEST = 8


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


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    spot: Spot


def edits(one: Sequence[Evidence], other: Sequence[Evidence]) -> Iterator[Edit]:
    """The places in which two texts, as their sentences in order, differ; none if they are no copies."""
    left, right = _words(one), _words(other)
    if not _alike(left, right):
        return
    matcher = SequenceMatcher(None, [w.text for w in left], [w.text for w in right], autojunk=False)
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


def alike(one: Sequence[Evidence], other: Sequence[Evidence]) -> bool:
    """Whether two texts share so many runs of words that one was made from the other."""
    return _alike(_words(one), _words(other))


def _words(sentences: Sequence[Evidence]) -> list[_Word]:
    return [
        _Word(match.group().lower(), Spot(sentence, match.start(), match.end()))
        for sentence in sentences
        for match in _WORD.finditer(sentence.text)
    ]


def _alike(left: Sequence[_Word], right: Sequence[_Word]) -> bool:
    """Whether aligning them can pay: it is far costlier than counting the runs of words they share."""
    one, other = _shingles(left), _shingles(right)
    return len(one & other) >= _LEAST_SHINGLES * max(1, min(len(one), len(other)))


def _shingles(words: Sequence[_Word]) -> set[tuple[str, ...]]:
    texts = [word.text for word in words]
    return {tuple(texts[at : at + _SHINGLE]) for at in range(len(texts) - _SHINGLE + 1)}


def _spot(words: Sequence[_Word]) -> Spot | None:
    """Neighbouring words as one place; None if it would run over the end of a sentence."""
    first, last = words[0].spot, words[-1].spot
    return Spot(first.evidence, first.start, last.end) if first.evidence is last.evidence else None
