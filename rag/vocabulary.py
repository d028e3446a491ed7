"""The words of a question against the words of the index: weights, unknown words, spelling.

A word's weight is its inverse document frequency over chunks, so it is known without a model which words
of a question carry it and which no document holds.
"""

import difflib
import math
import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from index import Index
from index.filters import Allowed
from index.words import content_terms, terms

_WORD = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*")
_SHORTEST_SPELLED = 5
_ALIKE = 0.8
# Chosen with the weights of `rag/abstain.py`: at 0.3 fewer answerable questions are refused than at 1 or 0.
_UNHEARD = 0.3
_UNHEARD_TYPE = 0.1
_TYPED = frozenset({"which", "what"})
_OF_THINGS = frozenset("a any at each every her his its my no our that the their this which your".split())


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched.

    Attributes:
        query: The question, completed from the history where it needs that.
        terms: Its content terms, spellings corrected; what the word index is asked for.
        weights: Weight of each of the terms.
        unknown: Words of the question, as written, whose terms no chunk holds.
        unknown_names: Those of them that are names or numbers.
        corrected: Spellings taken for a known word, as "asked → taken".
    """

    query: str
    terms: tuple[str, ...]
    weights: dict[str, float]
    unknown: tuple[str, ...]
    unknown_names: tuple[str, ...]
    corrected: tuple[str, ...]
    # Few of a question's words are combined in more than a few ways, and each way is met many times.
    _shares: dict[frozenset[str], float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def coverage(self, found: Iterable[str]) -> float:
        """Share of the question's weight that lies in a set of index terms, 0 to 1."""
        share = self._shares.get(found) if isinstance(found, frozenset) else None
        if share is not None:
            return share
        held = frozenset(self.weights.keys() & found)
        share = self._shares.get(held)
        if share is None:
            total = sum(self.weights.values())
            share = sum([self.weights[term] for term in sorted(held)]) / total if held and total else 0.0
            self._shares[held] = share
        return share


class Lexicon:
    """The words of an index, as if some of its chunks were not there."""

    def __init__(self, index: Index, without: frozenset[int] = frozenset()) -> None:
        self.index = index
        self._without = Allowed(0, np.array(sorted(without), dtype=np.int64)) if without else None
        self._size = len(index) - len(without)

    @property
    def partial(self) -> bool:
        """Whether some chunks are passed over."""
        return self._without is not None

    def frequency(self, term: str) -> int:
        """How many chunks hold a term."""
        found = self.index.chunk_frequency(term)
        if not found or self._without is None:
            return found
        return found - len(self.index.matching([term], len(self._without.chunks), self._without))

    def weight(self, term: str) -> float:
        """Inverse document frequency of a term over chunks, as in BM25; never below 0."""
        frequency = self.frequency(term)
        return math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))

    def begins(self, prefix: str) -> bool:
        """Whether there is a term with a prefix."""
        found = self.index.terms_beginning(prefix)
        return bool(found) if self._without is None else any(map(self.frequency, found))


def understand(query: str, lexicon: Lexicon) -> Understood:
    """Look up a question's words; in a whole index once for all that ask for it."""
    return _looked_up(query, lexicon) if lexicon.partial else lexicon.index.fact(_in_whole, query)


def _in_whole(index: Index, query: str) -> Understood:
    return _looked_up(query, Lexicon(index))


def _looked_up(query: str, lexicon: Lexicon) -> Understood:
    wanted: list[str] = []
    unknown: list[str] = []
    names: list[str] = []
    corrected: list[str] = []
    typed: set[str] = set()
    before = ""
    for at, match in enumerate(_WORD.finditer(query)):
        word = match.group()
        asking, before = before, word.lower()
        if before == "till" and asking not in _OF_THINGS:
            continue  # "till when", not "the till"
        for term in content_terms(word):
            if not lexicon.frequency(term):
                known = lexicon.index.fact(_respelled, term)
                if not known:
                    if asking == "how" and not _is_name(word, first=False):
                        continue  # "How large is the flat?" is answered without "large"
                    if asking in _TYPED:
                        typed.add(term)
                    unknown.append(word)
                    if _is_name(word, first=at == 0):
                        names.append(word)
                else:
                    corrected.append(f"{word} → {known}")
                    term = known
            wanted.append(term)
    named = frozenset(term for name in names for term in content_terms(name))
    weights = {term: _weight_asked(lexicon, term, named, typed) for term in dict.fromkeys(wanted)}
    return Understood(query, tuple(weights), weights, _once(unknown), _once(names), _once(corrected))


def _weight_asked(lexicon: Lexicon, term: str, named: frozenset[str], typed: Set[str]) -> float:
    """The weight of a question's word: little where no chunk holds it, since people word things otherwise.

    Names are not worded otherwise, so they keep their weight. What "which" asks for is often not worded at
    all: the season nobody studied is "the winter".
    """
    if term in named or lexicon.frequency(term):
        return lexicon.weight(term)
    return lexicon.weight(term) * (_UNHEARD_TYPE if term in typed else _UNHEARD)


@lru_cache(maxsize=1024)
def names_in(text: str) -> tuple[str, ...]:
    """Capitalised words inside a text (not its first word) and all words with digits."""
    words = [match.group() for match in _WORD.finditer(text)]
    return tuple(word for at, word in enumerate(words) if _is_name(word, first=at == 0))


@lru_cache(maxsize=1024)
def name_terms(text: str) -> frozenset[str]:
    """The content terms of the names in a text."""
    return frozenset(term for name in names_in(text) for term in content_terms(name))


def _is_name(word: str, first: bool) -> bool:
    if not word.isalpha() and any(character.isdigit() for character in word):
        return True
    return word[0].isupper() and (not first or word[1:2].isupper()) and bool(terms(word))


def _respelled(index: Index, term: str) -> str:
    """The known term that a longer word was probably meant to be, or ""."""
    if len(term) < _SHORTEST_SPELLED or any(character.isdigit() for character in term):
        return ""
    # Aligning two words is costly, and most that begin alike do not share the letters it would take.
    possible = [known for known in index.terms_beginning(term[:2]) if _may_be_alike(term, known)]
    close = difflib.get_close_matches(term, possible, n=1, cutoff=_ALIKE)
    return close[0] if close else ""


def _may_be_alike(one: str, other: str) -> bool:
    both = len(one) + len(other)
    if 2 * min(len(one), len(other)) / both < _ALIKE:
        return False
    shared = min(sum([letter in other for letter in one]), sum([letter in one for letter in other]))
    return 2 * shared / both >= _ALIKE


def _once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
