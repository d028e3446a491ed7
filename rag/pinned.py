"""Years and identifiers of a question: what pins it down to the letter.

"What was the budget in 2022?" has no answer in a passage on the budget that says 2025, nor has "the default
of heartbeat_interval" in one on poll_interval. Of the questions of SQuAD 2.0 dev with a year, one in 270 that
have an answer names a year that its article lacks, of those without an answer one in five.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index import Document
from rag.identifiers import identifiers
from rag.retrieve import Hit

_BEFORE = (
    "in|of|since|until|till|by|from|to|during|before|after|for|year|and|between|early|late|mid|the|an?|its|their"
    "|around|about"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
# "In 2019", not "of 2000 employees": what is counted stands in the plural.
_YEAR = re.compile(
    rf"(?:\b(?:{_BEFORE}|{_MONTHS})|\d,)\s(?P<year>1\d{{3}}|20\d{{2}})\b(?![.,:]\d|[’'%]|\s[a-z]+s\b)",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"(?<!\d)(?P<first>1\d{3}|20\d{2})(?:\s?(?:[-–—/]|to|until)\s?(?P<last>\d{4}|\d{2}))?(?!\d)"
)
_DECADE = re.compile(r"(?<!\d)(?P<decade>1\d\d|20\d)0(?:s|’s|'s)")
_CENTURY = re.compile(r"(?<!\d)(?P<century>1[0-9]|2[01])(?:th|st)[ -]centur", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:last|next|previous|coming|this) year\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pinned:
    """What the years and identifiers of a question leave.

    Attributes:
        missing: Those that none of the passages found speaks of.
        apart: Documents found that speak of none of the years, so what they say is of another time.
    """

    missing: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()


_LOOSE = Pinned()


def pinned(query: str, hits: Sequence[Hit], source: Callable[[str], Document]) -> Pinned:
    """Compare the years and identifiers of a question with the passages found; mostly there are none.

    Args:
        query: The question.
        hits: The passages found.
        source: Gives a document by its path; its title and date count too.
    """
    years = {match["year"]: int(match["year"]) for match in _YEAR.finditer(query)}
    named = identifiers(query)
    if not years and not named:
        return _LOOSE
    spoken: dict[str, set[str]] = {}
    texts = []
    for hit in hits:
        document = source(hit.chunk.document)
        text = f"{document.title}\n{hit.chunk.heading}\n{hit.chunk.text}"
        texts.append(text)
        told = {name for name, year in years.items() if _speaks_of(year, text, document.date[:4])}
        spoken.setdefault(document.path, set()).update(told)
    missing = [name for name in years if not any(name in told for told in spoken.values())]
    missing += [each.name for each in named if not any(map(each.pattern.search, texts))]
    apart = frozenset(path for path, told in spoken.items() if years and not told)
    return Pinned(tuple(dict.fromkeys(missing)), apart)


def _speaks_of(year: int, text: str, date: str) -> bool:
    published = int(date) if date.isdecimal() else 0
    if published == year or (abs(published - year) == 1 and _RELATIVE.search(text)):
        return True
    return any(first <= year <= last for first, last in _periods(text))


def _periods(text: str) -> Iterator[tuple[int, int]]:
    for match in _WRITTEN.finditer(text):
        first, last = match["first"], match["last"] or ""
        yield int(first), max(int(first), int(first[: 4 - len(last)] + last))
    for match in _DECADE.finditer(text):
        yield int(match["decade"]) * 10, int(match["decade"]) * 10 + 9
    for match in _CENTURY.finditer(text):
        yield int(match["century"]) * 100 - 99, int(match["century"]) * 100
