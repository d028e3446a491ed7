"""A disagreement becomes part of an answer: each side cited, in careful words, none called wrong.

A side whose sentence the answer does not hold yet is added to it word for word. A reason often stands
just behind the passage that tells what happened, so for those the text that follows is read too.
"""

from collections.abc import Collection, Generator, Sequence
from dataclasses import replace

from index import Index
from index.dates import first_day
from index.quoted import is_quoted
from rag.cite import Citer
from rag.conflict import Disagreement, find_conflicts
from rag.look import Looked, Source, evidence_of
from rag.records import Citation, Conflict, ConflictValue, Said, Scores, Support
from rag.retrieve import Hit
from rag.speakers import heard
from rag.told import sentences_of
from rag.values import asked_kinds

_READ_AROUND = 3
_VERBATIM = Support("supported", "verbatim", 1.0)
_SAYS = {
    "reason": "Reasons given differ",
    "yes_no": "Sources may differ",
    "ambiguous": "There may be several of this name",
}


def look_closer(looked: Looked, index: Index, source: Source, reads: bool = False) -> Looked:
    """The same, with chunks that stand beside its passages under the same heading.

    For a question after a reason the chunk behind each passage; for a generator that reads the evidence, the
    chunks before and behind the best three. What is added ranks behind everything found and is no candidate
    for an extractive answer.

    Args:
        reads: The generator is a language model.
    """
    reason = "reason" in asked_kinds(looked.understood.query)
    if not looked.evidence or not (reason or reads):
        return looked
    known = {hit.chunk.id for hit in looked.hits}
    hits, evidence = list(looked.hits), list(looked.evidence)
    chunks = {name: index.chunks(name) for name in {hit.chunk.document for hit in looked.hits}}
    for rank, hit in enumerate(looked.hits):
        row = chunks[hit.chunk.document]
        at = next(place for place, chunk in enumerate(row) if chunk.id == hit.chunk.id)
        around = reads and rank < _READ_AROUND
        before = row[max(at - 1, 0) : at] if around else ()
        behind = row[at + 1 : at + 2] if around or reason else ()
        for chunk in (*before, *behind):
            if chunk.id in known or chunk.heading != hit.chunk.heading:
                continue
            known.add(chunk.id)
            hits.append(Hit(chunk, Scores()))
            told = index.fact(sentences_of, chunk.id)
            new = evidence_of(hits[-1:], source, [told], evidence[-1].number + 1)
            evidence += [item._replace(passage=len(hits) - 1) for item in new]
    return replace(looked, hits=tuple(hits), evidence=tuple(evidence))


def differing(held: Sequence[Looked], citer: Citer) -> Generator[Said, None, tuple[Conflict, ...]]:
    """The disagreements about the answered parts of a question.

    Yields the sentences that have to be added to the answer, so that every side is cited.
    """
    conflicts: list[Conflict] = []
    timed = any("date" in asked_kinds(looked.understood.query) for looked in held)
    for looked in held:
        told = frozenset(item.number for item in looked.evidence if citer.number_of(item) is not None)
        evidence = heard(looked.understood, looked.evidence)  # others may well say otherwise
        for found in find_conflicts(looked.understood, evidence, told, timed):
            for side in found.sides:
                if citer.number_of(side.evidence) is None:
                    yield Said(*citer.add(side.evidence.text, [side.evidence], _VERBATIM))
            conflict = _record(found, citer)
            # Two parts of a question may be answered by one sentence that is contradicted.
            if conflict.values not in [known.values for known in conflicts]:
                conflicts.append(conflict)
    return tuple(conflicts)


def _record(found: Disagreement, citer: Citer) -> Conflict:
    numbered = [(side, citer.number_of(side.evidence)) for side in found.sides]
    values = (
        ConflictValue(side.value, number, side.evidence.date or None)
        for side, number in numbered
        if number is not None
    )
    return Conflict(found.kind, found.entity, tuple(values))


def wording(conflict: Conflict, citations: Collection[Citation] = ()) -> str:
    """One line: what differs, each value with its citation and date, and which source is the newest.

    Args:
        citations: Those of the answer; they tell whether one document gives all the values.
    """
    sides = " · ".join(
        f"{value.value} [{value.citation}]{f' ({value.date})' if value.date else ''}"
        for value in conflict.values
    )
    newer = newest(conflict)
    return f"{heading(conflict, citations)}: {sides}{f'. [{newer}] is newer' if newer else ''}."


def heading(conflict: Conflict, citations: Collection[Citation] = ()) -> str:
    """What differs, without the values; `citations` as for `wording`."""
    says = _SAYS.get(conflict.kind, "Sources differ")
    if conflict.kind != "ambiguous" and _is_within(conflict, citations):
        says = "One document itself gives different values"
    return f"{says} ({conflict.entity})" if conflict.entity else says


def _is_within(conflict: Conflict, citations: Collection[Citation]) -> bool:
    """Whether one document alone gives all the values of a conflict."""
    numbers = {value.citation for value in conflict.values}
    held = [citation for citation in citations if citation.number in numbers]
    # What a mail repeats was said by another message.
    cited = [citation.document for citation in held if not is_quoted(citation.heading or "")]
    return len(cited) == len(numbers) and len(set(cited)) == 1


def newest(conflict: Conflict) -> int | None:
    """The citation with the latest date, where all dates are known and one alone is the latest."""
    days = [first_day(value.date or "") for value in conflict.values]
    latest = max(days, default="")
    return conflict.values[days.index(latest)].citation if all(days) and days.count(latest) == 1 else None
