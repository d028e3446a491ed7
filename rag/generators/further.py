"""What may be told behind the sentence that answers best, how near the question it is aside.

A further sentence has to add something: a value where the first has one, a good part of the words that the
first has, and a word in common with what is told. Where the first says all that is asked, another may only
say it, too, or say it otherwise. Chosen on SQuAD 2.0 dev and CLAPnq dev (`rag bench answers`): a fifth of
the further sentences go, and one answer in three hundred with them.
"""

import re

from index.words import content_set, term_set
from rag.antecedents import leans_back
from rag.causes import stated_causes
from rag.corrections import says_otherwise
from rag.counted import fitness
from rag.generators.base import Evidence
from rag.generators.companions import announces
from rag.generators.rows import Keys, is_counted
from rag.how_to import is_how_to
from rag.identifiers import identifiers
from rag.measures import asks_measure
from rag.parts import listed
from rag.times import asks_clock, clock_times, may_tell_time
from rag.unsaid import light_terms
from rag.values import asked_kind, has_value
from rag.vocabulary import Understood, name_terms, names_in

_SETTLED = 0.7
_SETTLED_UNTYPED = 0.8
_ANNOUNCED = 0.5
_SURE = 0.5
_UNSURE = 0.3
_SHARE = 0.4
_AS_NEAR = 0.95
_BEHIND = 3
_HEADED = 0.4
_YES_NO = re.compile(
    r"\W*(?:is|are|am|was|were|do|does|did|can|could|may|must|should|will|has|have|had)\b", re.IGNORECASE
)
# Of these one sentence is rarely all, whatever words it has.
_WIDE = re.compile(
    r"\b(?:differen\w+|compar\w+|versus|vs|explain|describe|summari[sz]e|outline|tell|happen\w*|how)\b",
    re.IGNORECASE,
)
_GROUNDS = re.compile(r"\b(?:because|since|as|so that|to|for)\b", re.IGNORECASE)


def is_whole(understood: Understood, item: Evidence) -> bool:
    """Whether a sentence says all that is asked.

    It has most of the question's weight, all of its names and a value of the kind asked for, where dates or
    numbers are; where it is neither a yes or no nor a list, it has to have more of the weight.
    """
    query = understood.query
    kind = asked_kind(query)
    if kind in ("date", "number"):
        fit = float(has_value(item.said, kind)) if kind == "date" else fitness(query, item.said)
        if not fit or (fit < 1 and asks_measure(query)):
            return False  # "three rooms" is not yet how large the flat is
        least = _SETTLED
    elif _YES_NO.match(query):
        least = _SETTLED
    elif kind == "other" and not _WIDE.search(query) and not listed(query):
        least = _SETTLED_UNTYPED
    else:
        return False
    held = term_set(item.said)
    names = frozenset(term for name in names_in(query) for term in content_set(name))
    return names <= held and understood.coverage(held & frozenset(understood.terms)) >= least


def may_follow(
    understood: Understood,
    first: Evidence,
    item: Evidence,
    settled: bool,
    keyed: Keys,
    told: frozenset[str],
) -> bool:
    """Whether a sentence may be told behind the first.

    Args:
        settled: The first says all that is asked.
        told: The words of the question that what is told already has.
    """
    if is_counted(understood, item, keyed):
        return True
    otherwise = says_otherwise(understood, first, item)
    on = _goes_on(understood, first, item, told)
    if settled and not (is_whole(understood, item) or otherwise or on):
        return False
    if _is_elsewhere(understood, first, item):
        return False
    held = term_set(item.said) & frozenset(understood.terms)
    if announces(item) and understood.coverage(held) < _ANNOUNCED:
        return False
    return otherwise or on or _adds(understood, first, item, keyed, told)


def _goes_on(understood: Understood, first: Evidence, item: Evidence, told: frozenset[str]) -> bool:
    """Whether a sentence goes on about the same, as "It was found by …" does, with a word that was asked."""
    behind = item.passage == first.passage and 0 < item.number - first.number <= _BEHIND
    return behind and leans_back(item.text) and bool(term_set(item.text) & frozenset(understood.terms) - told)


def _adds(understood: Understood, first: Evidence, item: Evidence, keyed: Keys, told: frozenset[str]) -> bool:
    """Whether a sentence has a part in the answer, and does not just lie near the question.

    Where the first has less than half of what is asked, the question is worded otherwise than the text, and
    any near one may be the answer; but of another document only what speaks of the same.
    """
    asked = frozenset(understood.terms)
    own, firsts = term_set(item.said) & asked, term_set(first.said) & asked
    if item.document != first.document and not _is_tied(understood, first, item):
        return False
    if understood.coverage(firsts | term_set(first.heading) & asked) < _SURE:
        return True
    unsaid = name_terms(understood.query) - term_set(first.said)
    if unsaid & keyed[item.number] or (announces(first) and item.kind == "item" and unsaid & own):
        return True  # the row or item of what was asked about, behind a sentence on all of them
    below = item.heading == first.heading != item.title and not is_how_to(understood.query)
    headed = term_set(item.heading) & asked
    if below and asked_kind(understood.query) == "other" and understood.coverage(headed) >= _HEADED:
        return True  # below one heading that names what is asked
    first_has, has = _kind_in(understood, first.said), _kind_in(understood, item.said)
    beside = item.document == first.document and abs(item.number - first.number) == 1
    if first_has and not has:
        return False
    if own and item.passage == first.passage and item.number == first.number + 1:
        return True  # "The battle ended …", behind the battle
    if not (own & told or beside):
        return False
    fills = has > first_has
    enough = understood.coverage(own) >= _SHARE * understood.coverage(firsts)
    return fills or enough or item.cosine >= _AS_NEAR * first.cosine


def _is_tied(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether a sentence of another document has to do with what is asked or told.

    It shares a word with the first or with the question, or has a value where the first has none. Reasons
    and steps are worded too freely for that, and a first that has next to nothing of the question ties none.
    """
    held = understood.coverage(term_set(first.said) & frozenset(understood.terms))
    if held < _UNSURE or asked_kind(understood.query) == "reason" or is_how_to(understood.query):
        return True
    known = content_set(first.said).union(understood.terms, name_terms(understood.query))
    if content_set(item.said) & known - light_terms():
        return True
    return _kind_in(understood, item.said) > _kind_in(understood, first.said)


def has_kind(understood: Understood, said: str) -> bool:
    """Whether a sentence has what may be a value of the kind asked for; True where no kind is."""
    return _kind_in(understood, said) > 0


def _kind_in(understood: Understood, said: str) -> float:
    """The same, from 0 to 1, as a number may be the one asked for or of something else."""
    query = understood.query
    kind = asked_kind(query)
    if asks_clock(query):
        return float(bool(clock_times(said)))
    if kind == "date":
        return float(has_value(said, kind) or may_tell_time(said))
    if kind == "number":
        return fitness(query, said)
    if kind == "reason":
        return float(bool(stated_causes(said) or _GROUNDS.search(said)))
    if kind in ("person", "place"):
        asked = name_terms(query)
        return float(has_value(said, kind) or any(not content_set(name) <= asked for name in names_in(said)))
    return 1.0


def _is_elsewhere(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether the first stands below "Fixed", a word of the question, and another says nothing of that.

    So where a version is named, whose changes stand below such headings.
    """
    headed = term_set(first.heading)
    if first.kind != "item" or not headed or not identifiers(understood.query):
        return False
    return headed <= frozenset(understood.terms) and not headed <= term_set(f"{item.heading} {item.text}")
