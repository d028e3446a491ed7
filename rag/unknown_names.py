"""Names of a question that no document holds, and that no other form of a name in the passages explains.

"Who governs Zorbland?" asked of a folder without Zorbland has no answer there, however well the rest fits;
not one of the 580 answerable questions that `rag bench abstain` draws from two public sets has such a name.
Numbers do not count (an answerable question may count on its own), nor does a word that may be an inflected
form, an adjective of a place, an abbreviation of words that are there or one part of a name that is.
"""

import re
from collections.abc import Sequence

from index.words import STOP_WORDS, terms
from rag.vocabulary import Lexicon, Understood

_WORD = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*")
_ADJECTIVE = re.compile(r"(?:ese|ish|ian|ean|can|an|ic|i|ch|ss|sh)s?$", re.IGNORECASE)
_CALENDAR = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun".split())
_TITLES = frozenset(
    "the a an mr mrs ms dr president minister chancellor king queen sir lady lord in on at".split()
)
_SMALL = frozenset({"of", "the", "and", "for"})
_SHORTEST = 3
_LONGEST_ABBREVIATION = 6
_INFLECTED = 2


def unheard_names(understood: Understood, texts: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The names that make a question unanswerable here, given the passages found; mostly none."""
    if not understood.unknown_names or _shouted(understood.query):
        return ()
    return tuple(
        name
        for name in understood.unknown_names
        if _is_plain(name)
        and not _inflected(name, lexicon)
        and not _abbreviates(name, texts)
        and not _abbreviated(name, understood.query, lexicon)
        and not _partly_known(name, understood, texts)
    )


def _shouted(query: str) -> bool:
    """IN CAPITALS, Or As A Title Is Written, every word looks like a name; small words tell.

    "Who is Zorblax Quux?" has its small word in small letters, and neither "Who Is Zorblax Quux?" has nor
    "Who Governs Harlow?".
    """
    words = [word for word in _WORD.findall(query) if word.isalpha() and len(word) > 1][1:]
    small = [word for word in words if word.lower() in STOP_WORDS]
    return query.isupper() or (any if small else all)(word.istitle() for word in small or words)


def _is_plain(name: str) -> bool:
    bare = name.lower().removesuffix("'s").removesuffix("’s")
    return bare.isalpha() and len(bare) >= _SHORTEST and bare not in _CALENDAR


def _inflected(name: str, lexicon: Lexicon) -> bool:
    """Whether it may be a form of a word that is there, or the people or language of a place."""
    if _ADJECTIVE.search(name):
        return True
    folded = "".join(terms(name))
    return lexicon.begins(folded[: max(4, len(folded) - _INFLECTED)])


def _abbreviates(name: str, texts: Sequence[str]) -> bool:
    """Whether "UNO" stands for the "United Nations Organization" of a passage."""
    if not name.isupper() or len(name) > _LONGEST_ABBREVIATION:
        return False
    letters = r"\W+(?:(?:of|the|and|for)\W+)*".join(rf"{re.escape(letter)}[\w’']*" for letter in name)
    return any(re.search(rf"\b{letters}", text) for text in texts)


def _abbreviated(name: str, query: str, lexicon: Lexicon) -> bool:
    """Whether the "United Nations" of a question stands in the documents as "UN"."""
    for run in _runs(query, _SMALL):
        initials = "".join(word[0] for word in run if word[0].isupper())
        if name in run and len(initials) > 1 and lexicon.frequency("".join(terms(initials))):
            return True
    return False


def _partly_known(name: str, understood: Understood, texts: Sequence[str]) -> bool:
    """Whether it is the "Marn" of an "Ilva Marn" and an "Ilva" is there that is called nothing else.

    People go by one name or by both; but "Ilva Petersen" is somebody else, and so is "Project Gamma" where
    there are only other projects.
    """
    unknown = set(understood.unknown_names)
    for run in _runs(understood.query, frozenset()):
        others = [word for word in run if word[0].isupper() and word not in unknown]
        if name in run and any(_stands_alone(word, text) for word in others for text in texts):
            return True
    return False


def _stands_alone(word: str, text: str) -> bool:
    """Whether a name stands somewhere without another beside it; titles and "The" are no names."""
    before, after = r"(?:\b([A-Z][\w’'-]+) )?", r"(?: ([A-Z][\w’'-]+))?"
    for match in re.finditer(rf"{before}\b{re.escape(word)}\b{after}", text):
        first, last = match.groups()
        if last is None and (first is None or first.lower() in _TITLES):
            return True
    return False


def _runs(query: str, small: frozenset[str]) -> list[list[str]]:
    """Runs of capitalised words, which may have some small words between them."""
    runs: list[list[str]] = [[]]
    for word in _WORD.findall(query):
        if word[0].isupper() or (runs[-1] and word in small):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
