"""Numbers in text as quantities: digits or words, scale, currency, unit, ranges and hedges.

A quantity is an interval in a base unit, so "26 weeks" and "182 days" are equal, "10 to 15" holds 12, and
"4.35 billion euros" is "€4,350 million". What cannot be compared ("dozens", "3rd") is found but has no
interval. Not covered: conversion between currencies, thousands set off by plain spaces.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from unicodedata import numeric

from rag.numerals import ONES, SCALES, SHORT_SCALES, TENS, digits, spelled
from rag.units import UNIT, unit_of

_SHORT_SCALES = SHORT_SCALES | {"m": 6, "b": 9}
_VAGUE = "dozens?|scores|hundreds|thousands|millions|billions|half|quarter|third"
_CURRENCIES = MappingProxyType(
    {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "USD": "dollar", "EUR": "euro"}
    | {"GBP": "pound", "JPY": "yen", "CNY": "yuan", "RMB": "yuan", "CHF": "franc"}
)
_CODES = "USD|EUR|GBP|JPY|CNY|RMB|CHF"
# Longest first: "ninety" is not "nine" and something.
_WORD = "|".join(sorted([*ONES, *TENS, *SCALES], key=len, reverse=True))
_DIGITS = (
    r"(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)[¼-¾⅐-⅞]?(?:st|nd|rd|th)?|[¼-¾⅐-⅞]"
)
_ONE = (
    rf"(?:(?<![\w)])[-−])?(?:(?:US|A|C)?[$€£¥₹] ?|\b(?:{_CODES}) )?"
    rf"(?:(?<![\w.,])(?:{_DIGITS})(?:(?:k|m|mn|bn|b|tn)(?![^\W_])|(?![^\W_])(?![.,]\d))"
    rf"|\b(?:a (?=(?:{'|'.join(SCALES)})\b))?(?:{_WORD})(?:(?:-| and | )(?:{_WORD})\b){{0,9}}(?!\w))"
    rf"(?:[ -](?:{'|'.join(SCALES)})\b){{0,2}}"
)
_MEASURED = rf"(?:[ \u00a0]?(?:{UNIT})(?![\w²/])|-(?:{UNIT})(?!\w))?"
NUMBER = re.compile(
    rf"(?:{_ONE}{_MEASURED}(?: ?[-–—] ?| to ))(?={_ONE})(?:{_ONE}){_MEASURED}(?![-–—]\d)"
    rf"|(?:{_ONE}){_MEASURED}|\b(?:{_VAGUE})\b",
    re.IGNORECASE,
)
_PARTS = re.compile(
    rf"(?P<sign>[-−])?(?:(?P<currency>(?:US|A|C)?[$€£¥₹]|\b(?:{_CODES})(?= )) ?)?"
    rf"(?P<amount>{_DIGITS}|(?:a )?(?:{_WORD})(?:(?:-| and | )(?:{_WORD})\b){{0,9}})"
    rf"(?P<short>k|mn|m|bn|b|tn)?(?P<scale>(?:[ -](?:{'|'.join(SCALES)})\b){{0,2}})"
    rf"(?:[ \u00a0-]?(?P<unit>{UNIT})(?!\w))?",
    re.IGNORECASE,
)
_UP = re.compile(r"\b(?:over|more than|at least|exceeding|exceeds|in excess of)\s*$", re.IGNORECASE)
_DOWN = re.compile(
    r"\b(?:under|less than|fewer than|at most|up to|below|nearly|almost|as many as)\s*$", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|roughly|some|circa|ca?\.|estimated(?: at)?)|~)\s*$", re.IGNORECASE
)
_LONGEST = 40
_TOLERANCE = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Quantity:
    """From `low` to `high` in a base unit; "" counts things."""

    low: Fraction
    high: Fraction
    unit: str


@lru_cache(maxsize=4096)
def quantity(text: str, before: str = "") -> Quantity | None:
    """What a number found in a text is worth; None where it cannot be compared.

    Args:
        before: The text in front of it, for "about", "over" and "up to".
    """
    parts = list(_PARTS.finditer(text))[:2]
    worths = [_worth(part) for part in parts]
    if not parts or any(worth is None for worth in worths):
        return None
    (low, unit), (high, last_unit) = [worth for worth in (worths[0], worths[-1]) if worth]
    if len(parts) == 2:
        between = text[parts[0].end() : parts[1].start()]
        if not re.search(r"[-–—]|\bto\b", between + (parts[1]["sign"] or "")):
            return None
        if unit != last_unit:
            if unit:
                return None
            # "4 to 5 million euros", "26–30 weeks": unit and scale stand once, behind the second number.
            low, unit = low * _factor(parts[1]), last_unit
        high = abs(high) if low >= 0 else high
    if low > high:
        return None
    if _UP.search(before):
        return Quantity(low, max(high * 2, high), unit)
    if _DOWN.search(before):
        return Quantity(min(low / 2, low), high, unit)
    if _ABOUT.search(before):
        return Quantity(low - abs(low) * _TOLERANCE, high + abs(high) * _TOLERANCE, unit)
    return Quantity(low, high, unit)


def _worth(part: re.Match[str]) -> tuple[Fraction, str] | None:
    amount = part["amount"].lower()
    if len(amount) > _LONGEST or re.search(r"\d(?:st|nd|rd|th)$", amount):
        return None
    value = digits(amount) if amount[-1].isdigit() or numeric(amount[-1], -1) >= 0 else spelled(amount)
    if value is None:
        return None
    unit, _ = _unit(part)
    worth = value * _factor(part)
    return (-worth if part["sign"] else worth), unit


def _factor(part: re.Match[str]) -> Fraction:
    places = sum(SCALES[word] for word in re.split(r"[ -]", (part["scale"] or "").lower()) if word)
    if not _is_metre(part):
        places += _SHORT_SCALES.get((part["short"] or "").lower(), 0)
    return _unit(part)[1] * Fraction(10) ** places


def _is_metre(part: re.Match[str]) -> bool:
    """ "30m" is a length; "$30m" are millions."""
    return part["short"] == "m" and not part["currency"]


def _unit(part: re.Match[str]) -> tuple[str, Fraction]:
    if currency := part["currency"]:
        return _CURRENCIES.get(currency.upper(), _CURRENCIES.get(currency[-1], currency)), Fraction(1)
    return unit_of(part["unit"] or ("m" if _is_metre(part) else ""))
