"""Rows of a table among the evidence: which hold the same of what is asked, which less, which are counted."""

import re
from collections.abc import Mapping, Sequence

from index.words import term_set
from rag.cells import cells, has_letters, is_answer, letters_in, row_key
from rag.generators.base import Evidence
from rag.vocabulary import Understood, name_terms

_HOW_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)

Keys = Mapping[int, frozenset[str]]


def keys_of(understood: Understood, evidence: Sequence[Evidence]) -> Keys:
    """What each piece of evidence that is a row holds of the question, by number."""
    return {item.number: row_key(understood.query, item.said) for item in evidence}


def is_row_asked(understood: Understood, item: Evidence) -> bool:
    """Whether a row has the cell that is asked for; other rows that hold the same come along."""
    query = understood.query
    return is_answer(query, item.said) or has_letters(letters_in(query), item.said)


def is_counted(understood: Understood, item: Evidence, keyed: Keys) -> bool:
    """Whether it is asked how many there are, and an item is one of the rows that may have to be counted.

    It has all the names of the question, and a column that the question speaks of.
    """
    names = name_terms(understood.query)
    if not names or not names <= keyed[item.number] or not _HOW_MANY.search(understood.query):
        return False
    return any(term_set(cell.header) & frozenset(understood.terms) for cell in cells(item.said))


def is_sibling(item: Evidence, other: Evidence, keyed: Keys) -> bool:
    """Whether another row of the same table holds the same of what is asked."""
    return (
        item.number != other.number
        and item.document == other.document
        and item.start != other.start
        and keyed[item.number] == keyed[other.number]
    )


def is_beside(item: Evidence, evidence: Sequence[Evidence], keyed: Keys) -> bool:
    """Whether another row of its table holds all that a row holds of what is asked, and more."""
    return bool(cells(item.said)) and any(
        other.document == item.document and keyed[item.number] < keyed[other.number] for other in evidence
    )
