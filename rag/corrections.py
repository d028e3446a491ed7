"""Sentences that say otherwise than the one that answers best: another date, another sum, a correction.

A corrected mail rarely repeats the names of the one it corrects ("The trip is on Friday, not Thursday"), so
they may stand in its title and its heading. What it is about has to stand there, too.
"""

import re
from functools import lru_cache

from index.dates import first_day
from index.words import term_set
from rag.agreement import agree
from rag.generators.base import Evidence
from rag.values import asked_kind, values
from rag.vocabulary import Understood, name_terms

_GIVES_NEW = (
    r"(?:[,(;] ?|\b(?:and|but) )not (?:in |on |at |from |for |by |the )*[\w£$€]|\binstead\b"
    r"|\bcorrect(?:ed|ion)\b|\b(?:moved|moves|postponed|brought forward|put back|rescheduled|shifted|shifts"
    r"|changed|changes) (?:\w+ )?(?:to|from)\b|\b(?:is|are|will|has|have|was) now\b"
    r"|\bnow (?:be|is|are|takes?|costs?|starts?|on|at)\b"
)
_TAKES_OLD = r"\bno longer\b|\breplace[sd]\b|\bwithdrawn\b|\bsupersede[sd]?\b|\bcancelled\b"
_CORRECTS = re.compile(f"{_GIVES_NEW}|{_TAKES_OLD}", re.IGNORECASE)
_CORRECTS_TO = re.compile(_GIVES_NEW, re.IGNORECASE)
_ABOUT = 0.4


@lru_cache(maxsize=8192)
def corrects(text: str) -> bool:
    """Whether a text has words that take something back that was said before."""
    return bool(_CORRECTS.search(text))


def says_otherwise(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether a sentence tells the same thing as the first, and another value of it.

    Where yes or no is asked, which is no value, it has to have the words of a correction.
    """
    if not _is_about(understood, item):
        return False
    kind = asked_kind(understood.query)
    if kind not in ("date", "number"):
        return corrects(item.text)
    own, other = values(first.text, kind), values(item.text, kind)
    said = {value.text for value in own}
    return any(value.text not in said for value in other) and any(
        agree(kind, one.text, value.text) is False for value in other for one in own
    )


def takes_back(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether a sentence gives the new date or number of what the first gives the old one of.

    The first corrects nothing itself and is not of a later date.
    """
    return (
        asked_kind(understood.query) in ("date", "number")
        and (first.document == item.document or first.date <= item.date)
        and corrects(item.text)
        and bool(_CORRECTS_TO.search(item.text))
        and not corrects(first.text)
        and says_otherwise(understood, first, item)
    )


def is_newer(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether a sentence of a later document says of all that the first speaks of another date or number."""
    return (
        asked_kind(understood.query) in ("date", "number")
        and "" < first.date < item.date
        and first_day(first.date) < first_day(item.date)
        and _of(understood, first) <= _of(understood, item)
        and says_otherwise(understood, first, item)
    )


def _of(understood: Understood, item: Evidence) -> frozenset[str]:
    return (
        term_set(item.title).union(term_set(item.heading), term_set(item.said)).intersection(understood.terms)
    )


def _is_about(understood: Understood, item: Evidence) -> bool:
    """Whether it has a word of the question, and with title and heading all its names and some more."""
    asked = frozenset(understood.terms)
    around = term_set(item.title).union(term_set(item.heading), term_set(item.text))
    return (
        bool(term_set(item.text) & asked)
        and name_terms(understood.query) <= around
        and understood.coverage(around & asked) >= _ABOUT
    )
