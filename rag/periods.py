"""Dates in text as periods: a day, a month, a year or a range of them, in ISO form.

The granularity is the length of the period: 1990 holds 3 May 1990. What names no day of its own ("last
year", "Tuesday", "the 3rd of the month") is found but has no period. A bare four-digit number is a year
only where its neighbours do not count or measure with it.
"""

import re
from dataclasses import dataclass

from index.dates import BARE_MONTH, MONTH, first_day, last_day, normal_date

_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_TO = r"(?: ?[-–—] ?| to | until | and )"
_NOT_INSIDE = r"(?<![\w.,$€£¥#/-])"
# Of a month alone only such a word tells that it is none of its namesakes: "in May", "in late June".
_IN = "|".join(
    rf"(?<=\b{cased} )"
    for word in (
        "in until till since during before after between from each every next last this of early late mid"
    ).split()
    for cased in (word, word.title())
    if cased != "In"
)
DATE = re.compile(
    rf"{_NOT_INSIDE}(?:"
    rf"{_DAY}(?: of)? {MONTH}(?:,? {_YEAR})?{_TO}{_DAY}(?: of)? {MONTH},? {_YEAR}\b"
    rf"|{MONTH} {_DAY}(?:, ?{_YEAR})?{_TO}{MONTH} {_DAY},? ?{_YEAR}\b"
    rf"|{_DAY}{_TO}{_DAY}(?: of)? {MONTH}(?:,? {_YEAR}\b)?"
    rf"|{MONTH} {_DAY}{_TO}{_DAY}(?!\d)(?:,? {_YEAR}\b)?"
    rf"|{MONTH}(?: {_YEAR})?{_TO}{MONTH},? {_YEAR}\b"
    rf"|{_DAY}(?: of)? {MONTH},? {_YEAR}\b|{MONTH} {_DAY}(?:, ?| ){_YEAR}\b"
    rf"|{MONTH},? {_YEAR}\b|{MONTH} {_DAY}|{_DAY}(?: of)? {MONTH}(?!\w)"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}\b|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}\b"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)[ -]century\b"
    rf"|{_YEAR}(?: ?[-–—/] ?(?:{_YEAR}|\d{{2}}(?!\d))| to {_YEAR})?s?\b(?![-–—]\d|[.,]\d|[%°])"
    rf"|the \d{{1,2}}(?:st|nd|rd|th)\b(?: of (?:the |this )?(?:(?:next|last|following|same) )?month\b)?"
    r")"
    rf"|(?=[ADFJMNOS][a-y])(?:(?<=\bIn )|(?:{_IN})(?!\w+ [A-Z])){BARE_MONTH}"
    rf"(?:{_TO}{BARE_MONTH})?(?![’'-]?\w| \d)"
    r"|\b(?:last|next|this) (?:year|month|week|spring|summer|autumn|fall|winter)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_BARE_YEAR = re.compile(_YEAR)
_COUNTED = re.compile(
    r"[ -](?!(?:was|is|has|does|as|its|this|his|us|series|elections|games)\b)"
    r"(?:[a-z]+s\b(?<![isu]s)|people\b|men\b|women\b|children\b|km\b|m\b|kg\b|feet\b|percent\b|million\b|billion\b)"
    r"|\s?(?:%|°|cc\b)"
)
_COUNTS = re.compile(
    r"(?:[$€£¥#]|\b(?:nearly|almost|over|than|least|most|exactly|only|approximately|roughly|some|Room|No\.|page"
    r"|pages|of the|to))\s?$"
)
_DATES = re.compile(r"\b(?:in|since|the|of|from|until|by|during|after|before|year)\s$", re.IGNORECASE)
_BOUND = re.compile(r"\b(?:before|after|by|until|till|since)\s(?:the\s)?$", re.IGNORECASE)
_ABOUT = re.compile(r"(?:\b(?:about|around|circa|ca?\.|approximately)|~)\s*$", re.IGNORECASE)
_CENTURY = re.compile(r"(?:the )?(\d{1,2})\w\w[ -]century")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_ABOUT_YEARS = 5
_ANY_YEAR = "2000"  # a leap year, so that 29 February is a day of it


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, ISO; in any year when `yearly`."""

    first: str
    last: str
    yearly: bool = False


def is_year(text: str, start: int, end: int) -> bool:
    """Whether a bare four-digit number at this place is a year and not a count or a measure."""
    before = text[max(0, start - 16) : start]
    if _COUNTS.search(before):
        return False
    return not _COUNTED.match(text, end) or bool(_DATES.search(before))


def bound(before: str) -> str:
    """The word in front of a date that makes it a bound ("before", "by", "since"), or ""."""
    match = _BOUND.search(before)
    return match.group().split()[0].lower() if match else ""


def is_bare_year(text: str) -> bool:
    """Whether a date is a four-digit number and nothing else."""
    return bool(_BARE_YEAR.fullmatch(text))


def period(text: str, before: str = "") -> Period | None:
    """The days that a date found in a text names; None where it names none that can be compared.

    Args:
        before: The text in front of it; "by", "since" and "before" make a date a bound, which is no value.
    """
    if _BOUND.search(before):
        return None
    if match := _CENTURY.fullmatch(text):
        century = int(match[1])
        return Period(f"{100 * century - 99:04}-01-01", f"{100 * century:04}-12-31") if century else None
    plain = _ORDINAL.sub("", text).replace(" of ", " ")
    if re.fullmatch(rf"{_YEAR}s", plain):
        return Period(f"{plain[:4]}-01-01", f"{plain[:3] if plain[2:4] != '00' else plain[:2] + '9'}9-12-31")
    found = _range(plain) or _single(plain)
    if found and is_bare_year(text) and _ABOUT.search(before):
        year = int(text)
        return Period(f"{year - _ABOUT_YEARS:04}-01-01", f"{year + _ABOUT_YEARS:04}-12-31")
    return found


def _single(text: str) -> Period | None:
    for completed, yearly in ((text, False), (f"{text.rstrip('.')} {_ANY_YEAR}", True)):
        date = normal_date(completed)
        if first := first_day(date):
            return Period(first, last_day(date), yearly)
    return None


def _range(text: str) -> Period | None:
    """The ends of "5 to 8 May 2025": what the first lacks it takes from the second."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    sides = re.split(_TO, text)
    if len(sides) == 1 and (season := re.fullmatch(r"(\d{4})/(\d{2,4})s?", text)):
        sides = [season[1], season[2]]
    if len(sides) != 2:
        return None
    first, last = sides
    if re.fullmatch(_YEAR, first) and re.fullmatch(r"\d{2}", last):
        last = first[:2] + last
    year, months = re.search(_YEAR, last), re.findall(MONTH, text)
    if months and not re.search(MONTH, first):
        first = f"{first} {months[-1]}"
    if months and not re.search(MONTH, last):
        last = f"{months[0]} {last}"
    if year and not re.search(_YEAR, first):
        first = f"{first} {year[0]}"
    start, end = _single(first), _single(last)
    if not start or not end or start.yearly != end.yearly or start.first > end.last:
        return None
    return Period(start.first, end.last, start.yearly)
