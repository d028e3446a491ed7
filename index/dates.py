"""Dates as documents write them, to ISO 8601 where only one reading is possible; else left as they are.

`03/04/2021` is March in one country and April in another: it stays. A year or a month alone is a date
too, of lower precision, and a filter treats it as all its days.
"""

import calendar
import re

# Written out, because those of `calendar` follow the language of the system.
_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = {word: at for at, name in enumerate(_NAMES, 1) for word in (name, name[:3])} | {"sept": 9}
_SHORT = "|".join(
    sorted({word.title() for word in _MONTHS} - {name.title() for name in _NAMES}, reverse=True)
)
# A month without a day or a year: "May" and "March" are other words, too, and short names are rarely meant.
BARE_MONTH = rf"(?:{'|'.join(map(str.title, _NAMES))})\b"
# A month in running text: its whole name, or a short one with the stop that belongs to it.
MONTH = rf"(?:(?:{'|'.join(map(str.title, _NAMES))})\b|(?:{_SHORT})\b\.?)"
_ISO = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d{2}:\d{2}[\d:.]*\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_PDF = re.compile(r"D:(\d{4})(?:(\d{2})(?:(\d{2})[\d'+\-Z]*)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})")
_DAY_MONTH = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([A-Za-z]{3,9})\.?,? (\d{4})"
    r"(?: [\d:]{4,8}.{0,20})?"
)
_MONTH_DAY = re.compile(
    r"(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:,? [\d:]{4,8}.{0,20})?"
)
_MONTH_YEAR = re.compile(r"([A-Za-z]{3,9})\.?,? (\d{4})")
_STORED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def normal_date(text: str) -> str:
    """`YYYY-MM-DD`, `YYYY-MM` or `YYYY` where the text can only mean that; else the text, trimmed."""
    text = " ".join(text.split())
    return _read(text) or text


def first_day(date: str) -> str:
    """The first day of a normal date; "" for anything else."""
    return _bound(date, last=False)


def last_day(date: str) -> str:
    """The last day of a normal date; "" for anything else."""
    return _bound(date, last=True)


def _read(text: str) -> str:
    for pattern in (_ISO, _PDF, _COMPACT, _YEAR_FIRST):
        if match := pattern.fullmatch(text):
            return _iso(*match.groups())
    if match := _YEAR_LAST.fullmatch(text):
        first, mark, second, year = match.groups()
        # With dots the day always comes first; with other marks only a number over 12 tells.
        if mark == "." or int(first) > 12 or first == second:
            return _iso(year, second, first)
        return _iso(year, first, second) if int(second) > 12 else ""
    if match := _DAY_MONTH.fullmatch(text):
        return _named(match[3], match[2], match[1])
    if match := _MONTH_DAY.fullmatch(text):
        return _named(match[3], match[1], match[2])
    if match := _MONTH_YEAR.fullmatch(text):
        return _named(match[2], match[1], None)
    return ""


def _named(year: str, month: str, day: str | None) -> str:
    number = _MONTHS.get(month.lower())
    return _iso(year, str(number), day) if number else ""


def _iso(year: str, month: str | None = None, day: str | None = None) -> str:
    """The parts as ISO, or "" when there is no such day."""
    y, m, d = int(year), int(month or 1), int(day or 1)
    if y < 1 or not 1 <= m <= 12 or not 1 <= d <= calendar.monthrange(y, m)[1]:
        return ""
    return f"{y:04}" + (f"-{m:02}" if month else "") + (f"-{d:02}" if day else "")


def _bound(date: str, last: bool) -> str:
    match = _STORED.fullmatch(date)
    if not match or not _iso(*match.groups()):
        return ""
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    day = int(match[3]) if match[3] else calendar.monthrange(year, month)[1] if last else 1
    return f"{year:04}-{month:02}-{day:02}"
