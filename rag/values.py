"""Typed values in text: what a question asks for, and the dates, numbers and persons a sentence holds.

Rules, not a model: good enough to prefer a sentence and to mark a value when it is the only candidate,
not good enough to answer with (exact match 0.20 on SQuAD 2.0, see the design notes), so a value is only
ever shown inside the sentence it was found in.
"""

import re
from dataclasses import dataclass
from typing import Literal

from index.words import STOP_WORDS

Kind = Literal["date", "number", "person", "place", "reason", "other"]

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?{_MONTH} (?:\d{{1,2}}(?:st|nd|rd|th)?(?:, ?| ))?{_YEAR}\b"
    rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b"
    rf"|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b{_YEAR}(?:[-–—/]\d{{2,4}})?s?\b"
    r"|\b(?:last|next|this) (?:year|month|week|spring|summer|autumn|fall|winter)\b"
    r"|\b(?:(?:around |about |on )?the \d{1,2}(?:st|nd|rd|th)(?: of (?:next|last|this) month)?)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_SPELLED = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|dozens?"
    r"|hundreds|thousands|half|quarter|third)"
)
_SCALE = r"(?:hundred|thousand|million|billion|trillion)"
_NUMBER = re.compile(
    r"(?:(?<![\w)])[-−])?[$€£¥]?\b(?:\d[\d,]*(?:\.\d+)?[¼-¾⅐-⅞]?|[¼-¾⅐-⅞])(?:st|nd|rd|th)?\b"
    rf"(?:\s?%| percent)?(?: {_SCALE})?"
    rf"|\b{_SPELLED}(?:[- ]{_SPELLED})?\b(?: {_SCALE})?",
    re.IGNORECASE,
)
_NAME_PART = r"[A-Z][\w’']*(?:-[A-Z]?[\w’']+)*\.?"
_NAME = re.compile(rf"\b{_NAME_PART}(?: (?:(?:de|da|di|van|von|der|den|al|bin|la|le) ){{0,2}}{_NAME_PART})+")
_ROLES = frozenset(
    """president minister secretary-general secretary chancellor king queen prince princess ambassador
    representative spokesperson spokesman spokeswoman director chairman chairwoman professor doctor general
    colonel captain mr mrs ms dr sir lord lady senator governor mayor pope judge prime deputy permanent
    foreign ministry chief officer researcher the""".split()
)
_NO_NAME = _ROLES | STOP_WORDS
_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(r"\b(?:when|(?:what|which) (?:year|date|month)s?|since when)\b"),
    ),
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|old|large|big|tall|often|high|strong)\b"
            r"|\bwhat (?:number|percentage|share)\b"
        ),
    ),
    (
        "person",
        re.compile(r"^\W*(?:who|which (?:person|politician|leader|president|official|researcher))\b"),
    ),
    ("place", re.compile(r"\b(?:where|(?:what|which) (?:city|country|place|town|region|state|capital))\b")),
    ("reason", re.compile(r"\b(?:why|what (?:caused|led|prompted|explains?)|for what reason|reasons?)\b")),
)


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value at `start:end` of the text it was found in."""

    text: str
    start: int
    end: int


def asked_kind(question: str) -> Kind:
    """What kind of value a question asks for; `other` when no pattern tells."""
    lowered = question.lower()
    found = [(match.start(), kind) for kind, pattern in _ASKS if (match := pattern.search(lowered))]
    return min(found)[1] if found else "other"


def values(text: str, kind: Kind) -> tuple[Value, ...]:
    """The dates, numbers, or persons in a text; other kinds have no rules and give none."""
    if kind == "date":
        return _found(_DATE, text)
    if kind == "number":
        dates = _found(_DATE, text)
        numbers = _found(_NUMBER, text)
        return tuple(n for n in numbers if not any(d.start < n.end and n.start < d.end for d in dates))
    if kind == "person":
        return tuple(value for value in map(_without_roles, _found(_NAME, text)) if value is not None)
    return ()


def has_value(text: str, kind: Kind) -> bool:
    """Whether a text holds what a question of this kind asks for; False where no rule can tell."""
    return bool(values(text, kind))


def _found(pattern: re.Pattern[str], text: str) -> tuple[Value, ...]:
    return tuple(Value(match.group(), match.start(), match.end()) for match in pattern.finditer(text))


def _without_roles(value: Value) -> Value | None:
    """A name without the titles before it; None if fewer than two words are left."""
    words = list(re.finditer(r"\S+", value.text))
    while words and (words[0].group().lower().strip(".") in _NO_NAME or words[0].group().isupper()):
        words.pop(0)
    if len(words) < 2:
        return None
    start = value.start + words[0].start()
    text = re.sub(r"[’']s?$", "", value.text[words[0].start() :]).rstrip(".")
    return Value(text, start, start + len(text))
