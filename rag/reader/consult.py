"""What the reader adds to a look at the documents: whether they state the answer, and in which words."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from rag.abstain import log_odds, probability_of
from rag.generators.base import Evidence
from rag.look import Looked, Stated
from rag.reader.reading import Reader, Reading

SIGNALS = ("lexical", "stated", "margin")
# Weights of the signals and the intercept, fitted on two articles of SQuAD 2.0 and half of CLAPnq, neither of
# which the reader learnt from (`rag bench reader` fits them again).
WEIGHTS = MappingProxyType({"lexical": 0.181, "stated": 0.142, "margin": 0.121, "": -0.287})
# The probability, of reader and words together, below which the fact is taken to be missing.
_LEAST = 0.06
# How many passages are read.
_PASSAGES = 5
# What a sentence gains that the reader finds the answer in, at most.
_FOUND = 0.5


@cache
def open_reader() -> Reader:
    """The reader that comes with the program, opened once.

    Raises:
        ModelError: Its network is missing or damaged.
    """
    return Reader()


def read_closely(looked: Looked) -> Looked:
    """The same look after the reader has read the best passages; one that found nothing stays as it is.

    The sentences that hold the reader's answers gain relevance, the verdict may turn to "not stated", and
    the likeliest answer is told.

    Raises:
        ModelError: The reader's network is missing or damaged.
    """
    if not looked.verdict.answerable:
        return looked
    hits = looked.hits[:_PASSAGES]
    readings = open_reader().read(looked.understood.query, [hit.chunk.text for hit in hits])
    found = signals(log_odds(looked.verdict.probability), readings)
    likely = probability_of(together(found))
    spans = [
        Stated(hit.chunk.document, hit.chunk.start + reading.span.start, hit.chunk.start + reading.span.end)
        for hit, reading in zip(hits, readings, strict=True)
    ]
    gains = [_FOUND * probability_of(reading.stated) for reading in readings]
    told = looked.verdict.signals | {name: found[name] for name in SIGNALS[1:]} | {"reader": likely}
    return replace(
        looked,
        evidence=tuple(_raised(item, spans, gains) for item in looked.evidence),
        verdict=replace(looked.verdict, answerable=likely >= _LEAST, signals=told),
        stated=spans[readings.index(_best(readings))],
    )


def signals(lexical: float, readings: Sequence[Reading]) -> dict[str, float]:
    """What tells whether passages state an answer: log odds of the words, and of the best reading."""
    best = _best(readings)
    return {"lexical": lexical, "stated": best.stated, "margin": best.margin}


def together(found: dict[str, float]) -> float:
    """Log odds that the passages state an answer."""
    return WEIGHTS[""] + sum(WEIGHTS[name] * found[name] for name in SIGNALS)


def _best(readings: Sequence[Reading]) -> Reading:
    return max(readings, key=lambda reading: reading.stated + reading.margin)


def _raised(item: Evidence, spans: Sequence[Stated], gains: Sequence[float]) -> Evidence:
    """Evidence that gained relevance, if it holds what the reader found in its passage."""
    if item.passage >= len(spans) or item.relevance <= 0:
        return item
    span = spans[item.passage]
    held = item.document == span.document and item.start < span.end and span.start < item.end
    return replace(item, relevance=item.relevance + gains[item.passage]) if held else item
