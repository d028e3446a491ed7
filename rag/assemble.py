"""From the parts of one question to its evidence and its answer record."""

import hashlib
import time
from collections.abc import Sequence, Set
from dataclasses import replace

from index import Index
from rag.abstain import confidence, explain
from rag.asked import Asked
from rag.cite import Citer
from rag.ground import HELD
from rag.look import Looked
from rag.records import Answer, Citation, Conflict, Passage, ShortAnswer, Status, Trace
from rag.retrieve import Hit
from rag.short_answer import find_short_answer, read_short_answer

NOWHERE = "There is no document to search: the filters leave none, or the index is empty."


class Clock:
    """Wall time by step.

    Attributes:
        laps: Seconds of each step so far.
    """

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """The step that ends now took the time since the last one ended."""
        now = time.perf_counter()
        self.laps[step] = now - self._last
        self._last = now


def passages_of(looked: Sequence[Looked]) -> tuple[Passage, ...]:
    """All passages, each once, best first."""
    best: dict[int, Hit] = {}
    for hit in (hit for part in looked for hit in part.hits):
        kept = best.get(hit.chunk.id)
        if kept is None or hit.score > kept.score:
            best[hit.chunk.id] = hit
    return tuple(hit.passage() for hit in sorted(best.values(), key=lambda hit: (-hit.score, hit.chunk.id)))


def _marked(passage: Passage, citations: Sequence[Citation]) -> Passage:
    """The passage, marked as cited if a citation begins in it."""
    held = any(c.document == passage.document and passage.start <= c.start < passage.end for c in citations)
    return replace(passage, cited=True) if held else passage


def assemble(
    asked: Asked,
    looked: Sequence[Looked],
    passages: Sequence[Passage],
    citer: Citer,
    told: Set[str],
    generator: str,
    index: Index,
    clock: Clock,
    searched: int,
    conflicts: tuple[Conflict, ...] = (),
) -> Answer:
    """The answer record; without a supported sentence it is an abstention.

    Args:
        passages: Those of all parts, none marked as cited.
        told: The parts of the question that got a supported sentence.
        searched: Number of documents that were searched.
        conflicts: Where the documents disagree; then no short answer is marked, and less is sure.
    """
    question, query = asked.question, asked.query
    held = any(sentence.support.label in HELD for sentence in citer.sentences)
    citations = tuple(citer.citations) if held else ()
    unknown = tuple(dict.fromkeys(word for part in looked for word in part.understood.unknown))
    nowhere = looked and not searched
    text = citer.text if held else NOWHERE if nowhere else explain([part.verdict for part in looked], unknown)
    answered = [part.verdict for part in looked if part.verdict.answerable]
    every = (*(part.understood.query for part in looked), *asked.left)
    missing = tuple(part for part in every if part not in told)
    missing += tuple(
        dict.fromkeys(
            f"“{word}”"
            for part in looked
            if part.verdict.answerable and part.understood.query not in missing
            for word in part.verdict.unsaid
        )
    )
    status: Status = "abstained" if not held else "partial" if missing else "answered"
    digest = hashlib.sha256("\0".join((index.fingerprint, question, query, text)).encode("utf-8", "replace"))
    trace = Trace(
        generator=generator,
        index=index.fingerprint,
        generation=index.generation,
        searched=searched,
        dropped=tuple(citer.dropped),
        unknown_words=unknown,
        corrected=tuple(dict.fromkeys(word for part in looked for word in part.understood.corrected)),
        signals=_signals(looked),
        timings=clock.laps,
    )
    return Answer(
        id=digest.hexdigest()[:16],
        question=question,
        query=query,
        text=text,
        status=status,
        confidence=round(confidence(answered, conflicts), 4) if held and generator == "extractive" else None,
        short_answer=_short_answer(query, looked, citer) if status == "answered" and not conflicts else None,
        missing=missing if status == "partial" else (query,) if status == "abstained" else (),
        sentences=tuple(citer.sentences) if held else (),
        citations=citations,
        passages=tuple(_marked(passage, citations) for passage in passages),
        conflicts=conflicts if held else (),
        trace=trace,
    )


def _short_answer(query: str, looked: Sequence[Looked], citer: Citer) -> ShortAnswer | None:
    """By rules, which mark less and are surer of it; else what the reader found."""
    by_rules = find_short_answer(query, citer.sentences)
    stated = looked[0].stated if len(looked) == 1 else None
    if by_rules is not None or stated is None:
        return by_rules
    return read_short_answer(stated, citer.sentences, citer.citations)


def _signals(looked: Sequence[Looked]) -> dict[str, float]:
    """The signals of the first part under their own names, those of later parts numbered."""
    return {
        name if not at else f"{name}_{at + 1}": round(value, 6)
        for at, part in enumerate(looked)
        for name, value in [
            ("probability", part.verdict.probability),
            ("stated", part.verdict.stated),
            *part.verdict.signals.items(),
        ]
    }
