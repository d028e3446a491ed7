"""Figures of a text by what they mean: "twenty-six" is 26, "4.35 billion" is 4,350 million, a date is ISO.

Only for comparing a sentence with its sources, so nothing is converted: 26 weeks are not 182 days here.
"One" alone is a pronoun more often than a number, and "first" an adverb, so neither has to be in a source;
fractions in words ("two thirds") are words like others.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType

from index.dates import MONTH, normal_date
from rag.numerals import ONES, SCALES, SHORT_SCALES, TENS, digits, spelled

_ORDINALS = dict(
    zip(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
        fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split(),
        range(1, 21),
        strict=True,
    )
)
_WRITTEN_UNITS = """
percent: % percent pct
point: percentage-point
dollar: $ dollar usd
euro: € euro eur
sterling: £ gbp sterling
yen: ¥ yen jpy
kilometre: km kilometre kilometer
metre: m metre meter
centimetre: cm centimetre centimeter
millimetre: mm millimetre millimeter
mile: mile
foot: ft foot feet
kilogram: kg kilogram kilogramme kilo
gram: g gram gramme
tonne: tonne ton
pound: lb lbs
litre: litre liter
degree: ° degree °c °f
second: second sec
minute: minute min
hour: hour hr
day: day
week: week
month: month
year: year yr
""".strip()
_UNITS = MappingProxyType(
    {
        form: line.split(":")[0]
        for line in _WRITTEN_UNITS.splitlines()
        for word in line.split(":")[1].split()
        for form in (word, f"{word}s")
    }
)
_SIGNS = frozenset({"percent", "point", "dollar", "euro", "sterling", "yen"})
_SHARES = frozenset({"percent", "point"})
_UNIT_WORD = re.compile(r"per ?cent|percentage points?|[^\W\d_]+|[%°$€£¥]", re.IGNORECASE)
# How a unit is named without being written behind a number: "aged 70", "Share in percentages".
_NAMED_BY = MappingProxyType(
    dict(aged="year", age="year", old="year", yearly="year", annual="year", annually="year", monthly="month")
    | dict(weekly="week", daily="day", hourly="hour", percentage="percent", percentages="percent")
)
_SMALL = "|".join([*TENS, *sorted(ONES, key=len, reverse=True)])
_SCALE = "|".join(SCALES)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?<![\w.,-])(?:\d{{4}}-\d{{2}}-\d{{2}}(?![\w-])|{_DAY}(?: of)? {MONTH}(?:,? \d{{4}}\b)?"
    rf"|{MONTH} {_DAY}(?![\w.]\d|\d)(?:,? \d{{4}}\b)?|{MONTH},? \d{{4}}\b)"
)
_YEAR = re.compile(r"\d{4}")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a date, at `start:end` of the text.

    Attributes:
        written: As the text has it, without scale and unit.
        value: What it is worth, or a date in ISO form ("--05-03" of no year), or the writing of a version.
        unit: "" where none is known; "nth" of an ordinal.
        needed: Whether a source has to hold it; not so for words that may be no numbers.
    """

    written: str
    value: Fraction | str
    unit: str
    start: int
    end: int
    needed: bool = True


@cache
def _number() -> re.Pattern[str]:
    """Built when first needed: it takes longer than an answer, and what is word for word does without."""
    return re.compile(
        r"(?P<sign>(?<![\w)])[-−–](?=[$€£¥]?[\d¼-¾⅐-⅞]))?(?P<money>[$€£¥])?(?<![^\W_])(?<!\d[.,])"
        r"(?:(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*)(?P<and>[¼-¾⅐-⅞])?"
        r"|(?P<part>[¼-¾⅐-⅞])"
        rf"|(?P<spelled>(?:a (?=(?:{_SCALE})\b))?(?:{_SMALL}|{_SCALE}|a dozen|dozen)(?![^\W_])"
        rf"(?:(?:-| and | )(?:{_SMALL}|{_SCALE}|dozen)(?![^\W_]))*)"
        r"(?!-(?:thirds?|quarters?|fifths?|halves)\b)"
        rf"|(?P<ordinal>(?:(?:{'|'.join(TENS)})-)?(?:{'|'.join(_ORDINALS)})(?![^\W_])))"
        r"(?P<nth>(?:st|nd|rd|th)(?![^\W_]))?"
        rf"(?:(?P<short>bn|mn|tn|k)(?![^\W_])|(?P<scale>(?:[ -](?:{_SCALE})\b)*))"
        r"(?:[ -]?(?P<unit>per ?cent|percentage points?|°[cf]?|%|[a-z]{1,12}(?![^\W_])))?",
        re.IGNORECASE,
    )


def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text in order."""
    return tuple(_found(text))


@lru_cache(maxsize=1024)
def units_in(text: str) -> frozenset[str]:
    """The units that a text names anywhere: "Length (km)", "between 5 and 10 percent", "aged 70"."""
    words = [word.lower() for word in _UNIT_WORD.findall(text)]
    return frozenset(unit for word in words if (unit := _unit(word) or _NAMED_BY.get(word, "")))


def is_held(figure: Figure, known: Sequence[Figure], own: Set[str], theirs: Set[str]) -> bool:
    """Whether a figure is among those of a source: equal in value and unit.

    A unit that stands on one side only has to be named on the other side, if not beside the number.

    Args:
        own: The units that the text of the figure names.
        theirs: Those that the source names.
    """
    dates = [other.value for other in known if _is_date(other)]
    if _is_date(figure):
        value = str(figure.value)
        if any(date == value or date.startswith(f"{value}-") for date in map(str, dates)):
            return True
        if value.startswith("--"):
            return any(str(date).endswith(value[1:]) for date in dates)
        # "in 1990 … on 3 May": the day and its year in two places.
        year, rest = value[:4], f"-{value[4:]}"
        return rest in dates and any(other.value == Fraction(year) for other in known)
    if _YEAR.fullmatch(figure.written) and any(str(date).startswith(figure.written) for date in dates):
        return True
    return any(other.value == figure.value and _fit(figure.unit, other.unit, own, theirs) for other in known)


def _fit(unit: str, other: str, own: Set[str], theirs: Set[str]) -> bool:
    if (unit and other) or "nth" in (unit, other):
        return unit == other or not (unit and other)
    # "40 members" and "40 percent of the members" are not the same; what is 90 m long is 90 long.
    return (not unit or unit in theirs) and (other not in _SHARES or other in own)


def _is_date(figure: Figure) -> bool:
    return figure.unit == "date"


def _found(text: str) -> Iterator[Figure]:
    at = 0
    for date in _DATE.finditer(text):
        value = _iso(date.group())
        if value:
            yield from _numbers(text, at, date.start())
            yield Figure(date.group(), value, "date", date.start(), date.end())
            at = date.end()
    yield from _numbers(text, at, len(text))


def _iso(written: str) -> str:
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|\.", "", written)
    if _YEAR.search(plain):
        found = normal_date(plain.title())
        return found if found[:4].isdigit() else ""
    found = normal_date(f"{plain.title()} 2000")  # a leap year, so that 29 February is a day of it
    return f"-{found[4:]}" if found[:4] == "2000" else ""


def _numbers(text: str, start: int, end: int) -> Iterator[Figure]:
    for match in _number().finditer(text, start, end):
        if value := _value(match):
            yield value


def _value(match: re.Match[str]) -> Figure | None:
    last = match.end("unit") if match["unit"] and _unit(match["unit"]) else -1
    core = max(match.end(name) for name in ("whole", "and", "part", "spelled", "ordinal", "nth"))
    end = max(core, match.end("short"), match.end("scale"))
    unit = _unit(match["money"] or "") or (_unit(match["unit"]) if last > 0 else "")
    if unit in _SIGNS and last > 0:
        end = last  # "per cent" may be "%" there
    written = match.string[match.start() : core].lstrip("$€£¥")
    if match["nth"]:
        unit = "nth"
    if match["ordinal"]:
        tens, _, ones = match["ordinal"].lower().rpartition("-")
        worth = Fraction(TENS.get(tens, 0) + _ORDINALS[ones])
        return Figure(written, worth, "nth", match.start(), end, needed=worth > 2)
    value = spelled(match["spelled"]) if match["spelled"] else _digits(match)
    if isinstance(value, Fraction):
        places = sum(SCALES[scale] for scale in re.findall(_SCALE, (match["scale"] or "").lower()))
        value *= 10 ** (places + SHORT_SCALES.get((match["short"] or "").lower(), 0))
        value = -value if match["sign"] else value
    return Figure(written, value, unit, match.start(), end, needed=written.lower() != "one" or bool(unit))


def _unit(written: str) -> str:
    plain = re.sub(r"per ?cent", "percent", written.lower()).replace("percentage point", "percentage-point")
    return _UNITS.get(plain, "")


def _digits(match: re.Match[str]) -> Fraction | str:
    """What digits are worth; what is no number (a version, an address) stays as it is written."""
    whole = match["whole"] or ""
    if len(whole.replace(",", "")) > _LONGEST:
        return whole
    value = digits(whole + (match["and"] or match["part"] or ""))
    return whole if value is None else value
