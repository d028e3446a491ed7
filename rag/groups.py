"""Claims whose values say the same, together; what the groups that are left say differs."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations

from index.words import content_set, content_terms, term_set
from rag.agreement import agree
from rag.claims import Claim
from rag.entities import are_different
from rag.matter import Matter, source_of
from rag.periods import bound
from rag.standing import is_reported
from rag.values import Value, values

_LEAST_EQUAL = 0.8
_SHORTEST_NAME = 4
# "In 1950 it had …" and "it has …".
_WAS = re.compile(r"\b(?:had|was|were|stood at|lived|counted)\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:has|have|is|are|stands at|lives?|counts)\b", re.IGNORECASE)
_CHANGING = ("number", "person")
_ADDRESS = re.compile(r"<[^>]*>|\S+@\S+")

Group = list[Claim]


def same(matter: Matter, one: Claim, other: Claim) -> bool | None:
    """Whether two claims say the same; None where they cannot be compared, or may be of two times."""
    times = matter.timed or matter.kind in ("date", "reason") or same_times(one, other)
    return agree(matter.kind, one.value.text, other.value.text, one.before, other.before) if times else None


def same_times(one: Claim, other: Claim) -> bool:
    """Whether the sentences of two values may speak of one time: no two dates of theirs that all differ."""
    dates = _dates(one), _dates(other)
    verdicts = {agree("date", a.text, b.text) for a in dates[0] for b in dates[1]}
    return not verdicts or verdicts != {False}


def _then_and_now(matter: Matter, one: Claim, other: Claim) -> bool:
    """Whether one of two claims tells what was at a date, and the other what is."""
    dates = _dates(one), _dates(other)
    if matter.timed or matter.kind not in _CHANGING or bool(dates[0]) == bool(dates[1]):
        return False
    then, now = (one, other) if dates[0] else (other, one)
    return bool(_WAS.search(then.evidence.text) and _IS.search(now.evidence.text))


def _dates(claim: Claim) -> list[Value]:
    text = claim.evidence.text
    return [value for value in values(text, "date") if not bound(text[: value.start])]


def grouped(matter: Matter, found: Sequence[Claim]) -> list[Group]:
    """Claims whose values agree, together; one that cannot be compared with the others is left out."""
    groups: list[Group] = []
    for claim in found:
        verdicts = [same(matter, group[0], claim) for group in groups]
        if True in verdicts:
            groups[verdicts.index(True)].append(claim)
        elif None not in verdicts:
            groups.append([claim])
    return groups


def joined(matter: Matter, groups: Sequence[Group], stated: Sequence[Claim], name: str) -> list[Group]:
    """The groups with what other documents state of the same values, and what they state instead.

    Args:
        name: The name of the thing, or "" where it has none.
    """
    held = {source_of(claim.evidence) for group in groups for claim in group}
    further = [
        claim
        for claim in stated
        if source_of(claim.evidence) not in held
        and all(same(matter, claim, group[0]) is False for group in groups)
        and not _are_apart(matter, name, claim, groups[0][0])
        and not any(_then_and_now(matter, claim, group[0]) for group in groups)
    ]
    equal = [[*group, *(claim for claim in stated if same(matter, claim, group[0]))] for group in groups]
    return [*equal, *grouped(matter, further)]


def within(matter: Matter, stated: Sequence[Claim]) -> list[Group]:
    """Two places of one document that say the same but for the value."""
    for one, other in combinations(stated, 2) if matter.kind != "reason" else ():
        places = one.evidence is not other.evidence and source_of(one.evidence) == source_of(other.evidence)
        if places and same(matter, one, other) is False and _are_worded_alike(one, other):
            return [[one], [other]]
    return []


def differing_groups(groups: Sequence[Group], matter: Matter, name: str) -> tuple[list[Group], bool]:
    """The groups of which some differ on one thing; else those of things that share its name, and False.

    A document that stands in two groups knows several values. It takes the side of what it says itself, not
    of what it reports of others; else it takes none.

    Args:
        name: The name of the thing, or "" where it has none.
    """
    groups = _sided(_sided(groups, is_reported), lambda _: True)
    one_thing: set[int] = set()
    one_name: set[int] = set()
    for a, b in combinations(range(len(groups)), 2):
        apart = _are_apart(matter, name, groups[a][0], groups[b][0])
        if apart or not _then_and_now(matter, groups[a][0], groups[b][0]):
            (one_name if apart else one_thing).update((a, b))
    return [groups[at] for at in sorted(one_thing or one_name)], bool(one_thing)


def _are_apart(matter: Matter, name: str, one: Claim, other: Claim) -> bool:
    """Whether two claims are of things that only share a name."""
    pair = source_of(one.evidence), source_of(other.evidence)
    if not name:
        return False
    # The sentence itself tells best which of several it means.
    texts, others = (
        [claim.evidence.text, claim.evidence.title, *(e.text for e in matter.documents[source].sentences)]
        for claim, source in zip((one, other), pair, strict=True)
    )
    return are_different(name, texts, others, matter.known) and not _refer(matter, *pair)


def _sided(groups: Sequence[Group], given_up: Callable[[str], bool]) -> list[Group]:
    """The groups without claims in such sentences of the documents that stand in several."""
    stating = Counter(name for group in groups for name in {source_of(claim.evidence) for claim in group})
    sided = [
        [
            claim
            for claim in group
            if stating[source_of(claim.evidence)] == 1 or not given_up(claim.evidence.text)
        ]
        for group in groups
    ]
    return [group for group in sided if group]


def _refer(matter: Matter, one: str, other: str) -> bool:
    """Whether one of two documents names the first writer of the other, so that both speak of one thing."""
    texts = [matter.documents[name].sentences for name in (one, other)]
    for own, theirs in (texts, texts[::-1]):
        named = [*content_terms(_ADDRESS.sub("", theirs[0].writer).partition(",")[0]), ""][-2:][0]
        if len(named) >= _SHORTEST_NAME and any(named in term_set(item.text) for item in own):
            return True
    return False


def _are_worded_alike(one: Claim, other: Claim) -> bool:
    words = [content_set(claim.evidence.text) - term_set(claim.value.text) for claim in (one, other)]
    return len(words[0] & words[1]) >= _LEAST_EQUAL * max(1, len(words[0] | words[1]))
