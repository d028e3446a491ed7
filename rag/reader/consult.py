"""What the reader adds to a look at the documents: whether they state the answer, and in which words."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from rag.abstain import log_odds, probability_of
from rag.generators.base import Evidence
from rag.look import Looked, Stated
from rag.reader.reading import Reader, Reading
from rag.reader.verdict import LEAST, SIGNALS, holds, sentence_of, signals, together

# How many passages are read, all parts of a question together, and of each part at least.
_PASSAGES, _FEWEST = 5, 2
# What a sentence gains that the reader finds the answer in, at most.
_FOUND = 0.5


@cache
def open_reader() -> Reader:
    """The reader that comes with the program, opened once.

    Raises:
        ModelError: Its network is missing or damaged.
    """
    return Reader()


def read_closely(looked: Looked, parts: int = 1) -> Looked:
    """The same look after the reader has read the best passages; one that found nothing stays as it is.

    The sentences that hold the reader's answers gain relevance, the verdict may turn to "not stated", and
    the likeliest answer is told.

    Args:
        parts: How many the question has, this one included.

    Raises:
        ModelError: The reader's network is missing or damaged.
    """
    if not looked.verdict.answerable:
        return looked
    hits = looked.hits[: max(_FEWEST, _PASSAGES // parts)]
    readings = open_reader().read(looked.understood.query, [hit.chunk.text for hit in hits])
    spans = [
        Stated(hit.chunk.document, hit.chunk.start + reading.span.start, hit.chunk.start + reading.span.end)
        for hit, reading in zip(hits, readings, strict=True)
    ]
    gains = [_FOUND * probability_of(reading.stated) for reading in readings]
    found = weighed(looked, spans, readings, open_reader())
    likely = probability_of(together(found))
    told = looked.verdict.signals | {name: found[name] for name in SIGNALS[1:]} | {"reader": likely}
    return replace(
        looked,
        evidence=tuple(_raised(item, spans, gains) for item in looked.evidence),
        verdict=replace(looked.verdict, answerable=likely >= LEAST, signals=told),
        stated=spans[readings.index(_best(readings))],
    )


def weighed(
    looked: Looked, spans: Sequence[Stated], readings: Sequence[Reading], reader: Reader
) -> dict[str, float]:
    """The signals of the best reading, whose sentence is read once more with little around it."""
    best = _best(readings)
    sentence = sentence_of(spans[readings.index(best)], looked.evidence)
    question = looked.understood.query
    close = reader.read(question, [_with_the_one_before(sentence, looked.evidence)])[0] if sentence else best
    return signals(question, log_odds(looked.verdict.probability), best, sentence, close)


def _with_the_one_before(sentence: Evidence, evidence: Sequence[Evidence]) -> str:
    """What "he" and "there" in a sentence mean often stands in the one before it."""
    read = [
        item.text
        for item in evidence
        if item.passage == sentence.passage and 0 <= sentence.number - item.number <= 1
    ]
    return " ".join(read)


def _best(readings: Sequence[Reading]) -> Reading:
    return max(readings, key=lambda reading: reading.stated + reading.margin)


def _raised(item: Evidence, spans: Sequence[Stated], gains: Sequence[float]) -> Evidence:
    """Evidence that gained relevance, if it holds what the reader found in its passage."""
    if item.passage >= len(spans) or item.relevance <= 0:
        return item
    span = spans[item.passage]
    return item._replace(relevance=item.relevance + gains[item.passage]) if holds(item, span) else item
