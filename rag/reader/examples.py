"""Questions with passages to learn from, read from the development data; answers are spans of the passage."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.records import Span
from index.sentences import sentence_spans
from index.words import term_set

# "`` Seven Nation Army '' ( also ... )" is how tokenised sets are written; nobody's documents look so.
_GLUED_BEFORE = re.compile(r"^(?:[.,;:!?%)\]’”…]|'s|'re|'ve|'ll|'d|'m|n't|''|\.\.\.)$")
_GLUED_AFTER = frozenset({"(", "[", "``", "“", "$", "£", "€"})
_QUOTES = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")"}


@dataclass(frozen=True, slots=True)
class Example:
    """One question about one passage.

    Attributes:
        spans: Where the passage answers, in characters; none, if it does not.
        unmet: The words of the question that the passage does not meet, where they are known: what an edit
            put into a question that had an answer.
        topic: What the passage is about; examples of one topic are never on both sides of a split.
        source: The set it comes from, and how it was made.
    """

    question: str
    passage: str
    spans: tuple[Span, ...]
    topic: str
    source: str
    unmet: tuple[Span, ...] = ()


def read_squad(folder: Path) -> tuple[Example, ...]:
    """SQuAD 2.0 as `corpus.jsonl` and `queries.jsonl`, each question with its own paragraph."""
    paragraphs = {row["id"]: row for row in _rows(folder / "corpus.jsonl")}
    found = []
    for row in _rows(folder / "queries.jsonl"):
        paragraph = paragraphs[row["source_doc_id"]]
        spans = places(row["question"], paragraph["text"], row["answers"])
        if row["answerable"] == bool(spans):
            found.append(Example(row["question"], paragraph["text"], spans, paragraph["title"], "squad2"))
    return tuple(found)


def read_pairs(path: Path) -> tuple[Example, ...]:
    """QAMR or QED: a line holds question, context, answers and where they start."""
    found = []
    for row in _rows(path):
        passage, moved = untokenised(row["context"])
        given = zip(row["answer_starts"], row["answers"], strict=True)
        spans = tuple(Span(moved[at], moved[at + len(text) - 1] + 1) for at, text in given if text.strip())
        if spans:
            found.append(Example(row["question"], passage, spans, row["context"], row["src"]))
    return tuple(found)


def read_long(path: Path, contexts: Path, most: int = 900) -> tuple[Example, ...]:
    """`covidqa`: whole papers; the sentences around the answer are the passage."""
    texts = {row["id"]: row["text"] for row in _rows(contexts)}
    found = []
    for row in _rows(path):
        text = texts[row["context_id"]]
        start = row["answer_starts"][0]
        stop = start + len(row["answers"][0].rstrip())
        if stop - start > most // 2:
            continue
        left = max(0, start - int(hashlib.sha256(row["id"].encode()).digest()[0] / 255 * (most // 2)))
        passage = text[left : max(left + most, stop)]
        found.append(
            Example(
                row["question"], passage, (Span(start - left, stop - left),), row["context_id"], "covidqa"
            )
        )
    return tuple(found)


def places(question: str, passage: str, answers: Sequence[str]) -> tuple[Span, ...]:
    """Where the answers stand, on word boundaries; of many places those nearest the question's words."""
    found = [
        Span(match.start(), match.end())
        for answer in dict.fromkeys(answers)
        for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", passage)
    ]
    if not found and answers:
        at = passage.find(answers[0])
        return (Span(at, at + len(answers[0])),) if at >= 0 else ()
    asked = term_set(question)
    nearness = {span: len(asked & term_set(_sentence_of(passage, span))) for span in found}
    best = max(nearness.values(), default=0)
    return tuple(span for span in found if nearness[span] == best)


@lru_cache(maxsize=8_192)
def sentences_of(passage: str) -> tuple[Span, ...]:
    """The sentences of a passage."""
    return sentence_spans(passage, 0, len(passage))


def untokenised(text: str) -> tuple[str, list[int]]:
    """Text with the spaces of a tokeniser taken out, and where each of its characters has gone."""
    out: list[str] = []
    moved = [0] * len(text)
    length = 0
    glue = True
    for match in re.finditer(r"\S+", text):
        token = _QUOTES.get(match.group(), match.group())
        if not glue and not _GLUED_BEFORE.match(match.group()):
            out.append(" ")
            length += 1
        for offset in range(len(match.group())):
            moved[match.start() + offset] = length + min(offset, len(token) - 1)
        out.append(token)
        length += len(token)
        glue = match.group() in _GLUED_AFTER
    return "".join(out), moved


def _sentence_of(passage: str, span: Span) -> str:
    return " ".join(
        passage[s.start : s.end] for s in sentences_of(passage) if s.start < span.end and span.start < s.end
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
