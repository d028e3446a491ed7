"""How likely each retrieved sentence answers the question.

The share of the question's word weight a sentence holds, some of what the sentence before it and its
heading add to that, a value of the kind asked for, how its passage ranks and how near it is, and last the
cosine of sentence and question, from vectors stored with the index. The weights were chosen on SQuAD 2.0
dev and CLAPnq dev cut into small folders (`rag bench answers`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from index import Index
from index.words import term_set
from rag.retrieve import Hit
from rag.told import Told
from rag.values import Kind, asked_kind, has_value
from rag.vocabulary import Understood

_OWN = 0.8
_AROUND = 0.5
_TYPED = {"date": 0.35, "number": 0.35}
_RANK = 0.2
_NEARNESS = 0.5
COSINE = 1.2


class Rating(NamedTuple):
    """How likely a sentence answers a question, and its cosine with it; both are 0 for what is context."""

    relevance: float = 0.0
    cosine: float = 0.0


UNRATED = Rating()


def rate(
    understood: Understood, hits: Sequence[Hit], told: Sequence[Sequence[Told]], index: Index
) -> tuple[tuple[Rating, ...], ...]:
    """A rating of each of the sentences that the hits tell, hit by hit."""
    question = index.vectors_of([understood.query], query=True)[0]
    by_passage = index.sentence_cosines(question, [hit.chunk for hit in hits])
    top = max((hit.score for hit, lines in zip(hits, told, strict=True) if lines), default=1.0) or 1.0
    kind = asked_kind(understood.query)
    rated: list[tuple[Rating, ...]] = []
    for hit, lines, own in zip(hits, told, by_passage, strict=True):
        cosines = dict(zip([span.start for span in hit.chunk.sentences], own, strict=True))
        rank, nearness = _RANK * hit.score / top, _NEARNESS * (hit.scores.dense or 0.0)
        rated.append(tuple(_ratings(understood, kind, lines, cosines, rank, nearness)))
    return tuple(rated)


def _ratings(
    understood: Understood,
    kind: Kind,
    lines: Sequence[Told],
    cosines: Mapping[int, float],
    rank: float,
    nearness: float,
) -> Iterator[Rating]:
    """The ratings of the sentences of one passage, given what it owes to its rank and nearness."""
    typed = _TYPED.get(kind, 0.0)
    asked = frozenset(understood.terms)
    heads = lines[0].heads & asked if lines else asked
    before: frozenset[str] = frozenset()
    for line in lines:
        own = term_set(line.text) & asked
        if line.answers:
            share = understood.coverage(own)
            words = _OWN * share + _AROUND * (understood.coverage(own | before | heads) - share)
            words += (typed if typed and has_value(line.text, kind) else 0.0) + rank
            words += nearness
            cosine = cosines.get(line.start, 0.0)
            yield Rating(words + COSINE * cosine, cosine)
        else:
            yield UNRATED
        before = own
