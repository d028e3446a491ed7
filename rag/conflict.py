"""Where the documents disagree about what is asked, said side by side and never decided.

Three signs. Edited copies: texts that are word for word the same but for the value asked for. Claims:
sentences of different documents about the asked thing that each hold one value of the asked kind, when no
document states the values of both. Twins: a place that says what the answer says and gives another figure
or denies it, however the question is worded. Values of things that only share a name are readings
(`ambiguous`), not a conflict; who works somewhere is a list. Reasons differ only where each is attributed,
and a negated sentence only "may" differ. That nothing is found is no sign that the sources agree.

On RAMDocs, the half that chose nothing: precision 0.73, recall 0.43; both values shown and rightly cited
in 0.79 of those told rightly (`rag bench conflicts`). The half that chose the thresholds: 0.92, 0.59.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby

from index.dates import first_day
from rag.agreement import agree
from rag.cells import is_answer
from rag.claims import Claim, changed, claims, contradicts, is_about, near, polarities, same_times, whole
from rag.copies import Text, edits
from rag.entities import are_different, entity_of, event_of
from rag.generators.base import Evidence
from rag.parts import listed
from rag.twins import find_denied, find_twins
from rag.values import Kind, asked_kind, values
from rag.vocabulary import Understood

Documents = Mapping[str, Text]

# An edited value counts when its sentence is this relevant beside the best one; nearness breaks ties.
_LEAST_RELEVANT = 0.5
_NEAR = 0.15
_MOST_SIDES = 4
_LEAST_TOLD = 0.8
# What several may do at once: that two documents name two of them is a list.
_MANY = re.compile(
    r"^\W*(?:who|which (?:person|people)|what people) (?:else )?"
    r"(?:are|were|all|(?:works?|worked|plays?|played|serves?|served) (?:in|at|for|on|with)|lives?|lived"
    r"|belongs?|belonged|attend(?:s|ed)?|participated|took part|takes part|speaks?|supports?|supported"
    r"|opposed|opposes|praised|critici[sz]ed|was (?:present|there|absent))\b"
    r"|^\W*where (?:are|were|do|can)\b",
    re.IGNORECASE,
)
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


def find_conflict(
    understood: Understood, evidence: Sequence[Evidence], told: frozenset[int] = frozenset()
) -> Disagreement | None:
    """The one disagreement about what a question asks, if its evidence holds one.

    Args:
        told: Numbers of the evidence that the answer cites.
    """
    evidence = sorted(evidence, key=lambda item: (item.document, item.start))
    by_document = groupby(evidence, key=lambda item: item.document)
    documents = {name: Text.of(tuple(found)) for name, found in by_document}
    kind = asked_kind(understood.query)
    found: Disagreement | None = None
    if _YES_NO.match(understood.query):
        sides = polarities(understood, evidence)
        found = Disagreement("yes_no", "", _ordered([[s] for s in sides], documents)) if sides else None
        # "Was it put down to a lamp or to the sailors?"
        signs = (_of_kind, _of_twins) if kind == "reason" else (_of_twins,)
    elif _MANY.match(understood.query) or listed(understood.query):
        signs = (_of_twins,)
    else:
        # Where no rule tells what is asked for, what is said of it tells best.
        signs = (_of_twins, _of_kind) if kind == "other" else (_of_kind, _of_twins)
    for sign in signs:
        found = found or sign(kind, understood, evidence, told, documents)
    if found is None:
        return None
    reason = found.kind == "reason"
    return replace(found, entity=event_of(understood.query) if reason else entity_of(understood.query))


def _of_kind(
    kind: Kind,
    understood: Understood,
    evidence: Sequence[Evidence],
    told: frozenset[int],
    documents: Documents,
) -> Disagreement | None:
    stated = claims(understood, kind, evidence)
    copied = _grouped(kind, _copied(understood, kind, documents, told))
    if len(copied) > 1:
        return Disagreement(kind, "", _ordered(_joined(kind, copied, stated), documents))
    if within := _within(kind, stated):
        return Disagreement(kind, "", _ordered(within, documents))
    groups = _apart(_grouped(kind, stated))
    if len(groups) < 2:
        return None
    entity = "" if kind == "reason" else entity_of(understood.query)
    texts = {
        name: [text.sentences[0].title, *(item.text for item in text.sentences)]
        for name, text in documents.items()
    }
    named = entity if entity[:1].isupper() else ""
    different = any(
        are_different(named, texts[one[0].evidence.document], texts[other[0].evidence.document])
        for one, other in combinations(groups, 2)
    )
    return Disagreement("ambiguous" if different else kind, "", _ordered(groups, documents))


def _of_twins(
    kind: Kind,
    understood: Understood,
    evidence: Sequence[Evidence],
    told: frozenset[int],
    documents: Documents,
) -> Disagreement | None:
    """What the best sentences of the answer are contradicted by."""
    best = sorted((e for e in evidence if e.number in told), key=lambda e: (-e.relevance, e.number))
    best = [item for item in best if item.relevance >= _LEAST_TOLD * best[0].relevance]
    others = sorted(evidence, key=lambda item: (-item.score, item.number))
    found = [twins for item in best if (twins := find_twins(kind, item, others))]
    if found:
        twins = next((each for each in found if near(each.one, understood)), found[0])
        return Disagreement(twins.kind, "", _ordered([[twins.one], [twins.other]], documents))
    for item in best if _YES_NO.match(understood.query) else ():
        if denied := find_denied(item, others):
            return Disagreement("yes_no", "", _ordered([[whole(item)], [whole(denied)]], documents))
    return None


def _copied(understood: Understood, kind: Kind, documents: Documents, told: frozenset[int]) -> list[Claim]:
    """The values that differ between copies where they are most about the question."""
    sentences = [item for text in documents.values() for item in text.sentences]
    top = max((item.relevance for item in sentences), default=0.0)
    if any(item.number in told and is_answer(understood.query, item.text) for item in sentences):
        return []
    found: list[tuple[float, Claim, Claim]] = []
    for one, other in combinations(documents.values(), 2):
        # Copies that agree in a better sentence of the answer answer alike, whatever was edited elsewhere.
        alike = {item.text for item in one.sentences if item.number in told and values(item.text, kind)}
        agreed = max((item.relevance for item in other.sentences if item.text in alike), default=0.0)
        for edit in edits(one, other):
            left, right = changed(understood, kind, edit.one), changed(understood, kind, edit.other)
            if not left or not right or _same(kind, left, right) is not False:
                continue
            relevance = max(left.evidence.relevance, right.evidence.relevance)
            about = is_about(left, understood, one.sentences) or is_about(right, understood, other.sentences)
            if about and relevance > 0 and relevance >= max(_LEAST_RELEVANT * top, agreed):
                found.append((relevance + _NEAR * near(left, understood), left, right))
    if not found:
        return []
    _, *best = max(found, key=lambda item: item[0])
    # Other copies that have one of these values at such a place, and a third value beside it.
    rest = [
        claim for _, *pair in found if any(_same(kind, a, b) for a in pair for b in best) for claim in pair
    ]
    return [*best, *rest]


def _within(kind: Kind, stated: Sequence[Claim]) -> list[list[Claim]]:
    """Two places of one document that say the same but for the value."""
    for one, other in combinations(stated, 2):
        same_document = (
            one.evidence.document == other.evidence.document and one.evidence is not other.evidence
        )
        if (
            same_document
            and kind != "reason"
            and _same(kind, one, other) is False
            and contradicts(one, other)
        ):
            return [[one], [other]]
    return []


def _same(kind: Kind, one: Claim, other: Claim) -> bool | None:
    if kind not in ("date", "reason") and not same_times(one, other):
        return None
    return agree(kind, one.value.text, other.value.text, one.before, other.before)


def _grouped(kind: Kind, found: Sequence[Claim]) -> list[list[Claim]]:
    """Claims whose values agree, together; one that cannot be compared with the others is left out."""
    groups: list[list[Claim]] = []
    for claim in found:
        verdicts = [_same(kind, group[0], claim) for group in groups]
        if True in verdicts:
            groups[verdicts.index(True)].append(claim)
        elif None not in verdicts:
            groups.append([claim])
    return groups


def _joined(kind: Kind, groups: Sequence[list[Claim]], stated: Sequence[Claim]) -> list[list[Claim]]:
    """The groups with what other documents state of the same values."""
    return [[*group, *(claim for claim in stated if _same(kind, claim, group[0]))] for group in groups]


def _apart(groups: list[list[Claim]]) -> list[list[Claim]]:
    """The groups, unless a document stands in two of them: it knows both values, so they are no conflict."""
    seen = [{claim.evidence.document for claim in group} for group in groups]
    both = {name for one, other in combinations(seen, 2) for name in one & other}
    return [group for group, names in zip(groups, seen, strict=True) if not names & both]


def _ordered(groups: Sequence[Sequence[Claim]], documents: Documents) -> tuple[Side, ...]:
    """Newest first, then what more independent documents state, then in the order of the evidence."""
    sides = []
    for group in groups:
        best = max(group, key=lambda claim: (first_day(claim.evidence.date), claim.evidence.relevance))
        sides.append(Side(best.value.text, best.evidence, _independent(group, documents)))
    sides.sort(key=lambda side: (first_day(side.evidence.date), side.documents), reverse=True)
    return tuple(sides[:_MOST_SIDES])


def _independent(group: Sequence[Claim], documents: Documents) -> int:
    """How many documents of a group are no copies of one another."""
    kept: list[str] = []
    for name in dict.fromkeys(claim.evidence.document for claim in group):
        if not any(documents[name].is_like(documents[other]) for other in kept):
            kept.append(name)
    return len(kept)
