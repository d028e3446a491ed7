"""The default generator: the one to three sentences of the passages that answer best, word for word.

Takes the most relevant sentence, then others that are nearly as relevant or hold a good part of what the
question asks and the answer still lacks; never two that say the same. The best stands first, each among
what it brings along (`rag/generators/companions.py`). Of a table it takes the rows that hold most of what is
asked, all of them where several hold the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from index import Index
from index.words import content_set, term_set
from rag.cells import cells, has_letters, is_answer, letters_in, row_key
from rag.corrections import is_newer, says_otherwise, takes_back
from rag.generators.base import Evidence, Statement
from rag.generators.companions import Companions, announces
from rag.identifiers import identifiers
from rag.parts import listed
from rag.settings import AnswerSettings
from rag.values import asked_kind, has_value
from rag.vocabulary import Lexicon, Understood, name_terms, names_in, understand

_CLOSE = 0.86
_FILLS = 0.6
_LEAST_GAIN = 0.1
_ALIKE = 0.8
_SETTLED = 0.7
_ANNOUNCED = 0.5
_EXPLAINS = re.compile(
    r"\W*(?:(?:please|can you|could you) )?(?:explain|describe|summari[sz]e|outline|tell (?:me|us) about)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"\W*(?:is|are|am|was|were|do|does|did|can|could|may|must|should|will|has|have|had)\b", re.IGNORECASE
)
_HOW_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
_LONGEST_TABLE = 12


class ExtractiveGenerator:
    """Answers with sentences of the documents; needs no model."""

    name = "extractive"

    def __init__(self, index: Index, settings: AnswerSettings) -> None:
        self._index = index
        self._most = settings.sentences

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Statement]:
        """The chosen sentences among what they bring along: the best first, an account in reading order."""
        understood = understand(question, Lexicon(self._index))
        around = Companions(understood, evidence)
        told: list[Evidence] = []
        chosen = self._choose(understood, evidence, around)
        if _EXPLAINS.match(question):
            ranks = {item.document: -rank for rank, item in reversed(list(enumerate(chosen)))}
            chosen.sort(key=lambda item: (-ranks[item.document], item.start))
        for item in chosen:
            for piece in around.with_companions(item, leads=not told):
                if not any(_within(piece, other) for other in told):
                    told.append(piece)
                    yield Statement(piece.said, (piece.number,))

    def _choose(
        self, understood: Understood, evidence: Sequence[Evidence], around: Companions
    ) -> list[Evidence]:
        asked, most, settled = frozenset(understood.terms), self._most, False
        chosen: list[Evidence] = []
        worded: list[frozenset[str]] = []
        held: frozenset[str] = frozenset()
        keyed = {item.number: row_key(understood.query, item.said) for item in evidence}
        every = bool(listed(understood.query))
        candidates = [
            item
            for item in evidence
            if item.relevance > 0
            and not item.text.endswith("?")  # a question answers none, and would pass for what answers it
            and (every or not _is_beside(item, evidence, keyed))
            and not around.announces_no_value(item)
        ]
        ranked = sorted(candidates, key=lambda item: (-item.relevance, item.number))
        if ranked and announces(ranked[0]) and not around.has_what_it_announces(ranked[0]):
            return []  # what it announces was not read, and the next best would be about something else
        for item in ranked:
            if len(chosen) == most:
                break
            if keyed[item.number] and any(_is_sibling(item, other, keyed) for other in chosen):
                continue  # it comes along below
            if chosen and not _may_follow(understood, chosen[0], item, settled, keyed):
                continue
            own = term_set(item.said)
            wanted = (
                not chosen
                or item.relevance >= _CLOSE * chosen[0].relevance
                or takes_back(understood, chosen[0], item)
                or _is_counted(understood, item, keyed)
            )
            if not wanted:
                share = understood.coverage(held)
                gain = understood.coverage(held | (own & asked)) - share
                wanted = gain > _LEAST_GAIN and gain >= _FILLS * (1 - share)
            if wanted and not any(_same(own, other) for other in worded):
                if not chosen:
                    most = 1 if _is_row_asked(understood, item) else most
                    settled = _is_whole(understood, item)
                chosen.append(item)
                worded.append(own)
                held |= own & asked
        chosen = _newest_first(understood, chosen, ranked)
        rows = [
            item
            for item in candidates
            if keyed[item.number] and any(_is_sibling(item, other, keyed) for other in chosen)
        ]
        return [*chosen, *rows[:_LONGEST_TABLE]]


def _newest_first(
    understood: Understood, chosen: Sequence[Evidence], ranked: Sequence[Evidence]
) -> list[Evidence]:
    """What was chosen, behind what takes its first back or says the same of a later time."""
    if not chosen:
        return []
    first = chosen[0]
    near = [item for item in ranked if item.relevance >= _CLOSE * first.relevance and item not in chosen]
    # Of a later copy, which was left out as the same, the newest does.
    copies = [
        item
        for item in near
        if is_newer(understood, first, item) and _same(term_set(item.said), term_set(first.said))
    ]
    newer = sorted(copies, key=lambda item: item.date)[-1:]
    newer += [
        item
        for item in chosen[1:]
        if takes_back(understood, first, item) or is_newer(understood, first, item)
    ]
    return [*newer, *(item for item in chosen if item not in newer)]


def _is_row_asked(understood: Understood, item: Evidence) -> bool:
    """Whether a row has the cell that is asked for; other rows that hold the same come along."""
    query = understood.query
    return is_answer(query, item.said) or has_letters(letters_in(query), item.said)


def _is_whole(understood: Understood, item: Evidence) -> bool:
    """Whether a sentence says all that is asked.

    It has most of the question's weight, all of its names and a value of the kind asked for, or it has them
    where yes or no is asked.
    """
    query = understood.query
    kind = asked_kind(query)
    typed = kind in ("date", "number") and has_value(item.said, kind)
    if not typed and not _YES_NO.match(query):
        return False
    held = term_set(item.said)
    names = frozenset(term for name in names_in(query) for term in content_set(name))
    return names <= held and understood.coverage(held & frozenset(understood.terms)) >= _SETTLED


def _may_follow(
    understood: Understood,
    first: Evidence,
    item: Evidence,
    settled: bool,
    keyed: Mapping[int, frozenset[str]],
) -> bool:
    """Whether a sentence may be told behind the first, how near the question it is aside.

    Args:
        settled: The first says all that is asked; others may only say it, too, or say it otherwise.
    """
    if settled and not (
        _is_whole(understood, item)
        or _is_counted(understood, item, keyed)
        or says_otherwise(understood, first, item)
    ):
        return False
    if _is_elsewhere(understood, first, item):
        return False
    held = term_set(item.said) & frozenset(understood.terms)
    return not announces(item) or understood.coverage(held) >= _ANNOUNCED


def _is_elsewhere(understood: Understood, first: Evidence, item: Evidence) -> bool:
    """Whether the first stands below "Fixed", a word of the question, and another says nothing of that.

    So where a version is named, whose changes stand below such headings.
    """
    headed = term_set(first.heading)
    if first.kind != "item" or not headed or not identifiers(understood.query):
        return False
    return headed <= frozenset(understood.terms) and not headed <= term_set(f"{item.heading} {item.text}")


def _is_counted(understood: Understood, item: Evidence, keyed: Mapping[int, frozenset[str]]) -> bool:
    """Whether it is asked how many there are, and an item is one of the rows that may have to be counted.

    It has all the names of the question, and a column that the question speaks of.
    """
    names = name_terms(understood.query)
    if not names or not names <= keyed[item.number] or not _HOW_MANY.search(understood.query):
        return False
    return any(term_set(cell.header) & frozenset(understood.terms) for cell in cells(item.said))


def _is_sibling(item: Evidence, other: Evidence, keyed: Mapping[int, frozenset[str]]) -> bool:
    """Whether another row of the same table holds the same of what is asked."""
    return (
        item.number != other.number
        and item.document == other.document
        and item.start != other.start
        and keyed[item.number] == keyed[other.number]
    )


def _is_beside(item: Evidence, evidence: Sequence[Evidence], keyed: Mapping[int, frozenset[str]]) -> bool:
    """Whether another row of its table holds all that a row holds of what is asked, and more."""
    return bool(cells(item.said)) and any(
        other.document == item.document and keyed[item.number] < keyed[other.number] for other in evidence
    )


def _within(item: Evidence, other: Evidence) -> bool:
    return item.document == other.document and other.start <= item.start and item.end <= other.end


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the shorter of two sentences says little that the longer does not."""
    shorter = min(len(one), len(other))
    return bool(shorter) and len(one & other) / shorter >= _ALIKE
