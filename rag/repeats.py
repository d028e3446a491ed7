"""Which part of a question a sentence answers: one that was told for an earlier part may answer a later, too.

"When was it built, and who built it?" may be told by one sentence; "how many troops were sent, and what did
it cost?" is not told by one that has no cost. So a sentence that comes again counts for what a part adds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.words import content_set, term_set
from rag.causes import stated_causes
from rag.generators import Evidence
from rag.generators.further import has_kind
from rag.measures import asks_price
from rag.parts import is_bare
from rag.periods import DATE
from rag.unsaid import light_terms
from rag.values import Kind, asked_kind, values
from rag.vocabulary import Understood, name_terms

_LEAST_HELD = 0.5
_MONEY = re.compile(
    r"[$€£¥]|\b(?:euros?|dollars?|pounds?|cents?|francs?|kron(?:er|or)|EUR|USD|GBP)\b", re.IGNORECASE
)


# Grounds and purposes; "to the ports" is neither.
_GROUNDS = re.compile(
    r"\b(?:because|since|so that|so as|in order)\b"
    r"|(?<!according )(?<!back )\bto (?!the\b|an?\b|its?\b|his\b|her\b|their\b|our\b|be\b|\w+ern\b)[a-z]{3,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One question of several.

    Attributes:
        put: As it was put, before it was completed; as completed, where nobody put it so.
        before: The parts before it, as they were put.
    """

    understood: Understood
    put: str
    before: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether it is no more than a question word after another part: "and why?"."""
        return bool(self.before) and is_bare(self.put)


def parts_of(understood: Sequence[Understood], put: Sequence[str]) -> tuple[Part, ...]:
    """The parts of a question in their order."""
    each = [own or one.query for one, own in zip(understood, put, strict=True)]
    return tuple(
        Part(one, own, tuple(each[:at])) for at, (one, own) in enumerate(zip(understood, each, strict=True))
    )


def answers_too(part: Part, said: str, cited: Sequence[Evidence]) -> bool:
    """Whether a sentence that was told for an earlier part tells what this one adds.

    All names that the part adds stand in it or above it. It has a value of the kind asked for, and half of
    the words that matter and are new; of a kind that nobody asked for before, the value alone does, but for
    numbers, which say what they count.
    """
    held = term_set(said).union(*(term_set(f"{item.title}. {item.heading}") for item in cited))
    before = frozenset[str]().union(*(content_set(other) for other in part.before))
    own = content_set(part.put) - before
    matters = own - light_terms()
    kind = asked_kind(part.put)
    # When is told by what stands around a sentence, too, and was looked at before.
    names = name_terms(DATE.sub(" ", part.put)) & own
    if not names <= held or not _has_kind(part, said):
        return False
    if asks_price(part.put) and _MONEY.search(said):
        return True
    again = kind in {asked_kind(other) for other in part.before}
    if not matters:
        return not again or kind == "other" or _has_several(said, kind)
    if kind not in ("other", "number") and not again:
        return True
    return len(matters & held) >= _LEAST_HELD * len(matters)


def answers_bare(part: Part, said: str, cited: Sequence[Evidence], beside: bool) -> bool:
    """Whether a new sentence tells the "why?" of what was told before it.

    Args:
        beside: It stands next to a sentence that was told.
    """
    if not _has_kind(part, said):
        return False
    held = term_set(said).union(*(term_set(item.heading) for item in cited))
    return beside or part.understood.coverage(frozenset(held)) >= _LEAST_HELD


def _has_kind(part: Part, said: str) -> bool:
    if asked_kind(part.put) == "reason":
        return bool(stated_causes(said) or _GROUNDS.search(said))
    return has_kind(part.understood, said)


def _has_several(said: str, kind: Kind) -> bool:
    return len(values(said, kind)) > 1
