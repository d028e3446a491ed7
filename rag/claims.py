"""What each document claims about the thing a question asks for: typed values in sentences about it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from index.quoted import is_quoted
from index.words import content_terms, term_set
from rag.causes import stated_causes
from rag.cells import asked_cell, cells, row_terms
from rag.classes import asked_class, members
from rag.copies import Text
from rag.generators.base import Evidence
from rag.measures import asks_price, fits
from rag.standing import counts, standing
from rag.told import is_sentence
from rag.values import UPPER, Kind, Value, values
from rag.vocabulary import Understood, name_terms

_NEAR = 60
_BESIDE = 3
_LEAST_OWN = 0.5
_LEAST_UNNAMED = 0.75
_LEAST_AROUND = 0.5
# A reason is often told a few sentences after what it is the reason of.
_BACK = 2
_BACK_FOR_REASONS = 4
_CLOSE_BEHIND = 400
# Words that ask for a value and that no sentence needs to hold to state it.
_ASKING = """reason cause caused led prompt explain justify blame given year date day month number percentage
    share long old large big tall high strong far wide deep heavy fast often"""
_ASKING_REASON = """according said say claimed state stated come happen behind wrong fault accident accidental
    accidentally mistake mistakenly purpose deliberate deliberately intentional intentionally"""
_WHO_IS = re.compile(r"^\W*[Ww]ho (?:is|was) (?:[^\W\d_a-z][\w’'.-]* ?){1,4}\W*$")
_AT = re.compile(rf"\b(?:in|at|near) (?:the )?[{UPPER}][\w’'-]*(?: [{UPPER}][\w’'-]*)*")
_LEANS = re.compile(r"(?:.{0,40}?\b(?:it|they|this|these)\b|[^\W\d_]+(?: \w+)?: )", re.IGNORECASE)
_BOUGHT = re.compile(r"\b(?:bought|purchased|sold|paid|got|acquired|ordered)\b.{0,80}\b(?:for|at|over)\s*$", re.IGNORECASE)
_BOUGHT_AT_ALL = re.compile(r"\b(?:bought|purchased|sold|paid|acquired|ordered)\b", re.IGNORECASE)
_PRICES = frozenset(content_terms("cost price pay paid spend spent"))


@cache
def _asking(kind: Kind) -> frozenset[str]:
    return frozenset(content_terms(_ASKING + (_ASKING_REASON if kind == "reason" else "")))


def source_of(item: Evidence) -> str:
    """What a sentence is a part of: its document, or the older message that the document repeats."""
    return f"{item.document}\n{item.heading}" if is_quoted(item.heading) else item.document


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that a sentence gives for what is asked."""

    evidence: Evidence
    value: Value

    @property
    def before(self) -> str:
        """The text in front of the value."""
        return self.evidence.text[: self.value.start]


@dataclass(frozen=True)
class Matter:
    """One thing that is asked, and what was found on it.

    Attributes:
        evidence: Document by document, in reading order.
        told: Numbers of the evidence that the answer cites.
        documents: The documents of the evidence by `source_of`.
        timed: The question asks for a time as well, so texts that give two times may mean one event.
    """

    understood: Understood
    kind: Kind
    evidence: Sequence[Evidence]
    told: frozenset[int] = frozenset()
    documents: Mapping[str, Text] = field(default_factory=dict)
    timed: bool = False

    @cached_property
    def asked(self) -> frozenset[str]:
        """What a text about it holds."""
        own = frozenset(self.understood.terms)
        return own - _asking(self.kind) or own

    @cached_property
    def names(self) -> frozenset[str]:
        """Terms of the names in the question."""
        return name_terms(self.understood.query)

    @cached_property
    def places(self) -> frozenset[str]:
        """Terms of the names that say of where something is asked."""
        return frozenset(t for match in _AT.finditer(self.understood.query) for t in name_terms(match[0]))

    @cached_property
    def priced(self) -> bool:
        """Whether a price is asked for."""
        return self.kind == "number" and asks_price(self.understood.query)

    @cached_property
    def wanted(self) -> frozenset[str]:
        """What is asked of the subject: all but its names, if there is anything else."""
        return self.asked - self.names or self.asked

    @cached_property
    def known(self) -> frozenset[str]:
        """What the question says itself."""
        return term_set(self.understood.query)

    def share(self, part: frozenset[str], held: frozenset[str]) -> float:
        """How much of the weight of some of the asked terms a text holds."""
        weights = {term: self.understood.weights[term] for term in part}
        return sum(weights[term] for term in part & held) / (sum(weights.values()) or 1.0)


def claims(matter: Matter) -> list[Claim]:
    """The claims of all documents, in the order of the evidence."""
    found: list[Claim] = []
    for at, item in enumerate(matter.evidence):
        if item.kind != "row" and not is_sentence(item.text):
            continue
        # Looking for values is cheap and mostly settles it; weighing the words is not.
        if (offered := tuple(_offered(matter, item.text))) and _is_held(matter, at):
            found += [Claim(item, value) for value in offered]
    return found


def _is_held(matter: Matter, at: int) -> bool:
    """Whether a sentence, read with what stands around it, speaks of what is asked."""
    item = matter.evidence[at]
    own = term_set(item.text)
    if matter.priced and _BOUGHT_AT_ALL.search(item.text):
        own |= _PRICES & matter.asked
    back = _BACK_FOR_REASONS if matter.kind == "reason" else _BACK
    behind = [e.text for e in matter.evidence[max(0, at - back) : at] if _follows(item, e)]
    around = own | term_set(" ".join([item.title, item.heading, *behind]))
    if matter.kind == "number" and behind and _LEANS.match(item.text):
        own |= term_set(behind[-1])
    heads = term_set(f"{item.title} {item.heading}")
    share = matter.share(matter.asked, around)
    if matter.kind == "reason":
        return share >= _LEAST_AROUND
    names = matter.names & matter.asked
    if matter.kind == "other" and asked_class(matter.understood.query) and not cells(item.text):
        # The word for the class is mostly not said, nor what the thing has to do with it.
        return bool(names) and names <= own | heads
    if not matter.places <= own | heads:
        return False  # what is told of one place is not told of another that is named before
    # Without a name to hold on to, the sentence itself must be about nearly all that is asked.
    least = _LEAST_OWN if names else _LEAST_UNNAMED
    if not names and matter.share(matter.asked, own) >= _LEAST_OWN:
        own |= heads  # "Subject: Autumn offsite", and in it: "The budget is …"
    owned = matter.share(matter.asked - names or matter.asked, own)
    return share >= _LEAST_AROUND and names <= around and owned >= least


def _follows(item: Evidence, other: Evidence) -> bool:
    """Whether a sentence continues what another says, be they cut into two passages or not."""
    return source_of(item) == source_of(other) and 0 <= item.start - other.end < _CLOSE_BEHIND


def near(matter: Matter, value: Value, text: str) -> bool:
    """Whether a value stands within a few words, names apart, of what is asked of the subject."""
    names = matter.names - matter.wanted
    before = [t for t in content_terms(text[max(0, value.start - _NEAR) : value.start]) if t not in names]
    following = [t for t in content_terms(text[value.end : value.end + _NEAR]) if t not in names]
    return bool(matter.wanted & {*before[-_BESIDE:], *following[:_BESIDE]})


def is_about(matter: Matter, claim: Claim) -> bool:
    """Whether the sentence of a value, or one just before it, holds anything of what is asked."""
    item = claim.evidence
    sentences = matter.documents[source_of(item)].sentences
    behind = [e.text for e in sentences if 0 <= item.start - e.end < _CLOSE_BEHIND][-_BACK:]
    return bool(matter.asked & term_set(" ".join([item.title, item.heading, *behind, item.text])))


def whole(item: Evidence) -> Claim:
    """A sentence as the value it claims."""
    text = item.text.strip()
    start = item.text.find(text)
    return Claim(item, Value(text, start, start + len(text)))


def fitting(matter: Matter, text: str) -> tuple[Value, ...]:
    """The values of the asked kind; of numbers, those that are of the measure asked for."""
    if matter.kind == "reason":
        return stated_causes(text)
    found = values(text, matter.kind)
    if matter.kind != "number":
        return found
    return tuple(v for v in found if fits(matter.understood.query, v.text) and counts(text, v))


def _offered(matter: Matter, text: str) -> Iterator[Value]:
    """What a sentence, if it is about the matter, gives as the value."""
    if matter.kind == "reason":
        # Nothing that is itself asked about: "sparked by the fire" is no reason of the fire.
        causes = ((value, frozenset(content_terms(value.text))) for value in stated_causes(text))
        yield from (value for value, own in causes if own and not own & matter.asked)
    elif cells(text):
        # What stands beside what is chance in a row; its header says what a value is of.
        cell = asked_cell(matter.understood.query, text)
        if cell and row_terms(text) & matter.known:
            yield Value(cell.value, cell.start, cell.end)
    elif matter.kind == "other":
        found = [v for v in members(text, asked_class(matter.understood.query)) if _is_new(matter, v)]
        if len({value.text.lower() for value in found}) == 1:
            yield found[0]
    elif matter.kind != "person" or not _WHO_IS.match(matter.understood.query):
        found = standing(matter.kind, text, fitting(matter, text))
        beside = [v for v in found if _is_new(matter, v) and (near(matter, v, text) or _is_paid(matter, v, text))]
        if matter.names and len(found) > 1:
            # "In Malmö it reached 2.4, in Aarhus 1.7": each name with its own.
            starts = [0, *(value.end for value in found)]
            named = [
                value
                for start, value in zip(starts, found, strict=False)
                if matter.names <= term_set(text[start : value.start]) and _is_new(matter, value)
            ]
            beside = named if len(named) == 1 else beside
        if len(beside) == 1:
            yield beside[0]


def _is_paid(matter: Matter, value: Value, text: str) -> bool:
    """Whether a value is what something was bought for, where its price is asked."""
    return matter.priced and _BOUGHT.search(text[: value.start]) is not None


def _is_new(matter: Matter, value: Value) -> bool:
    return not term_set(value.text) <= matter.known
