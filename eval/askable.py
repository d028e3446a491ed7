"""Whether a sentence and its value make a candidate that a person would keep.

What people rejected most in the first forty candidates of two corpora: values that say too little ("one",
"last week"), names that are no person's, sentences that lean on the one before, list marks, footers, and the
same fact again from another document.
"""

import re
from collections.abc import Iterable

from index.words import content_terms
from rag.antecedents import leans_back
from rag.told import is_sentence
from rag.values import Kind, Value

_SHORTEST, _LONGEST = 40, 300
_ALIKE = 0.6
_BEGINS = re.compile(r"[\"“„»«‘'(]?(?:[^\W\d_]|\d+(?!\d*[.)]\s))")
_ENDS = re.compile(r"[.!?][\"”“»«’')\]]*\s*$")
_SEPARATED = re.compile(r"\s[·|•»›]\s")
_LIST_MARK = re.compile(r"\s*(?:\(?\d+[.)]|[-*•–])\s")
_SCRIPTED = re.compile(r"\d")
_TITLES = frozenset(
    """president minister chancellor king queen prince princess pope general secretary-general director
    professor doctor dr mr mrs ms sir captain chairman chairwoman chair judge mayor senator governor editor
    author engineer founder manager spokesman spokeswoman spokesperson composer painter by and only asked
    """.split()
)
_NOT_PEOPLE = frozenset(
    """party council institutions organization organizations organisation organisations states union nations
    ministry resolution initiative government company group university committee agency court commission
    association society office board bank church school team league army force forces kingdom republic lake
    mount river street road city county island islands sea bay house bridge park museum act law war
    """.split()
)


def askable(sentence: str, kind: Kind, stated: Value) -> bool:
    """Whether a sentence is worth a question after the one value it states."""
    if not (_SHORTEST <= len(sentence) <= _LONGEST and is_sentence(sentence) and _ENDS.search(sentence)):
        return False
    upper_or_digit = not sentence.lstrip("\"“„»«‘'(")[:1].islower()
    if not (upper_or_digit and _BEGINS.match(sentence)) or _LIST_MARK.match(sentence):
        return False
    return not (_SEPARATED.search(sentence) or leans_back(sentence)) and tells(sentence, kind, stated)


def tells(sentence: str, kind: Kind, stated: Value) -> bool:
    """Whether a value is an answer by itself: a date with a figure, an amount, somebody's name."""
    if kind == "date":
        return bool(_SCRIPTED.search(stated.text))
    if kind == "number":
        return _SCRIPTED.search(stated.text) is not None or len(stated.text.split()) > 1
    return _person(sentence, stated)


def said_before(sentence: str, value: str, kept: Iterable[tuple[str, str]]) -> bool:
    """Whether a candidate that was kept states the same value in mostly the same words."""
    own = set(content_terms(sentence))
    for other, known in kept:
        terms = set(content_terms(other))
        if known == value and len(own & terms) >= _ALIKE * min(len(own), len(terms)):
            return True
    return False


def _person(sentence: str, stated: Value) -> bool:
    """Somebody who is introduced by what they are, or begins the sentence; no body, place or attribute."""
    words = stated.text.lower().split()
    if len(words) < 2 or "’s" in stated.text or "'s" in stated.text or _NOT_PEOPLE & set(words):
        return False
    if _TITLES & set(words):
        return True
    before = re.findall(r"[\w\-]+\W*$", sentence[: stated.start])
    return not before or before[0].strip(" ,(").lower() in _TITLES
