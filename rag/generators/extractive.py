"""The default generator: the one to three sentences of the passages that answer best, word for word.

Takes the most relevant sentence, then others that are nearly as relevant or hold a good part of what the
question asks and the answer still lacks; never two that say the same. A list goes with the sentence that
announces it, and the sentence before with one that opens with "He" or "This". Of a table it takes the rows
that hold most of what is asked, all of them where several hold the same.
"""

from collections.abc import Iterator, Mapping, Sequence

from index import Index
from index.words import term_set
from rag.antecedents import leans_back
from rag.cells import cells, is_answer, row_key
from rag.generators.base import Evidence, Statement
from rag.parts import listed
from rag.settings import AnswerSettings
from rag.vocabulary import Lexicon, understand

_CLOSE = 0.86
_FILLS = 0.4
_LEAST_GAIN = 0.1
_ALIKE = 0.8
_LONGEST_LIST = 12
_STEPS_BACK = 2


class ExtractiveGenerator:
    """Answers with sentences of the documents; needs no model."""

    name = "extractive"

    def __init__(self, index: Index, settings: AnswerSettings) -> None:
        self._index = index
        self._most = settings.sentences

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Statement]:
        """The chosen sentences, in reading order inside a document, best document first."""
        chosen = _with_antecedents(_with_lists(self._choose(question, evidence), evidence), evidence)
        best_of: dict[str, int] = {}
        for rank, item in enumerate(chosen):
            best_of.setdefault(item.document, rank)
        for item in sorted(chosen, key=lambda item: (best_of[item.document], item.start)):
            yield Statement(item.text, (item.number,))

    def _choose(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        understood = understand(question, Lexicon(self._index))
        asked, most = frozenset(understood.terms), self._most
        chosen: list[Evidence] = []
        worded: list[frozenset[str]] = []
        held: frozenset[str] = frozenset()
        keyed = {item.number: row_key(understood.query, item.text) for item in evidence}
        every = bool(listed(understood.query))
        candidates = [
            item
            for item in evidence
            if item.relevance > 0
            and not item.text.endswith("?")  # a question answers none, and would pass for what answers it
            and (every or not _is_beside(item, evidence, keyed))
        ]
        for item in sorted(candidates, key=lambda item: (-item.relevance, item.number)):
            if len(chosen) == most:
                break
            if keyed[item.number] and any(_is_sibling(item, other, keyed) for other in chosen):
                continue  # it comes along below
            own = term_set(item.text)
            wanted = not chosen or item.relevance >= _CLOSE * chosen[0].relevance
            if not wanted:
                share = understood.coverage(held)
                gain = understood.coverage(held | (own & asked)) - share
                wanted = gain > _LEAST_GAIN and gain >= _FILLS * (1 - share)
            if wanted and not any(_same(own, other) for other in worded):
                if not chosen and is_answer(understood.query, item.text):
                    most = 1
                chosen.append(item)
                worded.append(own)
                held |= own & asked
        rows = [
            item
            for item in candidates
            if keyed[item.number] and any(_is_sibling(item, other, keyed) for other in chosen)
        ]
        return [*chosen, *rows[:_LONGEST_LIST]]


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
    return bool(cells(item.text)) and any(
        other.document == item.document and keyed[item.number] < keyed[other.number] for other in evidence
    )


def _with_lists(chosen: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """A sentence that announces a list ("… the following:") brings its items along."""
    found = {item.number: item for item in chosen}
    for item in chosen:
        if not item.text.rstrip().endswith(":"):
            continue
        for following in evidence[item.number - evidence[0].number + 1 :][:_LONGEST_LIST]:
            if following.kind != "item" or following.passage != item.passage:
                break
            found[following.number] = following
    return list(found.values())


def _with_antecedents(chosen: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """A sentence that leans on the one before it ("He …") brings that along, and at most one more."""
    found = {item.number: item for item in chosen}
    for item in chosen:
        for _ in range(_STEPS_BACK):
            at = item.number - evidence[0].number - 1
            if at < 0 or evidence[at].passage != item.passage or not leans_back(item.text):
                break
            item = evidence[at]
            found.setdefault(item.number, item)
    return list(found.values())


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the shorter of two sentences says little that the longer does not."""
    shorter = min(len(one), len(other))
    return bool(shorter) and len(one & other) / shorter >= _ALIKE
