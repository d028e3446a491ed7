"""Which of the ranked passages are kept: no text twice, and not all from one document.

Copies of a passage in several documents (an agency's report, an older version) would fill the list; the best
ranked stands for all. An edited copy is no copy: where a number or a name differs, both are kept, since that
is where sources disagree.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from index import Chunk

_WORD = re.compile(r"\w+")
# Numbers, and words with a capital or a digit anywhere.
_TELLING = re.compile(r"\b\w*[A-Z\d]\w*\b")
_ALIKE = 0.9


@dataclass(frozen=True, slots=True)
class _Worded:
    """The words of a text in one form, and those that may not differ in a copy, as written."""

    words: frozenset[str]
    telling: frozenset[str]


def varied(ranked: Iterable[Chunk], k: int, per_document: int) -> tuple[Chunk, ...]:
    """The first `k` chunks that say something of their own, in the order given.

    At most `per_document` of a document are taken while other documents offer any; then its next follow.
    """
    taken: list[Chunk] = []
    later: list[Chunk] = []
    count: dict[str, int] = {}
    for chunk in _distinct(ranked):
        if count.get(chunk.document, 0) < per_document:
            count[chunk.document] = count.get(chunk.document, 0) + 1
            taken.append(chunk)
        else:
            later.append(chunk)
        if len(taken) == k:
            break
    return tuple(taken + later[: k - len(taken)])


def _distinct(ranked: Iterable[Chunk]) -> Iterator[Chunk]:
    seen: list[_Worded] = []
    for chunk in ranked:
        own = _worded(chunk.text)
        if not any(_copies(own, other) for other in seen):
            seen.append(own)
            yield chunk


@lru_cache(maxsize=4096)
def _worded(text: str) -> _Worded:
    telling = _TELLING.findall(text)
    return _Worded(frozenset(_WORD.findall(text.casefold())), frozenset(telling))


def _copies(one: _Worded, other: _Worded) -> bool:
    """Whether two texts share nine tenths of their words, and all numbers and names."""
    if one.telling != other.telling:
        return False
    return len(one.words & other.words) >= _ALIKE * max(len(one.words), len(other.words), 1)
