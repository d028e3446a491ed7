"""A small corpus, items about it, and answers written by hand: what the evaluator's own tests judge."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.provenance import Provenance
from eval.questions import QuestionSet, load_questions
from rag.records import Answer, Citation, Passage, Scores, Sentence, Support, Trace

# A BOM, CR LF, an emoji and a combining accent: offsets are code points of the file as it is.
TEXT = (
    "\ufeffHandbook\r\nEligible 👩‍🚒 staff receive 26 weeks of leave.\r\n"
    "The cafe\u0301 opens at 8.\r\nThe gate closes at 9.\r\nNobody is paid in cash.\r\n"
)
LEAVE = "Eligible 👩‍🚒 staff receive 26 weeks of leave."
CAFE = "The cafe\u0301 opens at 8."
GATE = "The gate closes at 9."
DOC = "handbook.txt"


def corpus(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / DOC).write_bytes(TEXT.encode())
    return folder


def gold(quote: str, doc: str = DOC) -> dict[str, Any]:
    start = TEXT.index(quote)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    return {"doc": doc, "sha256": digest, "quote": quote, "start": start, "end": start + len(quote)}


def row(name: str, **fields: Any) -> dict[str, Any]:
    """An answerable item about the leave, changed by `fields`."""
    base = {
        "id": name,
        "schema": 1,
        "split": "heldout",
        "question": f"{name}?",
        "type": "single",
        "answerable": True,
        "group": name,
        "answers": ["26 weeks"],
        "evidence": [gold(LEAVE)],
    }
    return {**base, **fields}


def off(name: str, **fields: Any) -> dict[str, Any]:
    """An unanswerable item."""
    lacking = {"type": "unanswerable", "answerable": False, "unanswerable_kind": "off_corpus"}
    return row(name, **{**lacking, "answers": [], "evidence": [], **fields})


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in rows), encoding="utf-8")
    return path


def question_set(tmp_path: Path, rows: Sequence[Mapping[str, Any]]) -> QuestionSet:
    return load_questions(write(tmp_path / "set.jsonl", rows), corpus(tmp_path / "docs"))


def passage(quote: str, rank: int = 0) -> Passage:
    start = TEXT.index(quote)
    return Passage(DOC, start, start + len(quote), quote, 1.0 - rank / 10, Scores(), True)


def answer(*quotes: str, question: str = "q?", passages: Sequence[str] | None = None) -> Answer:
    """An extractive answer of whole quotes, each with its citation; without quotes an abstention."""
    text = ""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for number, quote in enumerate(quotes, start=1):
        text += " " if text else ""
        begin = len(text)
        text += f"{quote} [{number}]"
        start = TEXT.index(quote)
        sentences.append(Sentence(quote, (number,), Support("supported", "verbatim", 1.0)))
        citations.append(
            Citation(
                number=number,
                document=DOC,
                sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
                title="Handbook",
                start=start,
                end=start + len(quote),
                quote=quote,
                answer_start=begin,
                answer_end=begin + len(quote),
                page=None,
                heading=None,
                date=None,
                score=0.5,
            )
        )
    found = quotes if passages is None else passages
    return Answer(
        id="x",
        question=question,
        query=question,
        text=text or "The documents do not say.",
        status="answered" if quotes else "abstained",
        confidence=None,
        short_answer=None,
        missing=(),
        sentences=tuple(sentences),
        citations=tuple(citations),
        passages=tuple(passage(quote, rank) for rank, quote in enumerate(found)),
        conflicts=(),
        trace=Trace("scripted", "index-1", 1, 1, timings={"search": 0.1}),
    )


def shifted(right: Answer, by: int = 1) -> Answer:
    """The planted fault: the first citation's offsets are off, its quote is not."""
    first = right.citations[0]
    wrong = dataclasses.replace(first, start=first.start + by, end=first.end + by)
    return dataclasses.replace(right, citations=(wrong, *right.citations[1:]))


def about(**fields: Any) -> Provenance:
    """What a scripted run is made of."""
    base = {"name": "set.jsonl", "set_sha256": "s" * 64, "corpus_sha256": "c" * 64, "index": "index-1"}
    return Provenance(**{**base, "config": "scripted", **fields})


class Scripted:
    """Answers by a table from question to answer or error: the runner's input."""

    def __init__(self, table: Mapping[str, Answer | Exception]) -> None:
        self.table = table
        self.histories: list[Sequence[Mapping[str, str]]] = []

    def support(self, sentence: str, quotes: Sequence[str]) -> Support:
        """Verbatim or not at all."""
        held = any(sentence in quote for quote in quotes)
        return Support("supported" if held else "not", "verbatim" if held else "none")

    def ask(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        self.histories.append(history)
        reply = self.table[question]
        if isinstance(reply, Exception):
            raise reply
        return reply
