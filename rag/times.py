"""Times that are no dates: of day, of the week, before and after something; "when" may ask for any."""

import re
from functools import lru_cache

_WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_OF_DAY = re.compile(
    r"\b(?:[01]?\d|2[0-4])(?::[0-5]\d| ?(?:am|pm|a\.m\.|p\.m\.|o['’]clock)(?!\w))"
    rf"|\b(?:on|every|each) (?:\w+ ){{0,2}}{_WEEKDAY}s?\b"
    rf"|\b{_WEEKDAY}s\b",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"\b(?:within|after|before|until|when|while|during|every|each|daily|weekly|monthly|yearly|annually|noon"
    r"|midnight|morning|afternoon|evening|night|day|week|month|year)s?\b"
    rf"|\b{_WEEKDAY}\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def tells_time(text: str) -> bool:
    """Whether a text has a time of day or of the week, as timetables do."""
    return bool(_OF_DAY.search(text))


def may_tell_time(text: str) -> bool:
    """Whether a text has any word of time at all."""
    return tells_time(text) or bool(_ANY.search(text))
