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
from rag.numerals import ONES, TENS
from rag.standing import standing
from rag.values import Kind, Value, asked_kind, values
from rag.vocabulary import Understood, name_terms, names_in

_GIVES_NEW = (
    r"(?:[,(;] ?|\b(?:and|but) )not(?:, as [^,.;]{1,40},)? (?:in |on |at |from |for |by |the )*[\w£$€]"
    r"|\binstead\b|\brather than (?:in |on |at |the )*(?:\d|[A-Z]\w+day)"
    r"|\bcorrect(?:ed|ion)\b|\bnew (?:date|day|time|place|venue|price|fee|rent|rate|deadline|number): "
    r"|\b(?:moved|moves|postponed|put off|brought forward|put back|rescheduled|shifted|shifts|changed"
    r"|changes) (?:\w+ )?(?:to|from)\b|\bmove to\b|\b(?:is|are|will|has|have|was) now\b"
    r"|\bnow (?:be|is|are|takes?|costs?|starts?|on|at)\b"
)
# Of a sum they take the old one back; of anything else they tell how it grew.
_NEW_SUM = (
    r"\b(?:raised?|raises|lower(?:ed|s)?|reduce[ds]?|increase[ds]?|cut|extended|rises?|rose|falls?|fell"
    r"|(?:go(?:es)?|went|will go) (?:up|down)) (?:by [^,;.]{1,20} )?(?:to|from) (?:\w+ )?"
    rf"(?:[\d£$€]|(?:{'|'.join([*ONES, *TENS])})\b)"
)
_TAKES_OLD = r"\bno longer\b|\breplace[sd]\b|\bwithdrawn\b|\bsupersede[sd]?\b|\bcancelled\b"
_CORRECTS = re.compile(f"{_GIVES_NEW}|{_TAKES_OLD}", re.IGNORECASE)
_CORRECTS_TO = re.compile(_GIVES_NEW, re.IGNORECASE)
_CORRECTS_SUM = re.compile(f"{_GIVES_NEW}|{_NEW_SUM}", re.IGNORECASE)
_OLD = re.compile(
    r"\b(?:instead of|rather than|not)(?:, as [^,.;]{1,40},)?(?: (?:in|on|at|from|for|by|the|about|only))* $",
    re.IGNORECASE,
)
_OLD_FROM = re.compile(r"\bfrom (?:the )?$", re.IGNORECASE)
_NEW_BEHIND = re.compile(r"(?: [^\W\d]+){0,3} to ")
_NOW = re.compile(
    r"\W*(?:who|which|where|what)(?:['’]?s|\b.{0,60}? (?:is|are|do|does|can|must|will))\b", re.IGNORECASE
)
_PAST = re.compile(r"\b(?:was|were|did|had|used to)\b", re.IGNORECASE)
_ALIKE = 4
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
    own, other = (standing(kind, each.text, values(each.text, kind)) for each in (first, item))
    said = {value.text for value in own}
    return any(value.text not in said for value in other) and any(
        agree(kind, one.text, value.text) is False for value in other for one in own
    )


def takes_back(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether a sentence gives the new date or number of what the first gives the old one of.

    The first corrects nothing itself and is not of a later date.
    """
    kind = asked_kind(understood.query)
    return (
        kind in ("date", "number")
        and (first.document == item.document or first.date <= item.date)
        and _gives_new(kind, item.text)
        and not corrects(first.text)
        and says_otherwise(understood, first, item)
    )


@lru_cache(maxsize=8192)
def _gives_new(kind: Kind, text: str) -> bool:
    """Whether a text takes a value of a kind back: "on 9 May instead of the 2nd" does a date, and no sum."""
    pattern = _CORRECTS_SUM if kind == "number" else _CORRECTS_TO
    if not pattern.search(text):
        return False
    other: Kind = "date" if kind == "number" else "number"
    return _takes_old(kind, text) or not _takes_old(other, text)


def _takes_old(kind: Kind, text: str) -> bool:
    """Whether a value of a kind is told as the old one."""
    return any(
        _OLD.search(text, 0, value.start)
        or (_OLD_FROM.search(text, 0, value.start) and _is_left(text, value))
        for value in values(text, kind)
    )


def _is_left(text: str, value: Value) -> bool:
    """Whether a value is what a change starts from: "from 22 to 27 euros"."""
    return bool(_NEW_BEHIND.match(text, value.end) or _NEW_BEHIND.search(value.text))


def is_newer(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether a sentence of a later document says of all that the first speaks of another value or name."""
    return (
        "" < first.date < item.date
        and first_day(first.date) < first_day(item.date)
        and _says_another(understood, first, item)
        and _speaks_of_all(understood, first, item)
    )


def _says_another(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether two sentences give other values; other names do where it is asked what holds now."""
    query = understood.query
    kind = asked_kind(query)
    if kind in ("date", "number"):
        return says_otherwise(understood, first, item)
    if kind == "reason" or not _NOW.match(query) or _PAST.search(query) or not _is_about(understood, item):
        return False
    asked = frozenset(understood.terms)
    own, other = (_named(kind, each.said) - asked for each in (first, item))
    return bool(own and other) and not own & other


@lru_cache(maxsize=8192)
def _named(kind: Kind, text: str) -> frozenset[str]:
    """The terms of the persons that a text names, or of all its names where another kind is asked for."""
    found = [value.text for value in values(text, kind)] if kind == "person" else names_in(text)
    return frozenset(term for name in found for term in term_set(name))


def _speaks_of_all(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether an item has all words of the question that the first has, though in another form."""
    own, other = (
        term_set(each.title).union(term_set(each.heading), term_set(each.said)) for each in (first, item)
    )
    asked = own.intersection(understood.terms)
    return all(any(_is_form(term, said) for said in other) for term in asked - other)


def _is_form(one: str, other: str) -> bool:
    """Whether two terms may be forms of one word: "taken" and "take", "closure" and "close"."""
    shared = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return shared >= _ALIKE and min(len(one), len(other)) - shared <= 1


def _is_about(understood: Understood, item: Evidence) -> bool:
    """Whether it has a word of the question, and with title and heading all its names and some more."""
    asked = frozenset(understood.terms)
    around = term_set(item.title).union(term_set(item.heading), term_set(item.text))
    return (
        bool(term_set(item.text) & asked)
        and name_terms(understood.query) <= around
        and understood.coverage(around & asked) >= _ABOUT
    )
