"""Numbers in digits or words, and scales: what `rag/figures.py` and `rag/quantities.py` both read."""

import re
from fractions import Fraction
from types import MappingProxyType
from unicodedata import numeric

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
ONES = MappingProxyType({word: value for value, word in enumerate(_UNITS)})
TENS = MappingProxyType(
    {
        word: 10 * value
        for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
    }
)
# Powers of ten.
SCALES = MappingProxyType({"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12})
SHORT_SCALES = MappingProxyType({"k": 3, "mn": 6, "bn": 9, "tn": 12})
_DOZEN = 12
_WORD = re.compile(r"[a-z]+")
_GROUPED = re.compile(r"[,\u00a0\u202f]")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")


def spelled(written: str) -> Fraction:
    """What "two hundred and fifty thousand" is worth: sum up to a scale, multiply, go on."""
    total = group = 0
    for word in _WORD.findall(written.lower()):
        if word == "dozen":
            group = max(group, 1) * _DOZEN
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in SCALES:
            total, group = total + max(group, 1) * 10 ** SCALES[word], 0
        else:
            group += ONES.get(word, 0) + TENS.get(word, 0)
    return Fraction(total + group)


def digits(written: str) -> Fraction | None:
    """What digits are worth, thousands set off or not, with or without a fraction sign ("2½") behind them.

    None where they are no number: a version, an address.
    """
    plain = _GROUPED.sub("", written)
    whole, sign = (plain, "") if plain[-1].isdecimal() else (plain[:-1], plain[-1])
    if whole and not _PLAIN.fullmatch(whole):
        return None
    return Fraction(whole or 0) + Fraction(numeric(sign, 0.0) if sign else 0).limit_denominator(10)
