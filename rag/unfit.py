"""What is asked for in a form that a text can be looked through for: how many members, a price, how deep.

"How many members has the club?" finds "42 boats from nine clubs took part": a number, but of no members. What
is asked counts as said wherever a text may say it, so that hardly any question with an answer is without it:
one in 650 of half of SQuAD 2.0 dev, CLAPnq dev and MTRAG together, of those without an answer one in 110.
"Who" is not among these forms: sentences that name nobody are as rare where the answer is missing.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from index.words import content_terms, term_set, terms
from rag.cells import cells
from rag.generators.base import Evidence
from rag.measures import asks_price, fits
from rag.units import unit_of
from rag.values import values
from rag.vocabulary import Understood

_HOW_MANY = re.compile(
    r"\bhow many (?:(?:more|other|additional|different|total|new|main|major|original|of|the) )*"
    r"(?P<counted>[^\W\d_]+)(?: (?P<next>[^\W\d_]+))?",
    re.IGNORECASE,
)
# People are counted under any name: 40 guests, 12 nurses, 412 employees.
_PEOPLE = """
people person individual man men worker employee staff troop soldier resident inhabitant citizen
"""
_SOME = re.compile(
    r"\b(?:none|no|nobody|few|fewer|several|many|most|all|both|each|every|dozens?|hundreds?|thousands?|half"
    r"|single|an?|one|only|various|numerous|multiple|pair|couple)\b",
    re.IGNORECASE,
)
_BEFORE, _BEHIND = 30, 45
# "How much flour is in it?" has no price; what is paid or earned is worded so.
_PAID = re.compile(
    r"\bhow much (?:is|are|was|were)\b"
    r"|\b(?:costs?|price|pays?|paid|charged?|earn(?:s|ed)?|spen[dt]|salary|fee|fare|budget|rent)\b",
    re.IGNORECASE,
)
_WHAT_PAID = re.compile(
    r"^\W*what (?:do|does|did|will|would|must) .{1,200} pay(?:\W*$| (?:for|at|per|on|an?)\b)", re.IGNORECASE
)
_MONEY = re.compile(
    r"[$€£¥]|(?<![^\W_])(?:euros?|dollars?|pounds?|eur|usd|gbp|chf|cents?|yen|yuan|rupees?|francs?|kroner?"
    r"|krona|cost(?:s|ing)?|pric(?:es?|ed|ing)|tariffs?|fees?|fares?|paid|pay(?:s|ing)?|charge[sd]?|free"
    r"|worth|salar(?:y|ies)|earn(?:s|ed|ing)?|wages?|spent|spend(?:s|ing)?|budgets?|revenues?|rents?"
    r"|million|billion)(?![^\W_])",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\d|\b(?:free|no|included|one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|nothing)\b",
    re.IGNORECASE,
)
# "How long" may be told by a beginning, "how old" by a birthday, "how hot" in words.
_MEASURED = re.compile(r"\bhow (?:tall|wide|deep|heavy|thick|high)\b", re.IGNORECASE)
# What is asked for, and what every text has that tells it; dates are blanked.
_FORMS = (
    (
        re.compile(r"\b(?:tele)?phone number|\b(?:mobile|fax|extension) number", re.IGNORECASE),
        re.compile(
            r"(?:\d[ ()/.-]{0,3}){5,}|\b(?:ext|extension|tel|phone|call|dial|ring|number)\b\W{0,3}\d\d",
            re.IGNORECASE,
        ),
    ),
    (re.compile(r"\be-?mail add?ress\b", re.IGNORECASE), re.compile(r"\S@\S")),
    (
        re.compile(r"\b(?:web ?site|web address|web ?page|home ?page|url)\b", re.IGNORECASE),
        re.compile(r"https?:|www\.|[\w-]\.[a-z]{2,4}\b", re.IGNORECASE),
    ),
    (
        re.compile(r"\b(?:street|postal|mailing|home) address\b", re.IGNORECASE),
        re.compile(r"[^\W\d_a-z][\w’'-]* \d|\d\w?,? [^\W\d_a-z]|(?:street|stra(?:ß|ss)e|road|lane)\b"),
    ),
    (
        re.compile(
            r"\b(?:passcode|(?:access|door|gate|entry|security|alarm|booking|post|zip) code)\b",
            re.IGNORECASE,
        ),
        re.compile(r"(?<![\w.:])(?=[\w-]*\d)[A-Z\d-]{3,}(?![\w:])|[“\"'`‘][^“”\"'`’]{3,20}[”\"'`’]"),
    ),
)
_FOR_FORMS = re.compile(r"^\W*what(?:'s|’s|s| is| was| are)\b|\bwhich\b|\bgive me\b", re.IGNORECASE)


def unfit(understood: Understood, items: Sequence[Evidence], light: frozenset[str]) -> tuple[str, ...]:
    """What of a question asks for something that none of the sentences has, as it is written there.

    Args:
        items: The sentences, those around them included.
        light: Terms that carry no matter; what they name is not counted as such.
    """
    query = understood.query
    return (
        *_uncounted(understood, items, light),
        *_unpriced(query, items),
        *_unmeasured(query, items),
        *_unformed(query, items),
    )


def _uncounted(understood: Understood, items: Sequence[Evidence], light: frozenset[str]) -> Iterator[str]:
    asked = _HOW_MANY.search(understood.query)
    # What no document calls so is probably called otherwise: ten crossings, where trips are asked about.
    if asked is None or asked["counted"] in understood.unknown or unit_of(asked["counted"])[0]:
        return
    spelled = dict(change.split(" → ") for change in understood.corrected)
    counted = frozenset(content_terms(spelled.get(asked["counted"], asked["counted"])))
    if not counted or counted <= light or counted & _people():
        return
    wanted = counted | frozenset(content_terms(asked["next"] or ""))
    if not any(_counts(item, wanted) for item in items):
        yield understood.query[asked.start() : asked.end("counted")]


def _counts(item: Evidence, wanted: frozenset[str]) -> bool:
    """Whether a number, or another word for how many, stands beside what is counted."""
    text = item.said
    above = not wanted.isdisjoint(term_set(item.heading) | term_set(item.title))
    if not above and wanted.isdisjoint(term_set(text)):
        return False
    numbers = values(text, "number")
    if numbers and (above or cells(text)):
        return True
    beside = [text[max(0, found.start - _BEFORE) : found.end + _BEHIND] for found in numbers]
    beside += [text[found.start() : found.end() + _BEHIND] for found in _SOME.finditer(text)]
    return any(not wanted.isdisjoint(term_set(part)) for part in beside)


def _unpriced(query: str, items: Sequence[Evidence]) -> Iterator[str]:
    asked = _PAID.search(query) if asks_price(query) or _WHAT_PAID.search(query) else None
    if asked and not any(_is_priced(item) for item in items):
        yield asked.group()


def _is_priced(item: Evidence) -> bool:
    return bool(_AMOUNT.search(item.said) and _MONEY.search(f"{item.heading} {item.title} {item.said}"))


def _unmeasured(query: str, items: Sequence[Evidence]) -> Iterator[str]:
    asked = _MEASURED.search(query)
    if asked and not any(fits(query, value.text) for item in items for value in values(item.said, "number")):
        yield asked.group()


def _unformed(query: str, items: Sequence[Evidence]) -> Iterator[str]:
    if not _FOR_FORMS.search(query):
        return
    for asks, form in _FORMS:
        if (asked := asks.search(query)) and not any(form.search(_undated(item)) for item in items):
            yield asked.group()


def _undated(item: Evidence) -> str:
    """A sentence without its dates, "May 2026" looking like a house in a street."""
    text = item.said
    for date in values(text, "date"):
        text = f"{text[: date.start]}{' ' * (date.end - date.start)}{text[date.end :]}"
    return text


@cache
def _people() -> frozenset[str]:
    return frozenset(terms(_PEOPLE))
