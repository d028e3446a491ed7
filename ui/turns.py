"""What a conversation is made of: turns, each a question and what is known of its answer. Pure.

A turn keeps records, never rendered text: what a page shows of it is made anew each time (`ui/render.py`).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from rag.records import Answer, Citation, Passage, Sentence, Trace

QUESTION_LIMIT = 2_000
TURN_LIMIT = 200
HISTORY_TURNS = 20

Phase = Literal["waiting", "searching", "reading", "answered", "partial", "abstained", "stopped", "failed"]
UNFINISHED: frozenset[str] = frozenset({"waiting", "searching", "reading"})

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer, as far as it has come.

    Attributes:
        key: Names the turn and its sources on the page; it cannot be guessed.
        answer: The answer; while it is on its way or when it broke off, what there is of it.
        told: What else there is to say: how many wait ahead, how many documents are searched, the error.
        at: When it was asked, in seconds of the epoch.
    """

    key: str
    question: str
    phase: Phase
    answer: Answer
    told: str = ""
    at: float = 0.0

    @property
    def finished(self) -> bool:
        """Whether nothing will be added to it."""
        return self.phase not in UNFINISHED

    def answered_by(self, generator: str) -> "Turn":
        """The turn once it is known who answers."""
        trace = replace(self.answer.trace, generator=generator)
        return replace(self, answer=replace(self.answer, trace=trace))

    def found(self, passages: tuple[Passage, ...]) -> "Turn":
        """The turn once its passages are known."""
        return replace(self, phase="reading", answer=replace(self.answer, passages=passages))

    def said(self, sentence: Sentence, citations: tuple[Citation, ...]) -> "Turn":
        """The turn with one more sentence."""
        answer = replace(
            self.answer,
            sentences=(*self.answer.sentences, sentence),
            citations=(*self.answer.citations, *citations),
        )
        return replace(self, phase="reading", answer=answer)

    def done(self, answer: Answer) -> "Turn":
        """The turn with its answer."""
        return replace(self, phase=answer.status, answer=answer, told="")

    def ended(self, phase: Literal["stopped", "failed"], told: str = "") -> "Turn":
        """The turn broken off."""
        return replace(self, phase=phase, told=told)

    def unkept(self, why: str) -> "Turn":
        """The turn that could not be stored."""
        told = f"This answer could not be stored and will be gone when the page is loaded again: {why}."
        return replace(self, told=f"{self.told} {told}".strip())

    def to_dict(self) -> dict[str, Any]:
        """The turn as JSON types."""
        return {
            "key": self.key,
            "question": self.question,
            "phase": self.phase,
            "told": self.told,
            "at": self.at,
            "answer": self.answer.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Turn":
        """Rebuild a turn; one that was still running when it was stored has been stopped.

        Raises:
            ValueError: It is of another version of the program.
        """
        if data["phase"] not in get_args(Phase):
            raise ValueError(f"no phase {data['phase']!r}")
        phase: Phase = "stopped" if data["phase"] in UNFINISHED else data["phase"]
        answer = Answer.from_dict(data["answer"])
        return cls(data["key"], data["question"], phase, answer, data["told"], data["at"])


def new_turn(key: str, question: str) -> Turn:
    """A turn of which nothing but the question is known."""
    nothing = Answer(
        id="",
        question=question,
        query=question,
        text="",
        status="abstained",
        confidence=None,
        short_answer=None,
        missing=(),
        sentences=(),
        citations=(),
        passages=(),
        conflicts=(),
        trace=Trace("", "", 0, 0),
    )
    return Turn(key, question, "waiting", nothing, at=time.time())


def cited_history(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """`history`, with what each answer cited, so that a follow-up can look there again."""
    finished = [t for t in turns if t.phase in ("answered", "partial", "abstained")][-HISTORY_TURNS:]
    out: list[dict[str, Any]] = [dict(message) for message in history(turns)]
    for turn, message in zip(finished, out[1::2], strict=True):
        cited = turn.answer.citations
        message["citations"] = [
            {"document": c.document, "start": c.start, "end": c.end, "title": c.title} for c in cited
        ]
    return out


def history(turns: Sequence[Turn]) -> list[Message]:
    """The finished turns for the next question; those without an answer are left out."""
    out: list[Message] = []
    for turn in [t for t in turns if t.phase in ("answered", "partial", "abstained")][-HISTORY_TURNS:]:
        out.append({"role": "user", "content": turn.question})
        titles = [citation.title for citation in turn.answer.citations]
        out.append({"role": "assistant", "content": turn.answer.text, "titles": titles})
    return out
