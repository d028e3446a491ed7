"""Do two values say the same? Dates by their days, numbers by their worth, names by their words.

Never a guess: where two values cannot be compared the answer is None, and nobody is said to differ.
"""

from index.words import content_terms
from rag.causes import is_intent
from rag.periods import Period, bound, period
from rag.quantities import Quantity, quantity
from rag.values import Kind

_SEEN_BEFORE = 30
_SAME_WORDS = 0.5
_SHORTEST_CUT = 5


def agree(kind: Kind, one: str, other: str, before_one: str = "", before_other: str = "") -> bool | None:
    """Whether two values of a kind agree; None where they cannot be compared.

    Args:
        one: A value as its text has it.
        other: Another.
        before_one: The text in front of the first: "about", "over" and "by" change what it says.
        before_other: The same of the second.
    """
    if kind == "date":
        if (same := bound(before_one)) and same == bound(before_other):
            before_one = before_other = ""  # "before 15 April" and "before 30 April" are bounds of one thing
        days = period(one, before_one[-_SEEN_BEFORE:]), period(other, before_other[-_SEEN_BEFORE:])
        return _same_days(*days)
    if kind == "number":
        worth = quantity(one, before_one[-_SEEN_BEFORE:]), quantity(other, before_other[-_SEEN_BEFORE:])
        return _same_worth(*worth)
    words, others = frozenset(content_terms(one)), frozenset(content_terms(other))
    if not words or not others:
        return None
    shared = len(words & others)
    if kind == "reason" and is_intent(one) and is_intent(other):
        return True
    if kind == "reason":  # "flawed intel" and "intelligence failures"
        shared = sum(any(_is_short_for(word, other) for other in others) for word in words)
    if kind in ("person", "place"):
        return shared == min(len(words), len(others)) or (kind == "person" and _same_family(one, other))
    return shared >= _SAME_WORDS * min(len(words), len(others))


def _is_short_for(one: str, other: str) -> bool:
    """Whether two words are one, or one is the other cut short."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _SHORTEST_CUT and long.startswith(short))


def _same_days(one: Period | None, other: Period | None) -> bool | None:
    if one is None or other is None:
        return None
    if one.yearly == other.yearly:
        return one.first <= other.last and other.first <= one.last
    dated = other if one.yearly else one
    if dated.first[:4] != dated.last[:4]:
        return None
    same = one.first[5:] <= other.last[5:] and other.first[5:] <= one.last[5:]
    return None if same else False


def _same_worth(one: Quantity | None, other: Quantity | None) -> bool | None:
    if one is None or other is None or (one.unit and other.unit and one.unit != other.unit):
        return None
    overlap = one.low <= other.high and other.low <= one.high
    return overlap if one.unit == other.unit else (True if overlap else None)


def _same_family(one: str, other: str) -> bool:
    """ "J. Smith" may be "John Smith": the last words are equal and the first letters too."""
    first, last = one.split(), other.split()
    return (
        first[-1].lower() == last[-1].lower()
        and first[0][:1].lower() == last[0][:1].lower()
        and (len(first[0].strip(".")) == 1 or len(last[0].strip(".")) == 1)
    )
