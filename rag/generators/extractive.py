"""The default generator: the one to three sentences of the passages that answer best, word for word.

Takes the most relevant sentence, then others that are nearly as relevant or hold a good part of what the
question asks and the answer still lacks; never two that say the same. The best stands first, each among
what it brings along (`rag/generators/companions.py`). Of a table it takes the rows that hold most of what is
asked, all of them where several hold the same.
"""

import re
from collections.abc import Iterator, Sequence
from operator import attrgetter

from index import Index
from index.words import term_set
from rag.cells import cells
from rag.corrections import is_newer, takes_back
from rag.generators.base import Evidence, Statement
from rag.generators.companions import Companions, announces
from rag.generators.further import has_kind, is_whole, may_follow
from rag.generators.opposed import says_reverse
from rag.generators.repeated import is_alike, repeats
from rag.generators.rows import is_beside, is_counted, is_row_asked, is_sibling, keys_of
from rag.parts import listed
from rag.run_in import is_question
from rag.settings import AnswerSettings
from rag.values import asked_kind
from rag.vocabulary import Lexicon, Understood, understand

_CLOSE = 0.86
_LATER = 0.7
_FILLS = 0.6
_LEAST_GAIN = 0.1
_EXPLAINS = re.compile(
    r"\W*(?:(?:please|can you|could you) )?(?:explain|describe|summari[sz]e|outline|tell (?:me|us) about)\b",
    re.IGNORECASE,
)
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
        held, share = frozenset[str](), 0.0
        keyed = keys_of(understood, evidence)
        every = bool(listed(understood.query))
        candidates = [
            item
            for item in evidence
            if item.relevance > 0
            and not is_question(item.text)  # a question answers none, and would pass for what answers it
            and (every or not is_beside(item, evidence, keyed))
            and not around.announces_no_value(item)
        ]
        # Of equal ones the first stays first, as they come in the order of their numbers.
        ranked = sorted(candidates, key=attrgetter("relevance"), reverse=True)
        ranked = _row_first(understood, _without_reverse(understood, ranked))
        if ranked and announces(ranked[0]) and not around.has_what_it_announces(ranked[0]):
            return []  # what it announces was not read, and the next best would be about something else
        for item in ranked:
            if len(chosen) == most:
                break
            if keyed[item.number] and any(is_sibling(item, other, keyed) for other in chosen):
                continue  # it comes along below
            wanted = not chosen or item.relevance >= _CLOSE * chosen[0].relevance
            if not wanted and share < 1 - _LEAST_GAIN:
                gain = understood.coverage(held | (term_set(item.said) & asked)) - share
                wanted = gain > _LEAST_GAIN and gain >= _FILLS * (1 - share)
            wanted = wanted or takes_back(understood, chosen[0], item) or is_counted(understood, item, keyed)
            if chosen and not (wanted and may_follow(understood, chosen[0], item, settled, keyed, held)):
                continue
            if not any(repeats(item, other, understood.query) for other in chosen):
                if not chosen:
                    most = 1 if is_row_asked(understood, item) else most
                    settled = is_whole(understood, item)
                chosen.append(item)
                held |= term_set(item.said) & asked
                share = understood.coverage(held)
        chosen = _newest_first(understood, chosen, ranked)
        rows = [
            item
            for item in candidates
            if keyed[item.number] and any(is_sibling(item, other, keyed) for other in chosen)
        ]
        return [*chosen, *rows[:_LONGEST_TABLE]]


def _newest_first(
    understood: Understood, chosen: Sequence[Evidence], ranked: Sequence[Evidence]
) -> list[Evidence]:
    """What was chosen, behind what takes its first back or says the same of a later time."""
    if not chosen:
        return []
    first = chosen[0]
    # Of what is of a later time and was left out, as the same or as settled, the newest does.
    whole = is_whole(understood, first)
    later = [
        item
        for item in ranked
        if item not in chosen
        and item.relevance >= (_LATER if whole else _CLOSE) * first.relevance
        and (whole or is_alike(item, first))
        and is_newer(understood, first, item)
    ]
    newer = sorted(later, key=lambda item: item.date)[-1:]
    newer += [
        item
        for item in chosen[1:]
        if takes_back(understood, first, item) or is_newer(understood, first, item)
    ]
    return [*newer, *(item for item in chosen if item not in newer)]


def _without_reverse(understood: Understood, ranked: list[Evidence]) -> list[Evidence]:
    """Without what says the reverse of what is asked of several, where as near a sentence does not."""
    held = [item for item in ranked if not says_reverse(understood.query, item.said)]
    return held if held and held[0].relevance >= _CLOSE * ranked[0].relevance else ranked


def _row_first(understood: Understood, ranked: list[Evidence]) -> list[Evidence]:
    """A row that has the cell asked for stands before a sentence without a name, where one is asked for."""
    named = asked_kind(understood.query) in ("person", "place")
    if not named or not ranked or cells(ranked[0].said) or has_kind(understood, ranked[0].said):
        return ranked
    rows = [item for item in ranked if is_row_asked(understood, item)][:1]
    return [*rows, *(item for item in ranked if item not in rows)]


def _within(item: Evidence, other: Evidence) -> bool:
    return item.document == other.document and other.start <= item.start and item.end <= other.end
