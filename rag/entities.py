"""Which thing a text speaks of: the name a question uses, and whether two texts mean two bearers of it.

Two texts that use one name mean two things when each qualifies the name in its own way ("Springfield,
Ohio" and "Springfield, Kansas"; "(album)" and "(film)"), or when, apart from the question's own names,
they share no name at all.
"""

import re
from collections.abc import Sequence

from index.words import content_terms, term_set, terms
from rag.values import UPPER
from rag.vocabulary import names_in

_QUOTED = re.compile(r"[\"“‘]([^\"“”‘]{2,80}?)[\"”’](?!\w)")
_CAPITAL = rf"[{UPPER}0-9][\w’'.-]*"
_RUN = re.compile(rf"{_CAPITAL}(?:(?: (?:of|the|de|and|for|in|&))* {_CAPITAL})*")
_TOPIC = re.compile(r"\? \(([^()]+)\)$")
_IS = re.compile(r"\W*(?:what|who|where|when|how \w+) (?:is|are|was|were) (.+)", re.IGNORECASE)
# "(Ohio)", ", Ohio", ", a town in Ohio", " II".
_QUALIFIED = (
    r"(?:,? \(([^)]{2,60})\)|, ([A-Z]\w+(?:[ ,]+[A-Z]\w+){0,3})"
    r"|, (?:an?|the) (?:[a-z][\w’'-]* ){1,4}?(?:in|of|near|on) (?:the )?([A-Z]\w+(?: [A-Z]\w+){0,2})"
    r"| ([IVX]+\b|\d{1,4}\b))"
)
_ASKING = re.compile(
    r"^\W*(?:why|for what reason|what (?:caused|led to|prompted|explains?|explained)|how(?: come| could)?"
    r"|what (?:reasons? )?(?:did|does|do) .{1,80}? (?:give|blame) for"
    r"|what (?:\w+ ){0,4}?(?:reasons?|causes?|excuse|explanation|justification|grounds|pretext)"
    r" (?:\w+ ){0,2}(?:for|of))\b ?"
    r"(?:(?:did|does|do|was|were|is|are) )?(?:the )?",
    re.IGNORECASE,
)
_FEWEST_NAMES = 3
_LEAST_SHARED = 0.3
_LIFE = re.compile(
    r"^\W*(?:born|b\.|died|d\.)|\d\W+\d|(?<!\d)\d{1,2} [^\W\d]{3}|[^\W\d] \d{1,2}\b", re.IGNORECASE
)
_BEFORE = r"(?:((?:(?<=[\w,] )[A-Z]\w+ ){1,3}))?"


def entity_of(question: str) -> str:
    """The name in a question: what stands in quotes, else its longest run of capitalised words.

    Without a name it is what the question says something to be ("how long is parental leave"), else all of
    its words, since no part of them would read well alone.
    """
    if called := _called(question):
        return called
    plain = question.strip().rstrip("?. ")
    told = _IS.match(plain)
    words = told[1].split() if told else []
    while words and not content_terms(words[0]):
        words.pop(0)
    return " ".join(words) or plain


def name_of(question: str) -> str:
    """The name in a question, or ""."""
    called = _called(question)
    return called if called[:1].isupper() else ""


def _called(question: str) -> str:
    """What a question calls by name or in quotes, or ""."""
    if topic := _TOPIC.search(question):  # a follow-up that was completed with it
        return topic[1]
    if quoted := _QUOTED.search(question):
        return quoted[1]
    if question.isupper():
        return ""
    rest = question.strip().partition(" ")[2]
    runs = [re.sub(r"[’']s$|\.$", "", match.group()) for match in _RUN.finditer(rest)]
    named = [run for run in runs if not run[0].isdigit() and content_terms(run)]
    return max(named, key=len, default="")


def event_of(question: str) -> str:
    """What a question asks the reason of, in its own words."""
    return _ASKING.sub("", question.strip()).rstrip("?. ")


def are_different(
    name: str, one: Sequence[str], other: Sequence[str], known: frozenset[str] = frozenset()
) -> bool:
    """Whether two documents, given as their titles and sentences, mean different bearers of a name.

    Args:
        known: Terms of the question, which tell of neither what the other has not.
    """
    if not name:
        return False
    own = term_set(name)
    known |= own
    qualified = _qualifiers(name, known, one), _qualifiers(name, known, other)
    if all(qualified):
        return not any(a <= b or b <= a for a in qualified[0] for b in qualified[1])
    names = [
        frozenset(
            term for text in texts for word in names_in(text) if word[0].isalpha() for term in terms(word)
        )
        - own
        for texts in (one, other)
    ]
    fewest = min(map(len, names))
    return fewest >= _FEWEST_NAMES and len(names[0] & names[1]) < _LEAST_SHARED * fewest


def _qualifiers(name: str, known: frozenset[str], texts: Sequence[str]) -> frozenset[frozenset[str]]:
    """What a text puts beside a name, where it does so first, to tell it from others of its kind.

    Not what is `known` of it, and no dates of a life, which may be what is asked for.
    """
    pattern = re.compile(rf"{_BEFORE}{re.escape(name)}{_QUALIFIED}?")
    for text in texts:
        parts = [part for match in pattern.finditer(text) for part in match.groups() if part]
        own = (
            term_set(piece) - known for part in parts if not _LIFE.search(part) for piece in part.split(",")
        )
        if found := frozenset(piece for piece in own if piece):
            return found
    return frozenset()
