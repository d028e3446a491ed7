"""Where the documents disagree about what is asked, said side by side and never decided.

Three signs. Edited copies: texts that are word for word the same but for the value asked for. Claims:
sentences of different documents about the asked thing that each hold one value of the asked kind. A
document that gives several takes the side of what it ends with ("raised from 45 to 52", "X found 1.8, we
find 0.9"), else none; what a mail repeats is the word of an older message. Twins: a place that says what the
answer says and gives another figure or denies it, however the question is worded. Values of things that only
share a name are readings (`ambiguous`), not a conflict; who works somewhere is a list. Reasons differ only
where each is attributed, and a negated sentence only "may" differ. That nothing is found is no sign that the
sources agree.

On RAMDocs, the half that chose nothing: precision 0.77, recall 0.48; both values shown and rightly cited
in 0.79 of those told rightly (`rag bench conflicts`). The half that chose the thresholds: 0.94, 0.62, 0.87.
Not covered: what a text implies, classes that no rule knows ("what genre"), two events of one kind on
different days.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from index.dates import first_day
from index.words import term_set
from rag.claims import Claim, claims, near, whole
from rag.copies import Text
from rag.edited import edited
from rag.entities import entity_of, event_of, name_of
from rag.generators.base import Evidence
from rag.groups import differing_groups, grouped, joined, within
from rag.matter import Matter, source_of
from rag.parts import listed
from rag.polarity import of_subject, polarities
from rag.twins import find_denied, find_twins
from rag.values import asked_kinds, has_value
from rag.vocabulary import Understood

_MOST_SIDES = 4
_LEAST_TOLD = 0.8
_LEAST_HELD = 0.5
# What several may do at once: that two documents name two of them is a list.
_MANY = re.compile(
    r"^\W*(?:who|which (?:person|people)|what people) (?:else )?"
    r"(?:are|were|all|(?:works?|worked|plays?|played|serves?|served) (?:in|at|for|on|with)|lives?|lived"
    r"|belongs?|belonged|attend(?:s|ed)?|participated|took part|takes part|speaks?|supports?|supported"
    r"|opposed|opposes|praised|critici[sz]ed|was (?:present|there|absent))\b"
    r"|^\W*where (?:are|were|do|can)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(r"^\W*(?:which|whose)\b", re.IGNORECASE)
_LETTERHEAD = re.compile(r"(?:Date|From|To|Cc|Sent|Reply-To): ")
_YES_NO = re.compile(
    r"^\W*(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|may|must)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Side:
    """One value and the sentence that states it.

    Attributes:
        documents: How many independent documents state it.
    """

    value: str
    evidence: Evidence
    documents: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What the documents give as different values of one thing, newest first where dates are known.

    Attributes:
        kind: The kind of the values, `yes_no` or `ambiguous`.
        entity: What they are values of, in the question's words.
    """

    kind: str
    entity: str
    sides: tuple[Side, ...]


def find_conflicts(
    understood: Understood,
    evidence: Sequence[Evidence],
    told: frozenset[int] = frozenset(),
    timed: bool = False,
) -> tuple[Disagreement, ...]:
    """The disagreements about what a question asks, if its evidence holds any.

    Args:
        told: Numbers of the evidence that the answer cites.
        timed: A time is asked for as well, be it in another part of the question.
    """
    given = {item.number: item for item in evidence}
    documents = {name: Text(tuple(told)) for name, told in sorted(_by_source(evidence).items())}
    evidence = [item for text in documents.values() for item in text.sentences]
    found: list[Disagreement] = []
    kinds = asked_kinds(understood.query)
    for kind in kinds:
        matter = Matter(understood, kind, evidence, told, documents, timed or "date" in kinds)
        for disagreement in _on(matter):
            values = {side.value for side in disagreement.sides}
            if not any(values == {side.value for side in known.sides} for known in found):
                found.append(disagreement)
    return tuple(_as_given(disagreement, given) for disagreement in found)


def _by_source(evidence: Sequence[Evidence]) -> dict[str, list[Evidence]]:
    """What each source says, in reading order."""
    found: dict[str, list[Evidence]] = {}
    for item in evidence:
        if item.kind != "item" or not _is_letterhead(item):
            # The row of a Markdown table is compared as it reads, with the names of its columns.
            told = item._replace(text=item.reading) if item.reading else item
            found.setdefault(source_of(item), []).append(told)
    for own in found.values():
        own.sort(key=attrgetter("start"))
    return found


def _is_letterhead(item: Evidence) -> bool:
    """Whether a line says who wrote a mail, and when, which no other mail contradicts."""
    return item.document.endswith(".eml") and bool(_LETTERHEAD.match(item.text))


def _as_given(found: Disagreement, given: Mapping[int, Evidence]) -> Disagreement:
    """The same with the sentences as the documents have them, which is what can be cited."""
    sides = (replace(side, evidence=given[side.evidence.number]) for side in found.sides)
    return replace(found, sides=tuple(sides))


def _on(matter: Matter) -> list[Disagreement]:
    """What the first sign tells that tells anything."""
    query, kind = matter.understood.query, matter.kind
    signs: tuple[Callable[[Matter], list[Disagreement]], ...]
    if _YES_NO.match(query):
        # "Was it put down to a lamp or to the sailors?"
        signs = (_of_polarity, _of_kind, _of_twins) if kind == "reason" else (_of_polarity, _of_twins)
    elif _MANY.match(query) or listed(query):
        signs = (_of_twins,)
    elif kind == "other" and _WHICH.match(query):
        signs = (_of_kind,)  # "Which firm …": no figure answers that
    else:
        # Where no rule tells what is asked for, what is said of it tells best.
        signs = (_of_twins, _of_kind) if kind == "other" else (_of_kind, _of_twins)
    return next((found for sign in signs if (found := sign(matter))), [])


def _of_polarity(matter: Matter) -> list[Disagreement]:
    sides = polarities(matter)
    return [_told("yes_no", [[side] for side in sides], matter)] if sides else []


def _of_kind(matter: Matter) -> list[Disagreement]:
    stated = claims(matter)
    name = "" if matter.kind == "reason" else name_of(matter.understood.query)
    copied = grouped(matter, edited(matter))
    if len(copied) > 1:
        return [_told(matter.kind, joined(matter, copied, stated, name), matter)]
    if inside := within(matter, stated):
        return [_told(matter.kind, joined(matter, inside, stated, name), matter)]
    groups = grouped(matter, stated)
    if len(groups) < 2:
        return []
    left, differ = differing_groups(groups, matter, name)
    return [_told(matter.kind if differ else "ambiguous", left, matter)] if left else []


def _of_twins(matter: Matter) -> list[Disagreement]:
    """What contradicts the best sentences of the answer: all, where no kind of value was asked for."""
    query = matter.understood.query
    best = sorted(
        (e for e in matter.evidence if e.number in matter.told), key=lambda e: (-e.relevance, e.number)
    )
    best = [item for item in best if item.relevance >= _LEAST_TOLD * best[0].relevance]
    # What the answer only adds may differ elsewhere: that is no disagreement about what is asked.
    if len(best) > 1:
        around = [term_set(e.title).union(term_set(e.heading), term_set(e.text)) for e in best]
        held = [matter.share(matter.asked, terms) for terms in around]
        best = [item for item, share in zip(best, held, strict=True) if share >= _LEAST_HELD * max(held)]
    others = sorted(matter.evidence, key=lambda item: (-item.score, item.number))
    # Whether meals are free is not answered by what they cost.
    figures = not _YES_NO.match(query) or has_value(query, "number") or has_value(query, "date")
    found = [twins for item in best if figures and (twins := find_twins(matter.kind, item, others, query))]
    if matter.kind != "other":
        near_it = (each for each in found if near(matter, each.one.value, each.one.evidence.text))
        found = [next(near_it, found[0])] if found else []
    if found:
        return [_told(twins.kind, [[twins.one], [twins.other]], matter) for twins in found]
    speaking = {item.number for item in of_subject(matter)} if _YES_NO.match(query) else ()
    for item in (item for item in best if item.number in speaking):
        if denied := find_denied(item, others):
            return [_told("yes_no", [[whole(item)], [whole(denied)]], matter)]
    return []


def _told(kind: str, groups: Sequence[Sequence[Claim]], matter: Matter) -> Disagreement:
    query = matter.understood.query
    # What reasons are of is asked as a whole, be it of more than one time or name.
    entity = event_of(query) if kind == "reason" else entity_of(query)
    return Disagreement(kind, entity, _ordered(groups, matter))


def _ordered(groups: Sequence[Sequence[Claim]], matter: Matter) -> tuple[Side, ...]:
    """Newest first, then what more independent documents state, then in the order of the evidence."""
    sides = []
    for group in groups:
        best = max(group, key=lambda claim: (first_day(claim.evidence.date), claim.evidence.relevance))
        sides.append(Side(best.value.text, best.evidence, _independent(group, matter.documents)))
    sides.sort(key=lambda side: (first_day(side.evidence.date), side.documents), reverse=True)
    return tuple(sides[:_MOST_SIDES])


def _independent(group: Sequence[Claim], documents: Mapping[str, Text]) -> int:
    """How many documents of a group are no copies of one another."""
    kept: list[str] = []
    for name in dict.fromkeys(source_of(claim.evidence) for claim in group):
        if not any(documents[name].is_like(documents[other]) for other in kept):
            kept.append(name)
    return len(kept)
