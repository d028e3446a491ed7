"""Which sentences say the reverse of what is asked of several: "voted against", asked who voted for it.

They have nearly all words of the question, so they would stand among those that answer it. Where yes or no is
asked, or what one thing is, the reverse is an answer as well, and so it is where nothing else was found.
"""

import re
from functools import lru_cache

from index.words import content_terms
from rag.negation import polarity
from rag.parts import listed

_WHO = re.compile(r"^\W*(?:who|which (?:people|persons?|one|of))\b", re.IGNORECASE)
_FOR = re.compile(r"\b(\w+) (?:for|in favou?r of)\b", re.IGNORECASE)
_AGAINST = re.compile(r"\b(\w+) against\b", re.IGNORECASE)


def says_reverse(question: str, text: str) -> bool:
    """Whether a text says of somebody the reverse of what all are asked for that it holds of."""
    return asks_of_whom(question) and _is_reverse(question, text)


@lru_cache(maxsize=1024)
def asks_of_whom(question: str) -> bool:
    """Whether a question asks for all of whom, or of what, something holds."""
    return bool(listed(question) or _WHO.match(question))


def _is_reverse(question: str, text: str) -> bool:
    for done, asked, told in _deeds(question):
        if done & _terms_of(told, text):
            return not done & _terms_of(asked, text)
    wanted, said = polarity(question), polarity(text)
    if wanted.count or not said.denied:
        return False
    # "Which countries": the word for what they are is not repeated.
    of_class = frozenset(content_terms(" ".join(question.split()[:2])))
    return wanted.said - of_class <= said.denied


@lru_cache(maxsize=1024)
def _deeds(question: str) -> tuple[tuple[frozenset[str], re.Pattern[str], re.Pattern[str]], ...]:
    """What is asked to be done for or against something, how a text says so, and how the reverse."""
    ways = ((_terms_of(asked, question), asked, told) for asked, told in ((_FOR, _AGAINST), (_AGAINST, _FOR)))
    return tuple(way for way in ways if way[0])


def _terms_of(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(term for word in pattern.findall(text) for term in content_terms(word))
