"""From the parts of one question to its evidence and its answer record."""

import hashlib
import time
from collections.abc import Callable, Sequence

from index import Document
from rag.abstain import Verdict, explain
from rag.cite import Citer
from rag.generators import Evidence
from rag.records import Answer, Trace
from rag.retrieve import Hit
from rag.short_answer import find_short_answer
from rag.vocabulary import Understood


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


def evidence_of(hits: Sequence[Hit], source: Callable[[str], Document]) -> tuple[Evidence, ...]:
    """The sentences of the passages, numbered from 1 in the order of the passages."""
    evidence: list[Evidence] = []
    for at, hit in enumerate(hits):
        document = source(hit.chunk.document)
        for span in hit.chunk.sentences:
            evidence.append(
                Evidence(
                    number=len(evidence) + 1,
                    passage=at,
                    document=document.path,
                    title=document.title,
                    date=document.date,
                    heading=hit.chunk.heading,
                    start=span.start,
                    end=span.end,
                    text=document.text[span.start : span.end],
                    score=hit.score,
                )
            )
    return tuple(evidence)


def assemble(
    question: str, understood: Understood, hits: Sequence[Hit], citer: Citer, verdict: Verdict, trace: Trace
) -> Answer:
    """The answer record; without a supported sentence it is an abstention."""
    held = any(sentence.support.label in {"supported", "partly"} for sentence in citer.sentences)
    cited = {(c.document, c.start, c.end) for c in citer.citations} if held else set()
    text = citer.text if held else explain(understood)
    passages = tuple(
        hit.passage(
            cited=any(d == hit.chunk.document and hit.chunk.start <= s < hit.chunk.end for d, s, _ in cited)
        )
        for hit in hits
    )
    digest = hashlib.sha256(
        "\0".join((trace.index, question, understood.query, text)).encode("utf-8", "replace")
    )
    return Answer(
        id=digest.hexdigest()[:16],
        question=question,
        query=understood.query,
        text=text,
        status="answered" if held else "abstained",
        confidence=None,
        short_answer=find_short_answer(understood.query, citer.sentences) if held else None,
        missing=() if held else tuple(understood.unknown),
        sentences=tuple(citer.sentences) if held else (),
        citations=tuple(citer.citations) if held else (),
        passages=passages,
        conflicts=(),
        trace=trace,
    )
