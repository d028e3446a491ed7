"""Times that are no dates: of day, of the week, before and after something; "when" may ask for any."""

import re
from functools import lru_cache

_WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_HALF = r"(?:am|pm|a\.m\.|p\.m\.|o['’]clock)(?!\w)"
_HOUR = rf"(?<![\d.,:])(?:[01]?\d|2[0-4])(?::[0-5]\d(?![\d:])(?: ?{_HALF})?|(?:[.][0-5]\d)? ?{_HALF})"
_OF_CLOCK = re.compile(
    rf"{_HOUR}(?: ?(?:[-–—]|to|until) ?{_HOUR})?|(?:(?<=\bat )|(?<=\bby )|(?<=\buntil ))(?:noon|midnight)\b",
    re.IGNORECASE,
)
_OF_DAY = re.compile(_HOUR, re.IGNORECASE)
_OF_WEEK = re.compile(rf"\b(?:on|every|each) (?:\w+ ){{0,2}}{_WEEKDAY}s?\b|\b{_WEEKDAY}s\b", re.IGNORECASE)
_ANY = re.compile(
    r"\b(?:within|after|before|until|when|while|during|every|each|daily|weekly|monthly|yearly|annually|noon"
    r"|midnight|morning|afternoon|evening|night|day|week|month|year)s?\b"
    rf"|\b{_WEEKDAY}\b",
    re.IGNORECASE,
)
_ASKS_CLOCK = re.compile(
    r"\b(?:(?:what|which) time(?! (?:of (?:the )?(?:year|month|week)|zone|span|period|frame|limit|slot))"
    r"|what (?:is|was|are|were) the (?:\w+ )?(?:start|starting|closing|opening|departure|arrival) times?"
    r"|what hours?)\b",
    re.IGNORECASE,
)
_ASKS_YEAR = re.compile(r"\b(?:what|which) (?:\w+ )?year\b", re.IGNORECASE)
_YEAR = re.compile(r"\d|century|\byears?\b")


@lru_cache(maxsize=8192)
def tells_time(text: str) -> bool:
    """Whether a text has a time of day or of the week, as timetables do."""
    return bool(_OF_DAY.search(text) or _OF_WEEK.search(text))


def may_tell_time(text: str) -> bool:
    """Whether a text has any word of time at all."""
    return tells_time(text) or bool(_ANY.search(text))


@lru_cache(maxsize=1024)
def asks_clock(question: str) -> bool:
    """Whether a question asks for a time of day: "what time does it start?"."""
    return bool(_ASKS_CLOCK.search(question))


@lru_cache(maxsize=8192)
def clock_times(text: str) -> tuple[tuple[int, int], ...]:
    """Where the times of day in a text start and end; "9:00 to 17:30" is one."""
    return tuple(match.span() for match in _OF_CLOCK.finditer(text))


def is_of_date(question: str, value: str) -> bool:
    """Whether a date, as a text has it, may be what is asked for: no year is told by "July"."""
    return not _ASKS_YEAR.search(question) or bool(_YEAR.search(value))
