"""What each document claims about the thing a question asks for: typed values in sentences about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.words import content_terms, term_set
from rag.causes import stated_causes
from rag.cells import asked_cell, cells, row_terms
from rag.classes import doers, members
from rag.generators.base import Evidence
from rag.matter import Matter, source_of
from rag.measures import fits
from rag.offices import holder, office_asked
from rag.standing import counts, names_another, standing
from rag.told import is_sentence
from rag.values import UPPER, Value, values

_NEAR = 60
_BESIDE = 3
_LEAST_OWN = 0.5
_LEAST_UNNAMED = 0.75
_LEAST_AROUND = 0.5
_LEAST_ASKED = 0.2
_LEAST_ASKED_UNNAMED = 0.4
# A reason is often told a few sentences after what it is the reason of.
_BACK = 3
_BACK_FOR_REASONS = 4
_CLOSE_BEHIND = 400
# Who somebody is, is told by no other name.
_WHO_IS = re.compile(rf"^\W*[Ww]ho (?:is|was) (?:[{UPPER}][\w’'.-]* ?){{1,4}}\W*$")
_LEANS = re.compile(r"(?:.{0,40}?\b(?:it|they|this|these)\b|[^\W\d_]+(?: \w+)?: )", re.IGNORECASE)
_BOUGHT = re.compile(
    r"\b(?:bought|purchased|sold|paid|got|acquired|ordered)\b.{0,80}\b(?:for|at|over)\s*$", re.IGNORECASE
)
_BOUGHT_AT_ALL = re.compile(r"\b(?:bought|purchased|sold|paid|acquired|ordered)\b", re.IGNORECASE)
_NEXT_WORD = re.compile(r" ([^\W\d_]+)")
_PRICES = "cost price pay paid spend spent"


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that a sentence gives for what is asked."""

    evidence: Evidence
    value: Value

    @property
    def before(self) -> str:
        """The text in front of the value."""
        return self.evidence.text[: self.value.start]


def claims(matter: Matter) -> list[Claim]:
    """The claims of all documents, in the order of the evidence."""
    found: list[Claim] = []
    only_rows = matter.kind == "other" and not matter.of_class  # no rule tells such a value in prose
    for at, item in enumerate(matter.evidence):
        if (only_rows and not cells(item.text)) or (item.kind != "row" and not is_sentence(item.text)):
            continue
        # Looking for values is cheap and mostly settles it; weighing the words is not.
        if (offered := tuple(_offered(matter, item.text))) and _is_held(matter, at):
            found += [Claim(item, value) for value in offered]
    return _of_office(matter, found)


def _of_office(matter: Matter, found: list[Claim]) -> list[Claim]:
    """Without those that only have a name somewhere, where a row tells who holds the office asked about."""
    office = office_asked(matter.understood.query)
    if office is None or not any(cells(claim.evidence.text) for claim in found):
        return found
    return [c for c in found if cells(c.evidence.text) or holder(office, c.evidence.text)]


def _is_held(matter: Matter, at: int) -> bool:
    """Whether a sentence, read with what stands around it, speaks of what is asked."""
    item = matter.evidence[at]
    if names_another(matter.understood.query, item.text):
        return False
    own = term_set(item.text)
    if matter.priced and _BOUGHT_AT_ALL.search(item.text):
        own |= term_set(_PRICES) & matter.asked
    back = _BACK_FOR_REASONS if matter.kind == "reason" else _BACK
    behind = [e.text for e in matter.evidence[max(0, at - back) : at] if _follows(item, e)]
    heads = term_set(item.title) | term_set(item.heading)
    around = own.union(heads, *map(term_set, behind))
    if matter.kind == "number" and behind and _LEANS.match(item.text):
        own |= term_set(behind[-1])
    share = matter.share(matter.asked, around)
    if matter.kind == "reason":
        # Each side names one of the reasons that were offered.
        of = matter.asked - matter.alternatives
        return (matter.share(of, around) if of else share) >= _LEAST_AROUND
    names = matter.names & matter.asked
    if matter.of_class and not cells(item.text):
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
    ahead, behind = _beside(text, value.start, value.end)
    before = [term for term in ahead if term not in names]
    following = [term for term in behind if term not in names]
    return bool(matter.wanted & {*before[-_BESIDE:], *following[:_BESIDE]})


@lru_cache(maxsize=4096)
def _beside(text: str, start: int, end: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The content terms in front of a place and behind it, which answer after answer looks at."""
    ahead, behind = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return tuple(content_terms(ahead)), tuple(content_terms(behind))


def is_about(matter: Matter, claim: Claim) -> bool:
    """Whether the sentence of a value, with what stands above it, holds a name or enough of what is asked."""
    item = claim.evidence
    sentences = matter.documents[source_of(item)].sentences
    behind = [e.text for e in sentences if 0 <= item.start - e.end < _CLOSE_BEHIND][-_BACK:]
    held = term_set(item.title).union(*map(term_set, [item.heading, *behind, item.text]))
    names = matter.names & matter.asked
    least = _LEAST_ASKED if names else _LEAST_ASKED_UNNAMED
    return bool(names & held) or matter.share(matter.asked, held) >= least


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
    return tuple(
        v
        for v in found
        if fits(matter.understood.query, v.text) and counts(text, v) and not _counts_asked(matter, v, text)
    )


def _counts_asked(matter: Matter, value: Value, text: str) -> bool:
    """Whether a number counts what the size is asked of: "four flats" tells of no flat how large it is."""
    counted = _NEXT_WORD.match(text, value.end) if matter.sized else None
    return bool(counted and term_set(counted[1]) & matter.asked)


def _offered(matter: Matter, text: str) -> Iterator[Value]:
    """What a sentence, if it is about the matter, gives as the value."""
    if matter.kind == "reason":
        # Nothing that is itself asked about: "sparked by the fire" is no reason of the fire.
        causes = ((value, frozenset(content_terms(value.text))) for value in stated_causes(text))
        yield from (value for value, own in causes if own and not own & (matter.asked - matter.alternatives))
    elif cells(text):
        # What stands beside what is chance in a row; its header says what a value is of.
        cell = asked_cell(matter.understood.query, text)
        if cell and row_terms(text) & matter.known:
            yield Value(cell.value, cell.start, cell.end)
    elif matter.kind in ("person", "other") and (named := _named(matter, text)) is not None:
        if len({frozenset(content_terms(value.text)) for value in named}) == 1:
            yield named[0]
    elif matter.kind != "person" or not _WHO_IS.match(matter.understood.query):
        stand = [v for v in standing(matter.kind, text, fitting(matter, text)) if _is_new(matter, v)]
        beside = [v for v in stand if near(matter, v, text) or _is_paid(matter, v, text)]
        if len(beside) != 1 and matter.places and len(stand) > 1:
            # "In Malmö it reached 2.4, in Aarhus 1.7": each place with its own.
            starts = [0, *(value.end for value in stand)]
            beside = [
                value
                for start, value in zip(starts, stand, strict=False)
                if matter.places <= term_set(text[start : value.start])
            ]
        if len(beside) == 1:
            yield beside[0]


def _named(matter: Matter, text: str) -> list[Value] | None:
    """The members of the class that is asked for; for a person who did what is asked, if a text says so."""
    if matter.kind == "other" or matter.of_class:
        found = members(text, matter.of_class)
    elif not (found := doers(text, matter.wanted)):
        return None
    return [value for value in found if _is_new(matter, value)]


def _is_paid(matter: Matter, value: Value, text: str) -> bool:
    """Whether a value is what something was bought for, where its price is asked."""
    return matter.priced and _BOUGHT.search(text[: value.start]) is not None


def _is_new(matter: Matter, value: Value) -> bool:
    return not term_set(value.text) <= matter.known
