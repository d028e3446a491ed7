"""Edited copies: what differs, where two documents say the same in the same words, is the surest sign."""

import re
from itertools import combinations

from index.words import content_terms, term_set
from rag.cells import asked_cell, row_terms
from rag.claims import Claim, fitting, is_about, near
from rag.copies import Spot, Text, edits
from rag.groups import same
from rag.matter import Matter
from rag.standing import names_another
from rag.values import Value, values

# An edited value counts when its sentence is this relevant beside the best one; nearness breaks ties.
_LEAST_RELEVANT = 0.4
_NEAR = 0.15
_LEAST_ANSWERED = 0.5
_WORDS = re.compile(r"[^\W\d_]{3,}(?:[ '’.&-]+[^\W\d_]+)*")
# Longer runs that differ are two ways of telling, or two tales.
_LONGEST = 3
_MEASURED = ("number", "date")
_PLAIN = ("person", "place", "other")


def edited(matter: Matter) -> list[Claim]:
    """The values that differ between copies where they are most about the question."""
    top = max((item.relevance for item in matter.evidence), default=0.0)
    if any(item.number in matter.told and _is_answer(matter, item.text) for item in matter.evidence):
        return []
    found: list[tuple[float, Claim, Claim]] = []
    for one, other in combinations(_changeable(matter), 2):
        for edit in edits(one, other):
            left, right = _changed(matter, edit.one), _changed(matter, edit.other)
            if not left or not right or same(matter, left, right) is not False:
                continue
            if matter.kind in _MEASURED and names_another(
                left.evidence.text, right.evidence.text, matter.understood.query
            ):
                continue
            relevance = max(left.evidence.relevance, right.evidence.relevance)
            about = is_about(matter, left) or is_about(matter, right)
            if (
                about
                and relevance > 0
                and relevance >= max(_LEAST_RELEVANT * top, _agreed(matter, one, other))
            ):
                beside = near(matter, left.value, left.evidence.text)
                found.append((relevance + _NEAR * beside, left, right))
    if not found:
        return []
    _, *best = max(found, key=lambda item: item[0])
    # Other copies that have one of these values at such a place, and a third value beside it.
    rest = [
        claim for _, *pair in found if any(same(matter, a, b) for a in pair for b in best) for claim in pair
    ]
    return [*best, *rest]


def _changeable(matter: Matter) -> list[Text]:
    """The documents in which an edit could change what is asked: comparing two is far costlier."""
    texts = list(matter.documents.values())
    if matter.kind in _PLAIN:
        return texts
    return [text for text in texts if any(fitting(matter, item.text) for item in text.sentences)]


def _is_answer(matter: Matter, text: str) -> bool:
    """Whether a text is a row that holds much of what is asked, and the cell that is asked for."""
    if not row_terms(text) & matter.asked or asked_cell(matter.understood.query, text) is None:
        return False
    return matter.share(matter.asked, term_set(text)) >= _LEAST_ANSWERED


def _agreed(matter: Matter, one: Text, other: Text) -> float:
    """How relevant what two copies both say in the answer is: whatever was edited elsewhere matters less."""
    alike = {e.text for e in one.sentences if e.number in matter.told and values(e.text, matter.kind)}
    return max((e.relevance for e in other.sentences if e.text in alike), default=0.0)


def _changed(matter: Matter, spot: Spot) -> Claim | None:
    """The value of the asked kind that an edit changed; None if it changed something else."""
    found = fitting(matter, spot.evidence.text)
    at = [value for value in found if value.start < spot.end and spot.start < value.end]
    if not at and matter.kind in _PLAIN and _is_wording(spot.text):
        at = [Value(spot.text, spot.start, spot.end)]
    if not at or term_set(at[0].text) <= frozenset(matter.understood.terms):
        return None
    return Claim(spot.evidence, at[0])


def _is_wording(text: str) -> bool:
    short = len(text.split()) <= _LONGEST
    return bool(short and not values(text, "number") and _WORDS.fullmatch(text) and content_terms(text))
