"""What the reader adds to a look at the documents: whether they state the answer, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from rag.abstain import Verdict, log_odds, probability_of
from rag.generators.base import Evidence
from rag.reader.reading import Reader, Reading
from rag.retrieve import Hit

SIGNALS = ("lexical", "stated", "margin")
# Weights of the signals and the intercept, fitted on two articles of SQuAD 2.0 that the reader did not learn
# from (`rag bench reader` fits them again).
WEIGHTS = MappingProxyType({"lexical": 0.3, "stated": 0.3, "margin": 0.1, "": 0.0})
# How many passages are read; each costs about as much as three encodings of a question.
_PASSAGES = 5
# What a sentence gains that the reader finds the answer in, at most.
_FOUND = 1.0


@dataclass(frozen=True, slots=True)
class Stated:
    """Where a document states the answer, in its characters."""

    document: str
    start: int
    end: int


@cache
def open_reader() -> Reader:
    """The reader that comes with the program, opened once.

    Raises:
        ModelError: Its network is missing or damaged.
    """
    return Reader()


def consult(
    question: str, hits: Sequence[Hit], evidence: Sequence[Evidence], verdict: Verdict, threshold: float
) -> tuple[tuple[Evidence, ...], Verdict, Stated | None]:
    """The same evidence and verdict with what the reader makes of the best passages.

    Args:
        threshold: The least probability, of the reader and the other signals together, that is answered.

    Returns:
        The evidence, in which the sentences that hold the reader's answers gained relevance; a verdict that
        may have turned to "not stated"; and the likeliest answer.
    """
    if not verdict.answerable:
        return tuple(evidence), verdict, None
    best = hits[:_PASSAGES]
    readings = open_reader().read(question, [hit.chunk.text for hit in best])
    found = signals(log_odds(verdict.probability), readings)
    likely = probability_of(together(found))
    spans = [
        Stated(hit.chunk.document, hit.chunk.start + reading.span.start, hit.chunk.start + reading.span.end)
        for hit, reading in zip(best, readings, strict=True)
    ]
    gains = {at: _FOUND * probability_of(reading.stated) for at, reading in enumerate(readings)}
    raised = tuple(
        replace(item, relevance=item.relevance + gains[item.passage])
        if item.passage in gains and item.relevance > 0 and _holds(item, spans[item.passage])
        else item
        for item in evidence
    )
    first = max(range(len(best)), key=lambda at: readings[at].stated + readings[at].margin)
    told = replace(
        verdict,
        answerable=likely >= threshold,
        signals=verdict.signals | {"stated": found["stated"], "margin": found["margin"], "reader": likely},
    )
    return raised, told, spans[first]


def signals(lexical: float, readings: Sequence[Reading]) -> dict[str, float]:
    """What tells whether passages state an answer: log odds of the words, and of the best reading."""
    best = max(readings, key=lambda reading: reading.stated + reading.margin)
    return {"lexical": lexical, "stated": best.stated, "margin": best.margin}


def together(found: dict[str, float]) -> float:
    """Log odds that the passages state an answer."""
    return WEIGHTS[""] + sum(WEIGHTS[name] * found[name] for name in SIGNALS)


def _holds(item: Evidence, span: Stated) -> bool:
    return item.document == span.document and item.start < span.end and span.start < item.end
