"""Rows of a table as documents have them, "header: value; header: value", and the cell a question asks for.

A cell is only told where its header is in the question, or is a usual one for what is asked (a name for
"who"), and no other header fits as well: a wrong cell of the right row would look like an answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from index.words import content_terms, term_set
from rag.agreement import agree
from rag.values import Kind, asked_kind, has_value, values
from rag.vocabulary import name_terms

_PART = re.compile(r"(?P<header>[^\W_][^:;.|]{0,39}): (?P<value>\S.*)", re.DOTALL)
_BETWEEN = "; "
_FEWEST = 2
_BRACKETS = re.compile(r"\([^)]*\)")
_HEADERS = MappingProxyType(
    {
        "person": frozenset("name person by author who contact employee holder owner".split()),
        "date": frozenset("date day year when since time month".split()),
        "place": frozenset("place location city town where country port address site venue".split()),
    }
)
# "How long" is answered under "length": what a measure is called when it heads a column.
_NOUNS = MappingProxyType(
    {
        "long": "length duration",
        "fast": "speed",
        "old": "age",
        "tall": "height",
        "high": "height elevation altitude",
        "wide": "width",
        "deep": "depth",
        "heavy": "weight",
        "weigh": "weight",
        "big": "size area",
        "large": "size area",
        "far": "distance",
        "much": "price cost fee amount",
        "cost": "price fee",
        "price": "cost",
    }
)
_LETTER = re.compile(r"(?<=\w )([A-HJ-Z])(?![\w.'’&-]| [A-Z])")
_COMPLETED = re.compile(r"(?<=\?) \([^()]*\)$")
_WORD = re.compile(r"[^\W\d_]+")
_ASKED_NOUN = re.compile(r"\b(?:what|which|whose)\s+(?:(?:is|are|was|were)\s+)?(?:the\s+)?([^\W\d_]+)", re.I)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row, at `start:end` of the row's text, and what stands over it."""

    header: str
    value: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def cells(text: str) -> tuple[Cell, ...]:
    """The cells of a row; none if the text is no row with headers."""
    found: list[Cell] = []
    at = 0
    for part in text.split(_BETWEEN):
        match = _PART.fullmatch(part)
        if match:
            start = at + match.start("value")
            found.append(Cell(match["header"], match["value"], start, at + len(part)))
        elif not found:
            return ()
        else:  # the value before goes on: it has a semicolon in it
            last = found.pop()
            found.append(Cell(last.header, text[last.start : at + len(part)], last.start, at + len(part)))
        at += len(part) + len(_BETWEEN)
    return tuple(found) if len(found) >= _FEWEST else ()


def row_terms(text: str) -> frozenset[str]:
    """The terms of a row's values, which tell the row from others of its table."""
    return frozenset().union(*[term_set(cell.value) for cell in cells(text)])


def row_key(question: str, text: str) -> frozenset[str]:
    """What a question and the values of a row have in common: terms, and a date however it is written."""
    if not cells(text):
        return frozenset()
    held = row_terms(text)
    dates = [value.text for value in values(question, "date")]
    found = [value.text for value in values(text, "date")] if dates else []
    same = {f"date {date}" for date in dates if any(agree("date", date, other) for other in found)}
    same |= {f"letter {cell.value}" for cell in cells(text) if cell.value in letters_in(question)}
    return held & frozenset(content_terms(question)) | same


@lru_cache(maxsize=1024)
def letters_in(question: str) -> frozenset[str]:
    """The capitals that stand alone in a question, as in "band A", which are no terms."""
    return frozenset(_LETTER.findall(question))


def has_letters(letters: frozenset[str], text: str) -> bool:
    """Whether a cell of a row is one of some letters."""
    return any(cell.value in letters for cell in cells(text))


def asked_cell(question: str, text: str) -> Cell | None:
    """The one cell of a row that a question asks for; None where that is not sure."""
    kind = asked_kind(question)
    asked = _asked(question)
    own = _asked(_COMPLETED.sub("", question))  # what a follow-up was completed with asks for nothing itself
    free = [cell for cell in cells(text) if not set(content_terms(cell.value)) & asked]
    # "Term: Spring" is the whole of "the spring term": no other cell is asked for by the word.
    own -= frozenset(term for cell in cells(text) if cell not in free for term in content_terms(cell.header))
    offered = [cell for cell in free if _is_of(kind, cell.value)]
    headed = [(cell, frozenset(content_terms(_plain(cell.header))) & own) for cell in offered]
    found = [(cell, held) for cell, held in headed if held]
    if best := [cell for cell, held in found if all(held > other for c, other in found if c is not cell)]:
        return best[0]
    if found:
        noun = _ASKED_NOUN.search(question)
        named = frozenset(content_terms(noun[1])) if noun else frozenset()
        return _only([cell for cell, held in found if held & named])
    usual = _HEADERS.get(kind, frozenset())
    return _only([cell for cell in offered if usual & set(_plain(cell.header).lower().split())])


def is_answer(question: str, text: str) -> bool:
    """Whether a text is a row that has the cell asked for, and all the names in the question."""
    names = name_terms(question)
    return bool(names) and names <= row_terms(text) and asked_cell(question, text) is not None


def _asked(question: str) -> frozenset[str]:
    words = [word.lower() for word in _WORD.findall(question)]
    also = " ".join(_NOUNS[word] for word in words if word in _NOUNS)
    return frozenset(content_terms(question)) | frozenset(content_terms(also))


def _is_of(kind: Kind, value: str) -> bool:
    if kind == "number":
        return any(character.isdigit() for character in value) or has_value(value, "number")
    if kind == "date":
        return any(character.isdigit() for character in value) or has_value(value, "date")
    return kind not in ("person", "place") or not any(character.isdigit() for character in value)


def _plain(header: str) -> str:
    return _BRACKETS.sub(" ", header.replace("_", " "))


def _only(found: Sequence[Cell]) -> Cell | None:
    return found[0] if len(found) == 1 else None
