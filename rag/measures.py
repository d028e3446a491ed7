"""Whether a number can be the answer: "how long" wants a time or a length, never a price.

Only what surely does not fit is refused; a question whose measure no rule knows takes every number.
"""

import re
from functools import lru_cache
from types import MappingProxyType

from rag.quantities import quantity
from rag.units import unit_of

_MONEY = frozenset("dollar euro pound yen yuan rupee franc".split())
_TIME = frozenset({"second", "month"})
_LENGTH = frozenset({"metre"})
_COUNT = frozenset({""})
_SHARES = frozenset({"percent"})
_BY_WORD = MappingProxyType(
    {
        "long": _TIME | _LENGTH,
        "old": _TIME | _COUNT,
        "tall": _LENGTH,
        "wide": _LENGTH,
        "deep": _LENGTH,
        "far": _LENGTH | _TIME,
        "heavy": frozenset({"gram"}),
        "fast": frozenset({"metre an hour", ""}),
        "temperature": frozenset({"degree", "degree Celsius", "degree Fahrenheit", "kelvin"}),
    }
)
# Of these the measure is open, but they are never told in money or in time; sums are.
_SIZE = re.compile(r"\bhow (?:big|large)\b", re.IGNORECASE)
_SUM = re.compile(
    r"\bhow (?:big|large|high) (?:\S+ ){1,4}?(?:bills?|bonus(?:es)?|budget|charges?|compensation|costs?"
    r"|damages?|debts?|deficit|deposit|donations?|fares?|fees?|fines?|grants?|invoices?|loans?|loss(?:es)?"
    r"|payments?|premium|prices?|prize|profits?|rent|reward|salary|salaries|sum|surcharge|tax|tip|turnover"
    r"|wages?)\b",
    re.IGNORECASE,
)
# And these by how many they are.
_MANY = re.compile(
    r"\bhow (?:big|large) (?:\S+ ){1,4}?(?:army|audience|choir|class|club|committee|community|company|council"
    r"|crew|crowd|delegation|faculty|family|fleet|flock|force|group|herd|household|membership|orchestra|party"
    r"|population|squad|staff|team|workforce)\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"(?:\d(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|ninth|tenth)$", re.IGNORECASE
)
_HOW = re.compile(
    r"\bhow (long|old|tall|wide|deep|far|heavy|fast)\b|\b(?:what|which) (temperature)\b", re.IGNORECASE
)
_HOW_MANY = re.compile(r"\bhow many (?:(?:more|other|additional) )*([^\W\d_]+)", re.IGNORECASE)
_PRICE = re.compile(
    r"\bhow much (?:\S+ ){0,8}?(?:cost|paid|pay|charged?|spent|spend|earn|earned"
    r"|is (?!\w*(?:ed|kept|taken|lost|withheld)\b)(?:an? |the )?\S+)\b"
    r"|^\W*what (?:do|does|did|will|would) .{1,200} (?:cost|earn)\b"
    r"|\b(?:price|cost|fee|fare|salary|budget|revenue|turnover|income) (?:of|for)\b",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(r"\bhow much (?:is|are|was|were|will|does|do|did)\b", re.IGNORECASE)
# Of people and of "how many" there are whole ones; a share or a density is another measure.
_WHOLE = re.compile(r"\bhow many\b|\bpopulation of\b", re.IGNORECASE)
_BROKEN = re.compile(r"\d\.\d+(?!\d| ?(?:thousand|[mbt]r?illion|k|mn?|bn?|tn)\b)", re.IGNORECASE)
_SHARE = re.compile(
    r"\b(?:what|which) (?:per ?cent|percentage|proportion|share)\b|\bthe (?:percentage|proportion) of\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def asks_price(question: str) -> bool:
    """Whether a question asks what something costs."""
    return _PRICE.search(question) is not None


def asks_size(question: str) -> bool:
    """Whether a question asks how large or how old something is, and not how many there are."""
    return bool(_SIZE.search(question) or _HOW.search(question))


def asks_measure(question: str) -> bool:
    """Whether a question asks how large something is that is not told by a count alone, as a crew is."""
    return bool(_SUM.search(question) or (_SIZE.search(question) and not _MANY.search(question)))


@lru_cache(maxsize=4096)
def fits(question: str, value: str) -> bool:
    """Whether a number, as a text has it, is of the measure that a question asks for."""
    if _SIZE.search(question) and _ORDINAL.search(value):
        return False
    found = quantity(value)
    if found is None:
        return True
    if _BROKEN.search(value) and _WHOLE.search(question):
        return False
    if _HOW_MUCH.search(question) and found.unit in _TIME:
        return False
    if _SUM.search(question):
        return found.unit in _MONEY | _COUNT | _SHARES
    if _SIZE.search(question):
        return found.unit not in _MONEY | _TIME
    if how := _HOW.search(question):
        return found.unit in _BY_WORD[(how[1] or how[2]).lower()]
    if many := _HOW_MANY.search(question):
        base, _ = unit_of(many[1])
        return found.unit == base or (bool(base) and not found.unit)
    if _SHARE.search(question):
        return found.unit in ("percent", "")
    return not _PRICE.search(question) or found.unit in _MONEY | _COUNT
