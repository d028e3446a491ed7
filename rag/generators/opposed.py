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


@lru_cache(maxsize=4096)
def _is_reverse(question: str, text: str) -> bool:
    for asked, told in ((_FOR, _AGAINST), (_AGAINST, _FOR)):
        done = {term for word in asked.findall(question) for term in content_terms(word)}
        if done & {term for word in told.findall(text) for term in content_terms(word)}:
            return not done & {term for word in asked.findall(text) for term in content_terms(word)}
    wanted, said = polarity(question), polarity(text)
    # "Which countries": the word for what they are is not repeated.
    of_class = frozenset(content_terms(" ".join(question.split()[:2])))
    return not wanted.count and bool(said.denied) and wanted.said - of_class <= said.denied
