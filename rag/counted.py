"""Whether a sentence has a number that may be the one asked for, and how likely.

"How many people" is answered by "260 people", by "260" alone and by "no people", less likely by "260
residents" and not by "120 euros". No number is one that tells a time of day, is a part of a code or of an
address, or says which of several it is ("rule 5").
"""

import re
from functools import lru_cache
from typing import NamedTuple

from index.words import STOP_WORDS, content_terms, term_set
from rag.measures import asks_measure, asks_price, fits
from rag.quantities import quantity
from rag.values import UPPER, has_value, values

_OTHER = 0.6
_MARK = re.compile(
    r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
    r"|(?<![\w-])[A-Z][A-Za-z]{0,5}-\d+"
    r"|(?:§§?|#) ?\d+|\b[Nn]os?\. ?\d+"
    r"|\b(?i:article|bus|chapter|clause|gate|line|page|paragraph|pier|platform|room|rule|section|version) \d+"
    rf"|\b\d+\w? (?:[{UPPER}][\w’'-]+ ){{1,2}}(?:Avenue|Close|Drive|Lane|Road|Square|Street|Terrace|Way)\b"
    r"|(?!\d{1,3}(?: \d{3})+\b)\+?\b\d{2,}(?:[ /]\d{2,})+"  # a telephone number; "14 000" is none
)
_ASKED_OF = re.compile(
    r"\bhow (?:many|much) (?:(?:more|other|additional|different) )*([^\W\d_][\w’'-]*)", re.IGNORECASE
)
# "There is no flour in it", "none of the 310 workers".
_NONE = re.compile(r"\b(?:no|none of) ((?:[\w’'-]+ ){0,2}[\w’'-]+)", re.IGNORECASE)
_HOW_OLD = re.compile(r"\bhow old\b", re.IGNORECASE)
_BEGAN = re.compile(r"\b(?:born|built|dates|erected|established|founded|opened|since)\b", re.IGNORECASE)
_FRACTION = re.compile(r"(?:half|quarter|third)$", re.IGNORECASE)
_WORD = re.compile(r"\s*([^\W\d_][\w’'-]*)")
_CLAUSE = re.compile(r"[^.,;:!?()|]*")
_NEAR = 40
_REACH = 3


class _Number(NamedTuple):
    """A number of a sentence: as written, the word behind it, that if it is a noun, the terms around it."""

    text: str
    behind: str
    counted: str
    beside: frozenset[str]


def fitness(question: str, said: str) -> float:
    """How likely a sentence has the number asked for, from 0 for none at all to 1."""
    asked = _asked_of(question)
    if asked and any(asked & term_set(none[1]) for none in _NONE.finditer(said)):
        return 1.0
    if _HOW_OLD.search(question) and _BEGAN.search(said) and has_value(said, "date"):
        return 1.0
    return max((_fit(question, asked, number) for number in _numbers(said)), default=0.0)


def _fit(question: str, asked: frozenset[str], number: _Number) -> float:
    if not fits(question, number.text):
        return 0.0
    if _FRACTION.match(number.text) and (number.counted or number.behind in ("a", "an")):
        return 0.0  # "half a litre", "the third day"
    found = quantity(number.text)
    if found is not None and found.unit:
        return 1.0
    if asked:
        return 1.0 if asked & number.beside else _OTHER
    if not number.counted:
        return 1.0
    measured = asks_price(question) or asks_measure(question) or _HOW_OLD.search(question)
    return _OTHER if measured else 1.0


@lru_cache(maxsize=1024)
def _asked_of(question: str) -> frozenset[str]:
    """What "how many" or "how much" asks of; empty where of nothing that is named."""
    asked = _ASKED_OF.search(question)
    return frozenset(content_terms(asked[1])) if asked else frozenset()


@lru_cache(maxsize=8192)
def _numbers(said: str) -> tuple[_Number, ...]:
    found = values(said, "number")
    marks = [mark.span() for mark in _MARK.finditer(said)] if found else []
    numbers = []
    for value in found:
        if any(start < value.end and value.start < end for start, end in marks):
            continue
        following = _WORD.match(said, value.end)
        word = following[1].lower() if following else ""
        clause = _CLAUSE.match(said, value.end, value.end + _NEAR)
        ahead = content_terms(said[max(0, value.start - _NEAR) : value.start])
        behind = content_terms(clause[0]) if clause else []
        beside = frozenset(ahead[-_REACH:] + behind[:_REACH])
        numbers.append(_Number(value.text, word, "" if word in STOP_WORDS else word, beside))
    return tuple(numbers)
