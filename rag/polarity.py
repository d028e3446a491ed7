"""Which sentences say nearly the same, one of them with a "not": for questions answered by yes or no."""

import re
from functools import lru_cache
from itertools import combinations

from index.words import content_terms, term_set
from rag.claims import Claim, whole
from rag.generators.base import Evidence
from rag.matter import Matter
from rag.told import is_sentence
from rag.values import UPPER

_LEAST_ABOUT = 0.5
_LEAST_SHARED = 0.6
_NEGATION = re.compile(
    r"\b(?:not|no(?!\.? ?\d)|never|neither|nor|cannot|denied|denies|without)\b|n[’']t\b", re.IGNORECASE
)
# "Removed: support for …", as lists of changes have it.
_TAKEN_AWAY = re.compile(
    r"\b(?:removed|removals|dropped|discontinued|withdrawn|abolished)\W*$", re.IGNORECASE
)
# "Are cats allowed …": what a yes or no is asked about, where it is named.
_ASKED_OF = re.compile(
    r"\W*(?:is|are|was|were) (?:(?:the|an?|any|all|our|my|your|their) )?"
    r"(?!(?:I|we|you|it|he|she|they|there|one|this|that|these|those)\b)([^\W\d_][\w’'-]*)",
    re.IGNORECASE,
)
# A name that opens a sentence and does something.
_SUBJECT = re.compile(
    r"\W*((?!(?:The|A|An|This|That|These|Those|It|They|We|He|She|I|You|There|No|All|Some|In|At|On)\b)"
    rf"[{UPPER}][\w’'.-]*(?: [{UPPER}][\w’'.-]*)*) "
    r"(?:is|are|was|were|has|have|had|did|does|do|can|could|will|would|may|[a-z]+(?:ed|s))\b"
)


def of_subject(matter: Matter) -> list[Evidence]:
    """The sentences that speak of what a yes or no is asked about: of cats, where dogs are told of as well.

    All, where none does, since people word things otherwise.
    """
    found = _ASKED_OF.match(matter.understood.query)
    subject = frozenset(content_terms(found[1])) if found else frozenset()
    return [e for e in matter.evidence if subject & _told_of(e)] or list(matter.evidence)


def _told_of(item: Evidence) -> frozenset[str]:
    return term_set(item.text).union(term_set(item.title), term_set(item.heading))


def polarities(matter: Matter) -> tuple[Claim, Claim] | None:
    """Two sentences of different documents that say nearly the same, one of them negated."""
    told = frozenset(matter.understood.terms) - matter.names
    about_whom = matter.names & matter.asked
    about: list[tuple[Evidence, frozenset[str], bool]] = []
    for item in of_subject(matter):
        if not is_sentence(item.text):
            continue
        own, denied = polarity_of(item.text, item.heading)
        if _of_another(item, about_whom):
            continue
        if matter.understood.coverage(own) >= _LEAST_ABOUT:
            about.append((item, own, denied))
    for (one, left, no), (other, right, other_no) in combinations(about, 2):
        shared = len(left & right) / max(1, min(len(left), len(right)))
        about_it = left & right & told or not told
        if no != other_no and one.document != other.document and shared >= _LEAST_SHARED and about_it:
            return whole(one), whole(other)
    return None


@lru_cache(maxsize=4096)
def opening_name(text: str) -> str:
    """The name that a sentence opens with and that does something in it; "" if it opens otherwise."""
    found = _SUBJECT.match(text)
    return found[1] if found else ""


def _of_another(item: Evidence, names: frozenset[str]) -> bool:
    """Whether a sentence opens with a name that was not asked about: "Tanaka is the only one who …"."""
    opening = opening_name(item.text)
    if not names or not opening or names & term_set(f"{item.text} {item.title} {item.writer}"):
        return False
    return not term_set(opening) & names


@lru_cache(maxsize=4096)
def polarity_of(text: str, heading: str = "") -> tuple[frozenset[str], bool]:
    """What a sentence speaks of, and whether it denies it, or what it stands under does."""
    own = frozenset(content_terms(_NEGATION.sub(" ", text)))
    denied = len(_NEGATION.findall(text)) % 2 == 1
    return own, denied != bool(heading and _TAKEN_AWAY.search(heading))
