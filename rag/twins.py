"""Twins of what an answer says: sentences that say the same in the same words, but for a figure or a "not".

How a question is worded does not matter here. If another place says word for word what the answer says and
gives another figure, the reader has to know, even where no rule tells what kind of value was asked for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from index.words import content_set, term_set
from rag.agreement import agree
from rag.cells import cells
from rag.claims import Claim
from rag.generators.base import Evidence
from rag.groups import same_times
from rag.measures import fits
from rag.polarity import polarity_of
from rag.quantities import quantity
from rag.standing import names_another
from rag.told import is_sentence
from rag.values import Kind, Value, values
from rag.vocabulary import names_in

_LEAST_EQUAL = 0.8
_FEWEST_EQUAL = 4
_TYPES: tuple[Kind, ...] = ("number", "date")
# By what is asked for: what may differ. "Until when" is answered by "24 hours before" as well.
_POSSIBLE: Mapping[Kind, tuple[Kind, ...]] = MappingProxyType(
    {"number": ("number",), "date": ("date", "number"), "other": ("number", "date")}
)
_ITEM = re.compile(r"\W*\d{1,3}[.)]\s")


@dataclass(frozen=True, slots=True)
class Twins:
    """Two sentences that differ in one value of a kind."""

    kind: Kind
    one: Claim
    other: Claim


def find_twins(kind: Kind, told: Evidence, others: Sequence[Evidence], query: str = "") -> Twins | None:
    """The first sentence that gives another figure where one that was told gives its own.

    Args:
        kind: What the question asks for. Where both sentences say the same of that, they answer alike.
        told: A sentence of the answer.
        others: What else was found, in the order in which it is to be preferred.
        query: The question; a number has to be of the measure it asks for.
    """
    if not _is_prose(told) or kind not in _POSSIBLE:
        return None
    wanted = _values(told.text, kind)
    for other in _worded_alike(told, others):
        if names_another(told.text, other.text, query):
            continue
        if wanted and _answers_alike(kind, wanted, told, other):
            continue
        for differing_kind in _POSSIBLE[kind]:
            pair = _differing(differing_kind, told, other)
            if not pair or not (kind != "number" or all(fits(query, value.text) for value in pair)):
                continue
            twins = Twins(differing_kind, Claim(told, pair[0]), Claim(other, pair[1]))
            if differing_kind == "date":
                # "In 2019 … 300", "in 2021 … 120": two times, no disagreement, unless the time is asked.
                possible = kind == "date" or not _differing("number", told, other)
            else:
                possible = same_times(twins.one, twins.other) and (kind != "date" or _is_time(pair[0]))
            if possible:
                return twins
    return None


def find_denied(told: Evidence, others: Sequence[Evidence]) -> Evidence | None:
    """The first sentence of another document that denies what one of the answer says, or the reverse."""
    own, denied = polarity_of(told.text, told.heading)
    for other in others if _is_prose(told) else ():
        if other.document == told.document or not _is_prose(other):
            continue
        words, other_denied = polarity_of(other.text, other.heading)
        shared = len(own & words)
        if denied != other_denied and shared >= max(_FEWEST_EQUAL, _LEAST_EQUAL * min(len(own), len(words))):
            return other
    return None


def _is_time(value: Value) -> bool:
    """Whether a number can answer "until when": "24 hours before"."""
    found = quantity(value.text)
    return found is not None and found.unit in ("second", "month")


def _is_prose(item: Evidence) -> bool:
    return item.kind != "row" and not cells(item.text) and is_sentence(item.text)


def _worded_alike(one: Evidence, others: Sequence[Evidence]) -> Iterator[Evidence]:
    """Other sentences with the same names and nearly the same words, figures aside."""
    left = _words(one.text)
    size = len(left)
    for other in others:
        right = _words(other.text)
        # As most are, they are too unlike in length to share enough.
        if len(right) < _LEAST_EQUAL * size or size < _LEAST_EQUAL * len(right):
            continue
        shared = len(left & right)
        if (
            shared >= _FEWEST_EQUAL
            and shared >= _LEAST_EQUAL * (size + len(right) - shared)
            and other.number != one.number
            and _names(one.text) == _names(other.text)
            and polarity_of(one.text)[1] == polarity_of(other.text)[1]
            and _is_prose(other)
        ):
            yield other


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """What a sentence says but for its figures; the same ones are compared in answer after answer."""
    found = [value for kind in _TYPES for value in values(text, kind)]
    return content_set(text).difference(*(term_set(value.text) for value in found))


def _values(text: str, kind: Kind) -> tuple[Value, ...]:
    """The values of a kind, without the number of a list item."""
    item = _ITEM.match(text)
    return tuple(value for value in values(text, kind) if item is None or value.start >= item.end())


def _names(text: str) -> frozenset[str]:
    text = text[item.end() :] if (item := _ITEM.match(text)) else text
    dates = frozenset(word for value in values(text, "date") for word in value.text.split())
    return frozenset(name for name in names_in(text) if not any(c.isdigit() for c in name)) - dates


def _answers_alike(kind: Kind, wanted: Sequence[Value], told: Evidence, other: Evidence) -> bool:
    found = _values(other.text, kind)
    return len(found) == len(wanted) and all(
        agree(kind, a.text, b.text) is True for a, b in zip(wanted, found, strict=True)
    )


def _differing(kind: Kind, one: Evidence, other: Evidence) -> tuple[Value, Value] | None:
    """The one place where the values of a kind differ; None where they differ in number or in several."""
    left, right = _values(one.text, kind), _values(other.text, kind)
    if len(left) != len(right):
        return None
    pairs = [
        (a, b)
        for a, b in zip(left, right, strict=True)
        if agree(kind, a.text, b.text, *_hedges(one.text[: a.start], other.text[: b.start])) is False
    ]
    return pairs[0] if len(pairs) == 1 else None


def _hedges(before: str, before_other: str) -> tuple[str, str]:
    """What stands in front of two values; "at least" in front of both makes no difference."""
    alike = before.split()[-2:] == before_other.split()[-2:]
    return ("", "") if alike else (before, before_other)
