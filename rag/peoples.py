"""Peoples and the places they are of: "the Norwegian president" is the president of Norway.

`peoples.txt` has a place in each line, then what is said of its things. Danes and others live in many
places, and "polish" and "swede" are words of their own once letters are small, so they are left out.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from index.words import terms


@cache
def _places() -> dict[str, str]:
    rows = map(terms, (files("rag") / "peoples.txt").read_text(encoding="utf-8").splitlines())
    return {people: place for place, *peoples in rows for people in peoples}


def by_place(found: Iterable[str]) -> frozenset[str]:
    """Terms, those of peoples as those of their places."""
    places = _places()
    return frozenset(places.get(term, term) for term in found)
