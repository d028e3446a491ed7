"""One thing that is asked, and the sentences that were found on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from index.quoted import is_quoted
from index.words import content_terms, term_set
from rag.classes import asked_class
from rag.copies import Text
from rag.generators.base import Evidence
from rag.measures import asks_price, asks_size
from rag.values import UPPER, Kind
from rag.vocabulary import Understood, name_terms

# Words that ask for a value and that no sentence needs to hold to state it.
_ASKING = """reason cause caused led prompt explain justify blame given year date day month number percentage
    share long old large big tall high strong far wide deep heavy fast often"""
_ASKING_REASON = """according said say claimed state stated come happen behind wrong fault accident accidental
    accidentally mistake mistakenly purpose deliberate deliberately intentional intentionally"""
_EITHER = re.compile(r"\b(?:by|to|from) (.{2,80}\bor\b.{2,80})$")
_AT = re.compile(rf"\b(?:in|at|near) (?:the )?[{UPPER}][\w’'-]*(?: [{UPPER}][\w’'-]*)*")


@cache
def _asking(kind: Kind) -> frozenset[str]:
    return frozenset(content_terms(_ASKING + (_ASKING_REASON if kind == "reason" else "")))


def source_of(item: Evidence) -> str:
    """What a sentence is a part of: its document, or the older message that the document repeats."""
    return f"{item.document}\n{item.heading}" if is_quoted(item.heading) else item.document


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
        own, asking = frozenset(self.understood.terms), _asking(self.kind)
        # "How strong": a spelling may have been taken for another form of the asking word.
        taken = {term for term in own - self.known if any(term.startswith(word) for word in asking)}
        return own - asking - taken or own

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
    def sized(self) -> bool:
        """Whether it is asked how large or old something is."""
        return self.kind == "number" and asks_size(self.understood.query)

    @cached_property
    def of_class(self) -> str:
        """The class whose member is asked for, or ""."""
        return asked_class(self.understood.query)

    @cached_property
    def alternatives(self) -> frozenset[str]:
        """Terms of the reasons between which a question lets choose: "caused by wind or by rain?"."""
        offered = _EITHER.search(self.understood.query) if self.kind == "reason" else None
        return frozenset(content_terms(offered[1])) if offered else frozenset()

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
