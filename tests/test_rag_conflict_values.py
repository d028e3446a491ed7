"""What values are worth, and which of them say the same."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.agreement import agree
from rag.causes import stated_causes
from rag.periods import Period, period
from rag.quantities import Quantity, quantity
from rag.values import Kind, values

DAY, WEEK = 86_400, 604_800


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 May 1990", ("1990-05-03", "1990-05-03")),
        ("May 3rd, 1990", ("1990-05-03", "1990-05-03")),
        ("1990-05-03", ("1990-05-03", "1990-05-03")),
        ("May 1990", ("1990-05-01", "1990-05-31")),
        ("1990", ("1990-01-01", "1990-12-31")),
        ("1990s", ("1990-01-01", "1999-12-31")),
        ("1900s", ("1900-01-01", "1999-12-31")),
        ("19th century", ("1801-01-01", "1900-12-31")),
        ("1990–95", ("1990-01-01", "1995-12-31")),
        ("1990 to 1995", ("1990-01-01", "1995-12-31")),
        ("5 to 8 May 2025", ("2025-05-05", "2025-05-08")),
        ("May 5-8, 2025", ("2025-05-05", "2025-05-08")),
        ("28 April to 3 May 2021", ("2021-04-28", "2021-05-03")),
        ("June–July 1999", ("1999-06-01", "1999-07-31")),
        ("last year", None),
        ("Tuesday", None),
        ("the 7th of next month", None),
        ("03/04/2021", None),
        ("31 February 1999", None),
    ],
)
def test_a_date_is_its_days(text: str, days: tuple[str, str] | None) -> None:
    """Granularity is the length of the period; what has more than one reading has none."""
    assert period(text) == (None if days is None else Period(*days))


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("26 weeks", 26 * WEEK, 26 * WEEK, "second"),
        ("26-week", 26 * WEEK, 26 * WEEK, "second"),
        ("26–30 weeks", 26 * WEEK, 30 * WEEK, "second"),
        ("$30 million", 30_000_000, 30_000_000, "dollar"),
        ("$30m", 30_000_000, 30_000_000, "dollar"),
        ("30m", 30, 30, "metre"),
        ("4.35 billion euros", 4_350_000_000, 4_350_000_000, "euro"),
        ("€4,350 million", 4_350_000_000, 4_350_000_000, "euro"),
        ("5 to 8 million euros", 5_000_000, 8_000_000, "euro"),
        ("twenty-six", 26, 26, ""),
        ("two hundred and fifty thousand", 250_000, 250_000, ""),
        ("a million", 1_000_000, 1_000_000, ""),
        ("2½", Fraction(5, 2), Fraction(5, 2), ""),
        ("−5", -5, -5, ""),
        ("12 %", 12, 12, "percent"),
        ("10-15", 10, 15, ""),
    ],
)
def test_a_number_is_its_worth(text: str, low: Fraction | int, high: Fraction | int, unit: str) -> None:
    """Digits or words, scale, currency and unit come to an interval in a base unit."""
    assert quantity(text) == Quantity(Fraction(low), Fraction(high), unit)


@pytest.mark.parametrize("text", ["dozens", "half", "3rd", "9" * 60, "2 weeks to 5 km"])
def test_what_is_no_amount_has_no_worth(text: str) -> None:
    """Vague words, ranks and absurd lengths are found in a text but never compared."""
    assert quantity(text) is None


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("date", "1990", "3 May 1990", True),
        ("date", "1990", "May 1991", False),
        ("date", "5 to 8 May 2025", "7 May 2025", True),
        ("date", "3 May", "3 May 1990", None),
        ("date", "3 May", "4 June 1990", False),
        ("date", "last year", "1990", None),
        ("number", "26 weeks", "12 weeks", False),
        ("number", "26 weeks", "182 days", True),
        ("number", "4.35 billion", "4,350 million", True),
        ("number", "4.35 billion euros", "€4.35bn", True),
        ("number", "30 million dollars", "30 million euros", None),
        ("number", "10 to 15", "12", True),
        ("number", "10 to 15", "16", False),
        ("number", "twenty-six", "26", True),
        ("number", "100", "100.5", False),
        ("number", "5 km", "5000 m", True),
        ("number", "20 °C", "68 °F", None),
        ("number", "700", "12 weeks", None),
        ("person", "Ana Petrov", "Petrov", True),
        ("person", "A. Petrov", "Ana Petrov", True),
        ("person", "Ana Petrov", "Ivo Petrov", False),
        ("place", "Arlen", "Arlen, Veld County", True),
        ("place", "Arlen", "Lund", False),
        ("reason", "a broken lamp", "the lamp that broke", True),
        ("reason", "a broken lamp", "two drunken sailors", False),
    ],
)
def test_agreement(kind: Kind, one: str, other: str, same: bool | None) -> None:
    """Equal, overlapping or containing values agree; disjoint ones differ; the rest cannot be compared."""
    assert agree(kind, one, other) is same
    assert agree(kind, other, one) is same


@pytest.mark.parametrize(
    ("kind", "before", "one", "other", "same"),
    [
        ("number", "It has about ", "100", "100.5", True),
        ("number", "It has about ", "100", "102", False),
        ("number", "It has over ", "4,000", "4,200", True),
        ("number", "It has up to ", "100", "80", True),
        ("date", "It was built about ", "1835", "1837", True),
        ("date", "It was built about ", "1835", "1870", False),
        ("date", "It was closed by ", "1990", "1985", None),
    ],
)
def test_what_stands_before_a_value_counts(
    kind: Kind, before: str, one: str, other: str, same: bool | None
) -> None:
    """ "About" gives one per cent or five years, "over" and "up to" open a side, "by" makes it no value."""
    assert agree(kind, one, other, before, "It has ") is same


PIECES = st.sampled_from(
    "1 5 12 1990 2025 26 ½ - – to and of the about over May 3rd June, weeks km € $ % million hundred twenty"
    " six 1,000 4.35 -5 ² ٣ İ , . ( in Arlen Ana Petrov because blamed on".split()
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=12).map(" ".join)


@given(TEXTS, TEXTS, st.sampled_from(["date", "number", "person", "place", "reason"]))
def test_any_values_can_be_compared(one: str, other: str, kind: Kind) -> None:
    """Comparing never fails, does not depend on the order, and a value with a worth agrees with itself."""
    left = [*values(one, kind), *stated_causes(one)]
    right = [*values(other, kind), *stated_causes(other)]
    for value in left:
        before = one[: value.start]
        assert agree(kind, value.text, value.text, before, before) in (True, None)
        for second in right:
            forth = agree(kind, value.text, second.text, before, other[: second.start])
            assert agree(kind, second.text, value.text, other[: second.start], before) is forth


@given(TEXTS)
def test_worth_is_an_interval(text: str) -> None:
    """No quantity and no period ends before it begins."""
    for value in values(text, "number"):
        worth = quantity(value.text, text[: value.start])
        assert worth is None or worth.low <= worth.high
    for value in values(text, "date"):
        days = period(value.text, text[: value.start])
        assert days is None or days.first <= days.last


@given(TEXTS)
def test_reasons_stand_at_their_offsets(text: str) -> None:
    """A stated reason is cut from its sentence."""
    assert all(text[value.start : value.end] == value.text for value in stated_causes(text))


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("The fire was caused by a broken lamp.", ["a broken lamp"]),
        ("Police blamed the fire on two drunken sailors, who fled.", ["two drunken sailors"]),
        ("They apologised, attributing it to poor charts.", ["poor charts"]),
        ("It failed due to rust; nobody looked.", ["rust"]),
        ("It failed after a storm.", []),
    ],
)
def test_only_attributed_reasons_count(text: str, reasons: list[str]) -> None:
    """What merely came before is no reason."""
    assert [value.text for value in stated_causes(text)] == reasons
