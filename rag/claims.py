"""What each document claims about the thing a question asks for: typed values in sentences about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations

from index.words import content_set, content_terms, term_set
from rag.agreement import agree
from rag.causes import stated_causes
from rag.cells import asked_cell, cells, row_terms
from rag.copies import Spot
from rag.generators.base import Evidence
from rag.measures import fits
from rag.periods import bound
from rag.told import is_sentence
from rag.values import Kind, Value, values
from rag.vocabulary import Understood, name_terms

_NEAR = 60
_LEAST_OWN = 0.5
_LEAST_UNNAMED = 0.75
_LEAST_AROUND = 0.5
_LEAST_CAUSE = 0.5
_BACK = 2
_CLOSE_BEHIND = 400
_BESIDE = 3
_LEAST_SHARED = 0.6
_LEAST_EQUAL = 0.8
_WORDS = re.compile(r"[^\W\d_]{3,}(?:[ '’.&-]+[^\W\d_]+)*")
_PLAIN = ("person", "place", "other")
_NEGATION = re.compile(
    r"\b(?:not|no(?!\.? ?\d)|never|neither|nor|cannot|denied|denies|without)\b|n[’']t\b", re.IGNORECASE
)
# Words that ask for a value and that no sentence needs to hold to state it.
_ASKING = """reason cause caused led prompt explain justify blame given year date day month number percentage
    share long old large big tall high strong far wide deep heavy fast often"""


@cache
def _asking() -> frozenset[str]:
    return frozenset(content_terms(_ASKING))


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that a sentence gives for what is asked."""

    evidence: Evidence
    value: Value

    @property
    def before(self) -> str:
        """The text in front of the value."""
        return self.evidence.text[: self.value.start]


def claims(understood: Understood, kind: Kind, evidence: Sequence[Evidence]) -> list[Claim]:
    """The claims of all documents, in the order of the evidence."""
    asked = frozenset(understood.terms) - _asking() or frozenset(understood.terms)
    names = name_terms(understood.query) & asked
    found: list[Claim] = []
    for at, item in enumerate(evidence):
        if item.kind != "row" and not is_sentence(item.text):
            continue
        # Looking for values is cheap and mostly settles it; weighing the words is not.
        offered = _reasons(item.text, asked) if kind == "reason" else _typed(item.text, kind, understood)
        if not offered:
            continue
        own = term_set(item.text)
        behind = [other.text for other in evidence[max(0, at - _BACK) : at] if _follows(item, other)]
        around = own | term_set(" ".join([item.title, item.heading, *behind]))
        share = _share(asked, around, understood)
        if kind == "reason":
            held = share >= _LEAST_CAUSE
        else:
            # Without a name to hold on to, the sentence itself must be about nearly all that is asked.
            least = _LEAST_OWN if names else _LEAST_UNNAMED
            owned = _share(asked - names or asked, own, understood)
            held = share >= _LEAST_AROUND and names <= around and owned >= least
        if held:
            found += [Claim(item, value) for value in offered]
    return found


def _share(asked: frozenset[str], held: frozenset[str], understood: Understood) -> float:
    weights = {term: understood.weights[term] for term in asked}
    return sum(weights[term] for term in asked & held) / (sum(weights.values()) or 1.0)


def _follows(item: Evidence, other: Evidence) -> bool:
    """Whether a sentence continues what another says, be they cut into two passages or not."""
    return item.document == other.document and 0 <= item.start - other.end < _CLOSE_BEHIND


def changed(understood: Understood, kind: Kind, spot: Spot) -> Claim | None:
    """The value of the asked kind that an edit changed; None if it changed something else."""
    text = spot.evidence.text
    found = stated_causes(text) if kind == "reason" else _fitting(text, kind, understood)
    at = [value for value in found if value.start < spot.end and spot.start < value.end]
    if (
        not at
        and kind in _PLAIN
        and not values(spot.text, "number")
        and _WORDS.fullmatch(spot.text)
        and content_terms(spot.text)
    ):
        at = [Value(spot.text, spot.start, spot.end)]
    if not at or term_set(at[0].text) <= frozenset(understood.terms):
        return None
    return Claim(spot.evidence, at[0])


def same_times(one: Claim, other: Claim) -> bool:
    """Whether the sentences of two values may speak of one time: no two dates of theirs that all differ."""
    dates = [
        [value for value in values(text, "date") if not bound(text[: value.start])]
        for text in (one.evidence.text, other.evidence.text)
    ]
    verdicts = {agree("date", a.text, b.text) for a in dates[0] for b in dates[1]}
    return not verdicts or verdicts != {False}


def contradicts(one: Claim, other: Claim) -> bool:
    """Whether two sentences say the same but for their values."""
    words = [content_set(claim.evidence.text) - term_set(claim.value.text) for claim in (one, other)]
    together = words[0] | words[1]
    return len(words[0] & words[1]) >= _LEAST_EQUAL * max(1, len(together))


def near(claim: Claim, understood: Understood) -> bool:
    """Whether the value stands beside a word of the question."""
    return _is_near(claim.value, claim.evidence.text, understood)


def is_about(claim: Claim, understood: Understood, sentences: Sequence[Evidence]) -> bool:
    """Whether the sentence of a value, or one just before it, holds anything of what is asked."""
    item = claim.evidence
    behind = [other.text for other in sentences if 0 <= item.start - other.end < _CLOSE_BEHIND][-_BACK:]
    held = term_set(" ".join([item.title, item.heading, *behind, item.text]))
    return bool((frozenset(understood.terms) - _asking()) & held)


def polarities(understood: Understood, evidence: Sequence[Evidence]) -> tuple[Claim, Claim] | None:
    """Two sentences of different documents that say nearly the same, one of them negated."""
    asked = frozenset(understood.terms)
    told = asked - name_terms(understood.query)
    about: list[tuple[Evidence, frozenset[str], bool]] = []
    for item in evidence:
        if not is_sentence(item.text):
            continue
        own, denied = polarity_of(item.text)
        if understood.coverage(own) >= _LEAST_AROUND:
            about.append((item, own, denied))
    for (one, left, no), (other, right, other_no) in combinations(about, 2):
        shared = len(left & right) / max(1, min(len(left), len(right)))
        about_it = left & right & told or not told
        if no != other_no and one.document != other.document and shared >= _LEAST_SHARED and about_it:
            return whole(one), whole(other)
    return None


def whole(item: Evidence) -> Claim:
    """A sentence as the value it claims."""
    text = item.text.strip()
    start = item.text.find(text)
    return Claim(item, Value(text, start, start + len(text)))


@lru_cache(maxsize=4096)
def polarity_of(text: str) -> tuple[frozenset[str], bool]:
    """What a sentence speaks of, and whether it denies it."""
    own = frozenset(content_terms(_NEGATION.sub(" ", text)))
    return own, len(_NEGATION.findall(text)) % 2 == 1


def _reasons(text: str, asked: frozenset[str]) -> tuple[Value, ...]:
    """Reasons that are not themselves what is asked about: "sparked by the fire" is no reason of the fire."""
    stated = ((value, frozenset(content_terms(value.text))) for value in stated_causes(text))
    return tuple(value for value, own in stated if own and not own & asked)


def _typed(text: str, kind: Kind, understood: Understood) -> tuple[Value, ...]:
    """The one value of a kind that stands beside what the question asks of its subject."""
    if cells(text):
        # What stands beside what is chance in a row; its header says what a value is of.
        cell = asked_cell(understood.query, text)
        known = term_set(understood.query)
        return (Value(cell.value, cell.start, cell.end),) if cell and row_terms(text) & known else ()
    found = _fitting(text, kind, understood)
    if found:
        known = term_set(understood.query)
        found = tuple(value for value in found if not term_set(value.text) <= known)
    near = tuple(value for value in found if _is_near(value, text, understood))
    return near if len(near) == 1 else ()


def _fitting(text: str, kind: Kind, understood: Understood) -> tuple[Value, ...]:
    """The values of a kind; of numbers, those that are of the measure asked for."""
    found = values(text, kind)
    if kind != "number":
        return found
    return tuple(value for value in found if fits(understood.query, value.text))


def _property(understood: Understood) -> frozenset[str]:
    """What is asked of the subject: the question's words but for its names; all where it has nothing else."""
    asked = frozenset(understood.terms) - _asking()
    return asked - name_terms(understood.query) or asked


def _is_near(value: Value, text: str, understood: Understood) -> bool:
    """Whether a value stands within a few words, names apart, of what is asked of the subject."""
    wanted = _property(understood)
    names = name_terms(understood.query) - wanted
    before = [t for t in content_terms(text[max(0, value.start - _NEAR) : value.start]) if t not in names]
    following = [t for t in content_terms(text[value.end : value.end + _NEAR]) if t not in names]
    return bool(wanted & {*before[-_BESIDE:], *following[:_BESIDE]})
