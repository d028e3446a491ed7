"""Units of measure and of money: how they are written, and their worth in a base unit.

Not covered: exchange rates; weeks in months, which are no whole number.
"""

import re
from fractions import Fraction
from functools import lru_cache

# Spelling -> (base unit, factor). Months and years are no whole number of days and stay apart from them.
_BY_BASE: dict[str, dict[str, int | str]] = {
    "second": {
        "seconds?": 1,
        "minutes?": 60,
        "hours?": 3600,
        "days?": 86400,
        "weeks?": 604800,
        "(?:working|business) days?": 120960,
    },
    "month": {"months?": 1, "years?": 12, "decades?": 120},
    "metre": {
        "mm": "1/1000",
        "cm": "1/100",
        "m|met(?:re|er)s?": 1,
        "km|kilomet(?:re|er)s?": 1000,
        "miles?": "1609.344",
        "feet|foot|ft": "0.3048",
        "inch(?:es)?": "0.0254",
        "yards?": "0.9144",
    },
    "square metre": {
        "m²|sq m|square met(?:re|er)s?": 1,
        "km²|sq km|square kilomet(?:re|er)s?": 1_000_000,
        "square miles?|sq mi": "2589988.11",
        "hectares?|ha": 10_000,
        "acres?": "4046.856",
    },
    "gram": {"g|grams?": 1, "kg|kilograms?|kilos?": 1000, "tonnes?|tons?": 1_000_000, "lbs?": "453.592"},
    "metre an hour": {"km/h|kmh": 1000, "mph": "1609.344"},
    "watt": {"kW|kilowatts?": 1000, "MW|megawatts?": 1_000_000, "GW|gigawatts?": 1_000_000_000},
    "litre": {"lit(?:re|er)s?": 1, "ml": "1/1000"},
    "cc": {"cc": 1},
    "degree": {"degrees?|°": 1},
    "degree Celsius": {"°C|degrees? Celsius": 1},
    "degree Fahrenheit": {"°F|degrees? Fahrenheit": 1},
    "percent": {"%|percent|per cent|pct": 1, "percentage points?": 1},
    "dollar": {"(?:US |U\\.S\\. )?dollars?|USD": 1},
    "euro": {"euros?|EUR": 1},
    "pound": {"pounds?|GBP": 1},
    "yen": {"yen": 1},
    "yuan": {"yuan|RMB": 1},
}
_UNITS: dict[str, tuple[str, Fraction]] = {
    spelling: (base, Fraction(factor))
    for base, spellings in _BY_BASE.items()
    for spelling, factor in spellings.items()
}
UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))


@lru_cache(maxsize=256)
def unit_of(written: str) -> tuple[str, Fraction]:
    """The base unit of a written unit and its worth in it; ("", 1) for what is no unit."""
    found = (unit for spelling, unit in _UNITS.items() if re.fullmatch(spelling, written, re.IGNORECASE))
    return next(found, ("", Fraction(1)))
