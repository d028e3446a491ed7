"""How likely each retrieved sentence answers the question.

The share of the question's word weight a sentence holds, some of what the sentence before it and its
heading add to that, a value of the kind asked for, how its passage ranks and how near it is, and last the
cosine of sentence and question, from vectors stored with the index. The weights were chosen on SQuAD 2.0
dev and CLAPnq dev cut into small folders (`rag bench answers`).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from index import Index
from index.words import term_set
from rag.generators.base import CONTEXT, Evidence
from rag.retrieve import Hit
from rag.values import asked_kind, has_value
from rag.vocabulary import Understood

_OWN = 0.8
_AROUND = 0.5
_TYPED = {"date": 0.35, "number": 0.35}
_RANK = 0.2
_NEARNESS = 0.5
COSINE = 1.2
_SHORTEST = 3
_STATED = re.compile(r"\|.*\w|[^\W\d][^:|]{0,40}: \w")
_SENTENCE_ENDS = '.!?…:"”’)»'


def rate(
    understood: Understood, hits: Sequence[Hit], evidence: Sequence[Evidence], index: Index
) -> tuple[Evidence, ...]:
    """The same evidence, in the same order, with relevance and cosine filled in."""
    question = index.vectors_of([understood.query], query=True)[0]
    by_passage = index.sentence_cosines(question, [hit.chunk for hit in hits])
    cosines = {
        (at, span.start): cosine
        for at, (hit, own) in enumerate(zip(hits, by_passage, strict=True))
        for span, cosine in zip(hit.chunk.sentences, own, strict=True)
    }
    worded = _worded(understood, hits, evidence)
    rated: list[Evidence] = []
    for item in evidence:
        cosine = cosines.get((item.passage, item.start), 0.0)
        words = worded.get(item.number)
        rated.append(item if words is None else item.rated(words + COSINE * cosine, cosine))
    return tuple(rated)


def _worded(understood: Understood, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> dict[int, float]:
    """The part of each candidate's relevance that words, kind and rank give, by evidence number."""
    kind = asked_kind(understood.query)
    typed = _TYPED.get(kind, 0.0)
    asked = frozenset(understood.terms)
    top = max((item.score for item in evidence), default=1.0) or 1.0
    passage = -1
    before = heads = frozenset[str]()
    found: dict[int, float] = {}
    for item in evidence:
        if item.passage != passage:
            passage, before = item.passage, frozenset()
            heads = term_set(f"{item.title} {item.heading}") & asked
        own = term_set(item.text) & asked
        if item.kind == "row" or (item.kind != CONTEXT and is_sentence(item.text)):
            share = understood.coverage(own)
            words = _OWN * share + _AROUND * (understood.coverage(own | before | heads) - share)
            valued = typed if typed and has_value(item.text, kind) else 0.0
            words += valued + _RANK * item.score / top
            words += _NEARNESS * (hits[passage].scores.dense or 0.0)
            found[item.number] = words
        before = own
    return found


@lru_cache(maxsize=32_768)
def is_sentence(text: str) -> bool:
    """Headings and scraps are context, not answers; "name: value" is an answer, and so is a table row."""
    words = text.split()
    if _STATED.match(text):
        return True
    return len(words) >= _SHORTEST and (text.rstrip()[-1:] in _SENTENCE_ENDS or len(words) >= 12)
