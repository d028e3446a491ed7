"""What a number counts, for the one number that is a pronoun more often: "One person died" of two.

"One" has to be in no source as other figures have, so it is only wrong where the source counts the same
thing and comes to more than one.
"""

import re
from collections.abc import Iterator, Sequence

from index.words import STOP_WORDS, terms
from rag.figures import figures

_NEXT = re.compile(r"[\s-]+([^\W\d_]+)")
_SINGLE = re.compile(r"\b(?:an?|single|only|sole|each|every|another)(?=[\s-])", re.IGNORECASE)
_PLURALS = {"peopl": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot"}
# "one day", "on one hand"
_IDIOMS = frozenset("day time night side hand way thing word".split())
_WORDS = 2


def miscounted(sentence: str, quotes: Sequence[str]) -> list[str]:
    """Each "one" of a sentence that counts what its sources count to be more."""
    ones = [figure for figure in figures(sentence) if not figure.needed and figure.value == 1]
    counts = [_counted(sentence, one.end) for one in ones]
    if not any(counts):
        return []
    single: set[str] = set()
    more: set[str] = set()
    for quote in quotes:
        single.update(*(_counted(quote, match.end()) for match in _SINGLE.finditer(quote)))
        for figure in figures(quote):
            (single if figure.value == 1 else more).update(_counted(quote, figure.end))
    return [one.written for one, what in zip(ones, counts, strict=True) if what & more and not what & single]


def _counted(text: str, at: int) -> frozenset[str]:
    """The terms of the next words behind a number, up to a function word."""
    return frozenset(_following(text, at))


def _following(text: str, at: int) -> Iterator[str]:
    for _ in range(_WORDS):
        match = _NEXT.match(text, at)
        if match is None or match[1].lower() in STOP_WORDS | _IDIOMS:
            return
        yield from (_PLURALS.get(term, term) for term in terms(match[1]))
        at = match.end()
