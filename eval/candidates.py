"""Candidate items from a folder: sentences that state one number, date or person, with a gap where it stood.

A start for a question set, not a set: a gap sentence shares all its words with its source, so a person puts
the question in their own words before the item counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.askable import askable, said_before
from eval.expected import Expected
from eval.schema import Evidence, Question
from index.records import Document
from index.sentences import sentence_spans
from rag import Rag
from rag.values import Kind, Value, values

_KINDS: tuple[tuple[Kind, Literal["date", "numeric", "single"]], ...] = (
    ("date", "date"),
    ("number", "numeric"),
    ("person", "single"),
)
_CELL = re.compile(r"([^:;]+):\s([^;]*)(?:;|$)")
_LETTERS = re.compile(r"[^\W\d_]{2}")
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
        return Expected(answers=(self.value,), places=((self.document, self.start, self.end),))


def candidates(rag: Rag, count: int, known: Sequence[Question] = ()) -> tuple[Candidate, ...]:
    """At most `count` candidates, the same on each call: documents take turns, no fact comes twice.

    Args:
        known: Questions that there are; what they rest on is not offered again.
    """
    taken = [gold for question in known for gold in question.evidence]
    asked = {question.question.casefold() for question in known}
    told = [(gold.quote, answer) for one in known for gold in one.evidence for answer in one.answers]
    queues = [_spread(list(_of_document(rag.document(path)))) for path in rag.documents]
    found: list[Candidate] = []
    while len(found) < count and any(queues):
        for candidate in [queue.pop(0) for queue in queues if queue]:
            if candidate.question.casefold() in asked or _overlaps(candidate, taken):
                continue
            if not said_before(candidate.sentence, candidate.value, told):
                asked.add(candidate.question.casefold())
                told.append((candidate.sentence, candidate.value))
                found.append(candidate)
    return tuple(found[:count])


def written_for(path: Path) -> str:
    """The note that a draft carries."""
    return f"Draft of {path.name}: put the question in your own words, then set gate to normal."


def _of_document(document: Document) -> Iterator[Candidate]:
    for block in document.blocks:
        if block.verdict != "body" or block.kind in ("heading", "columns"):
            continue
        for span in sentence_spans(document.text, block.start, block.end):
            sentence = document.text[span.start : span.end]
            for kind, name in _KINDS:
                stated = values(sentence, kind)
                if len(stated) != 1:
                    continue
                asked = _asked(sentence, kind, stated[0], block.kind == "row")
                if asked:
                    yield Candidate(
                        document.path, span.start, span.end, sentence, stated[0].text, asked, name
                    )
                    break


def _asked(sentence: str, kind: Kind, stated: Value, row: bool) -> str:
    """A question after the value; "" where none is worth asking."""
    if row:
        return _of_row(sentence, kind, stated)
    return _gapped(sentence, stated) if askable(sentence, kind, stated) else ""


def _of_row(sentence: str, kind: Kind, stated: Value) -> str:
    """A cell of a row, asked by its column and by what the row is about."""
    cells = [cell.groups() for cell in _CELL.finditer(sentence)]
    columns = [column for column, value in cells if value.strip() == stated.text]
    others = [value.strip() for column, value in cells if column not in columns and _LETTERS.search(value)]
    if len(columns) != 1 or not others or (kind == "person" and len(stated.text.split()) < 2):
        return ""
    about = others[0] if cells[0][0] != columns[0] else max(others, key=len)
    return f"What is given as “{columns[0].strip().replace('_', ' ')}” for {about}?"


def _overlaps(candidate: Candidate, taken: Sequence[Evidence]) -> bool:
    return any(
        candidate.document == gold.doc and candidate.start < gold.end and gold.start < candidate.end
        for gold in taken
    )


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
