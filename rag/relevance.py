"""How likely each retrieved sentence answers the question.

The share of the question's word weight a sentence holds, some of what the sentence before it and its
heading add to that, a value of the kind asked for, how its passage ranks and how near it is, and last the
cosine of sentence and question, from vectors stored with the index. The weights were chosen on SQuAD 2.0
dev and CLAPnq dev cut into small folders (`rag bench answers`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
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
        if words is not None:
            item = replace(item, relevance=words + COSINE * cosine, cosine=cosine)
        rated.append(item)
    return tuple(rated)


def _worded(understood: Understood, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> dict[int, float]:
    """The part of each candidate's relevance that words, kind and rank give, by evidence number."""
    kind = asked_kind(understood.query)
    typed = _TYPED.get(kind, 0.0)
    asked = frozenset(understood.terms)
    top = max((item.score for item in evidence), default=1.0) or 1.0
    before: frozenset[str] = frozenset()
    found: dict[int, float] = {}
    for at, item in enumerate(evidence):
        own = term_set(item.text)
        if at and evidence[at - 1].passage != item.passage:
            before = frozenset()
        around = own | before | term_set(f"{item.title} {item.heading}")
        share = understood.coverage(own & asked)
        words = _OWN * share + _AROUND * (understood.coverage(around & asked) - share)
        words += typed * has_value(item.text, kind) + _RANK * item.score / top
        words += _NEARNESS * (hits[item.passage].scores.dense or 0.0)
        before = own
        if item.kind == "row" or (item.kind != CONTEXT and is_sentence(item.text)):
            found[item.number] = words
    return found


@lru_cache(maxsize=32_768)
def is_sentence(text: str) -> bool:
    """Headings and scraps are context, not answers; "name: value" is an answer, and so is a table row."""
    words = text.split()
    if _STATED.match(text):
        return True
    return len(words) >= _SHORTEST and (text.rstrip()[-1:] in _SENTENCE_ENDS or len(words) >= 12)
