"""Which sentences only repeat what is told: the same words, and no name or figure of their own.

Of an edited copy, and of the next item of a list that is told in sentences ("The branch in …"), most words
are those of its neighbour. What differs there is what was asked for, so it is no repetition; nor is it an
answer where the neighbour has the name or the year that was asked about.
"""

from collections.abc import Iterator
from functools import lru_cache

from index.words import content_set, content_terms, term_set
from rag.agreement import agree
from rag.generators.base import Evidence
from rag.generators.opposed import asks_of_whom
from rag.opposites import opposites
from rag.polarity import opening_name, polarity_of
from rag.values import Kind, Value, values
from rag.vocabulary import name_terms

_ALIKE = 0.8
_MEASURED: tuple[Kind, ...] = ("number", "date")


def is_alike(one: Evidence, other: Evidence) -> bool:
    """Whether, names and figures aside, the shorter of two sentences says little that the longer does not."""
    return _shared(_worded(one.said), _worded(other.said)) >= _ALIKE


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the shorter of two sentences the longer says."""
    return len(one & other) / max(1, min(len(one), len(other)))


def repeats(item: Evidence, told: Evidence, question: str) -> bool:
    """Whether a sentence says what another does, or the same of something that was not asked about.

    Who says it makes no difference, unless it is asked of whom something holds.
    """
    said, asked = content_set(told.said), name_terms(question)
    parallel = _is_parallel(item, told)
    if parallel and asked & content_set(item.said) < asked & said:
        return True
    if _shared(term_set(item.said), term_set(told.said)) < _ALIKE:
        return False
    if (parallel or asks_of_whom(question)) and _names(item.said) - said:
        return False
    new = any(_is_new(kind, value, item.said, told.said) for kind, value in _figures(item.said))
    return not new and not _is_opposed(item.said, told.said)


def _is_parallel(one: Evidence, other: Evidence) -> bool:
    """Whether each of two sentences says little that the other does not, names and figures aside."""
    words, others = _worded(one.said), _worded(other.said)
    return len(words & others) >= _ALIKE * max(len(words), len(others), 1)


@lru_cache(maxsize=4096)
def _worded(text: str) -> frozenset[str]:
    """What a text says but for its names and figures; all of it where that leaves nothing."""
    words = content_set(text)
    return words - _names(text) - _terms_of_figures(text) or words


@lru_cache(maxsize=4096)
def _names(text: str) -> frozenset[str]:
    """The terms of the names in a text, figures aside, which may be written otherwise."""
    return name_terms(text).union(content_terms(opening_name(text))) - _terms_of_figures(text)


def _terms_of_figures(text: str) -> frozenset[str]:
    return frozenset(term for _, value in _figures(text) for term in content_terms(value.text))


def _figures(text: str) -> Iterator[tuple[Kind, Value]]:
    return ((kind, value) for kind in _MEASURED for value in values(text, kind))


def _is_new(kind: Kind, value: Value, text: str, told: str) -> bool:
    """Whether no value of another text says the same as one."""
    before = text[: value.start]
    return not any(
        value.text == other.text or agree(kind, value.text, other.text, before, told[: other.start]) is True
        for other in values(told, kind)
    )


def _is_opposed(one: str, other: str) -> bool:
    """Whether two texts of nearly the same words differ by a "not" or by words that exclude each other."""
    if polarity_of(one)[1] != polarity_of(other)[1]:
        return True
    words, others = content_set(one), content_set(other)
    return any(opposites().get(word, frozenset()) & (others - words) for word in words - others)
