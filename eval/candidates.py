"""Candidate items from a folder: sentences that state one number, date or person, with a gap where it stood.

A start for a question set, not a set: a gap sentence shares all its words with its source, so a person puts
the question in their own words before the item counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.drafts import Expected
from index.records import Document
from index.sentences import sentence_spans
from rag import Rag
from rag.values import Kind, Value, values

_KINDS: tuple[tuple[Kind, Literal["date", "numeric", "single"]], ...] = (
    ("date", "date"),
    ("number", "numeric"),
    ("person", "single"),
)
_SHORTEST, _LONGEST = 40, 300
GAP = "…"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, the value it states, and a question with a gap.

    Attributes:
        type: Type of the item it would become.
    """

    document: str
    start: int
    end: int
    sentence: str
    value: str
    question: str
    type: str

    @property
    def expected(self) -> Expected:
        """The value, in the words of its sentence."""
        return Expected(answers=(self.value,), quotes=(self.sentence,), document=self.document)


def candidates(rag: Rag, count: int) -> tuple[Candidate, ...]:
    """At most `count` candidates, the same on each call: documents take turns, no sentence comes twice."""
    queues = [_spread(list(_of_document(rag.document(path)))) for path in rag.documents]
    found: list[Candidate] = []
    seen: set[str] = set()
    while len(found) < count and any(queues):
        for candidate in [queue.pop(0) for queue in queues if queue]:
            if candidate.question not in seen:
                seen.add(candidate.question)
                found.append(candidate)
    return tuple(found[:count])


def written_for(path: Path) -> str:
    """The note that a draft carries."""
    return f"Draft of {path.name}: put the question in your own words, then set gate to normal."


def _of_document(document: Document) -> Iterator[Candidate]:
    for block in document.blocks:
        if block.verdict != "body" or block.kind in ("heading", "title"):
            continue
        for span in sentence_spans(document.text, block.start, block.end):
            sentence = document.text[span.start : span.end]
            if not _SHORTEST <= len(sentence) <= _LONGEST:
                continue
            for kind, name in _KINDS:
                stated = values(sentence, kind)
                if len(stated) == 1:
                    asked = _gapped(sentence, stated[0])
                    yield Candidate(
                        document.path, span.start, span.end, sentence, stated[0].text, asked, name
                    )
                    break


def _gapped(sentence: str, value: Value) -> str:
    before, after = sentence[: value.start], sentence[value.end :]
    return f"What stands in the gap: “{' '.join((before + GAP + after).split())}”?"


def _spread(found: list[Candidate]) -> list[Candidate]:
    """First, middle, quarters …: each beginning of the list is spread over the document."""
    order: list[Candidate] = []
    step = len(found)
    taken: set[int] = set()
    while step >= 1:
        order += [found[at] for at in range(0, len(found), step) if at not in taken]
        taken |= set(range(0, len(found), step))
        step //= 2
    return order
