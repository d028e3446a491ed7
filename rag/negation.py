"""Whether a sentence denies what its source says, or the reverse, as far as words near a "not" tell.

A negation reaches the next few content words, or the one before it at the end of a clause. Not covered:
opposites ("rose" and "fell"), prefixes ("unlikely"), and two negations that cancel out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.words import content_terms

_NEGATION = re.compile(
    r"\b(?:not(?! only\b)|no(?!\.? ?\d)|never|without|none|nobody|nothing|nowhere|neither|nor|cannot"
    r"|den(?:y|ies|ied|ying)|(?:fail|refus|declin)(?:s|es|ed|ing|e)? to)\b|n't\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;:!?,]")
_REACH = 3


@dataclass(frozen=True, slots=True)
class Polarity:
    """The content terms that stand under a negation, the others, and how many negations there are."""

    denied: frozenset[str]
    said: frozenset[str]
    count: int


@lru_cache(maxsize=4096)
def polarity(text: str) -> Polarity:
    """What a text says and what it denies."""
    denied: set[str] = set()
    said: set[str] = set()
    text = text.replace("’", "'")
    marks = list(_NEGATION.finditer(text))
    edges = [0, *(mark.start() for mark in marks), len(text)]
    said.update(content_terms(text[: edges[1]]))
    for at, mark in enumerate(marks):
        after = text[mark.end() : edges[at + 2]]
        clause = _CLAUSE.search(after)
        near = content_terms(after[: clause.start()] if clause else after)[:_REACH]
        denied.update(near or content_terms(text[edges[at] : mark.start()])[-1:])
        said.update(term for term in content_terms(after) if term not in near)
    return Polarity(frozenset(denied), frozenset(said - denied), len(marks))


def differs(sentence: str, sources: Sequence[str]) -> bool:
    """Whether a sentence and its sources differ in what they deny."""
    own = polarity(sentence)
    each = [polarity(source) for source in sources]
    count = sum(found.count for found in each)
    if not own.count and not count:
        return False
    denied = frozenset[str]().union(*(found.denied for found in each))
    said = frozenset[str]().union(*(found.said for found in each))
    return own.count > count or bool(own.denied & (said - denied)) or bool(own.said & (denied - said))
