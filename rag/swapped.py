"""What of a question stands otherwise in the sentences found: "the third floor", asked about the second.

A name, a number or a word with an opposite counts where another of its kind has the same neighbour.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.words import STOP_WORDS, terms
from rag.numerals import ONES, TENS, digits, spelled
from rag.opposites import opposites
from rag.units import unit_of

# With the figures of a number, "1,500", in one.
WORD = re.compile(r"[^\W_]+(?:['’\-.,][^\W_]+)*")
_BESIDE = 2
_ALIKE = 0.75
_ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth".split())


class _Word(NamedTuple):
    """A word of a text: its term, whether it is a name or a number, and where it stands."""

    written: str
    term: str
    kind: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[_Word, ...]:
    found = []
    for at, match in enumerate(WORD.finditer(text)):
        written = match.group().removesuffix("'s").removesuffix("’s")
        if own := terms(written):
            worth = _worth(written)
            kind = "number" if worth else _kind(written, at)
            found.append(_Word(written, worth or own[0], kind, match.start(), match.end()))
    return tuple(found)


def _kind(written: str, at: int) -> str:
    lowered = written.lower()
    if lowered in _ORDINALS:
        return "number"
    if written[0].isupper() and (at or written[1:2].isupper()) and lowered not in STOP_WORDS:
        return "name"
    return "other"


def _worth(written: str) -> str:
    """What a number is worth, in digits; "" for other words. "One" is mostly no number."""
    lowered = written.lower()
    if written[0].isdecimal():
        worth = digits(written) if written[-1].isdecimal() else None
        return str(worth) if worth is not None else ""
    return str(spelled(lowered)) if lowered != "one" and (lowered in ONES or lowered in TENS) else ""


def swapped(query: str, texts: Sequence[str], held: frozenset[str]) -> Iterator[str]:
    """Names, numbers and words with an opposite, in whose place sentences have another of their kind.

    Args:
        texts: The sentences.
        held: Index terms of them and of what stands above them; what is held is not swapped.
    """
    asked = _words(query)
    possible = [
        (at, word, against)
        for at, word in enumerate(asked)
        if word.term not in held
        and ((against := opposites().get(word.term, frozenset())) or word.kind != "other")
    ]
    if not possible:
        return
    own = {word.term for word in asked}
    said = {word.term for text in texts for word in _words(text)}
    for at, word, against in possible:
        if word.term in said or _stands_for(word, texts):
            continue
        before, after = _beside(asked, at)
        if after and word.kind == "number" and unit_of(after.written)[0]:
            continue  # an amount of one's own: "a claim of 1,500 euros"
        for text in texts:
            if _has_other(word, against, before, after, own, _words(text)):
                yield query[word.start : after.end] if after else word.written
                break


def _beside(words: Sequence[_Word], at: int) -> tuple[_Word | None, _Word | None]:
    """The content words just before and behind one; a name describes only what follows it at once."""
    reach = 1 if words[at].kind == "name" else _BESIDE
    lone = [word for word in words[max(0, at - reach) : at] if word.written.lower() not in STOP_WORDS]
    behind = [word for word in words[at + 1 : at + 1 + reach] if word.written.lower() not in STOP_WORDS]
    return lone[-1] if lone else None, behind[0] if behind else None


def _has_other(
    word: _Word,
    against: frozenset[str],
    before: _Word | None,
    after: _Word | None,
    asked: set[str],
    words: Sequence[_Word],
) -> bool:
    """Whether something else of its kind, or its opposite, stands beside what it stands beside."""
    for at, other in enumerate(words):
        opposed = other.term in against
        if other.term in asked or not (opposed or (word.kind == other.kind != "other")):
            continue
        lone, behind = _beside(words, at)
        heads = after is not None and behind is not None and after.term == behind.term
        heads = heads or (opposed and before is not None and lone is not None and before.term == lone.term)
        # Comparing spellings takes long, so it comes last.
        if heads and not (word.kind == "name" and _is_alike(word.term, other.term)):
            return True
    return False


def _is_alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _stands_for(word: _Word, texts: Sequence[str]) -> bool:
    """Whether a name in capitals abbreviates words of the texts, or begins one of them."""
    letters = [letter for letter in word.written if letter.isupper()]
    if word.kind != "name" or len(letters) < 2:
        return False
    initials = r"\W+(?:(?:of|the|and|for)\W+)*".join(rf"{letter}[\w’']*" for letter in letters)
    return any(re.search(rf"\b{initials}|\b{re.escape(word.written)}", text) for text in texts)
