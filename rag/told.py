"""What a passage tells: its sentences as every question finds them.

A passage that opens with "He" or "This" comes with the sentence before it, as context. Orders to a program
that reads them are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index import Chunk, Document, Index
from index.records import Span
from index.words import term_set
from rag.antecedents import leans_back
from rag.generators.base import CONTEXT
from rag.planted import is_planted

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LONGEST_PLANTED = 600
_SHORTEST = 3
_STATED = re.compile(r"\|.*\w|[^\W\d][^:|]{0,40}: \w")
_SENTENCE_ENDS = '.!?…:"”’)»'


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of a passage.

    Attributes:
        start: First code point in the document.
        end: One past the last.
        text: `document.text[start:end]`.
        kind: As in `Evidence`.
        page: As in `Evidence`.
        answers: Whether it may be an answer: no heading, no scrap and no mere context.
        heads: Index terms of the title and the heading it stands under.
    """

    start: int
    end: int
    text: str
    kind: str
    page: int | None
    answers: bool
    heads: frozenset[str]


def sentences_of(index: Index, number: int) -> tuple[Told, ...]:
    """The sentences of a chunk, by its id, in reading order; ask by `Index.fact`, which keeps them."""
    chunk = index.chunks_by_id([number])[number]
    document = index.document(chunk.document)
    heads = term_set(f"{document.title} {chunk.heading} {chunk.columns}")
    told = []
    for span, kind in _spans(chunk, document, index):
        text = document.text[span.start : span.end]
        answers = kind == "row" or (kind not in {CONTEXT, "columns"} and is_sentence(text))
        told.append(Told(span.start, span.end, text, kind, document.page_at(span.start), answers, heads))
    return tuple(told)


@lru_cache(maxsize=8192)
def is_sentence(text: str) -> bool:
    """Headings and scraps are context, not answers; "name: value" is an answer, and so is a table row."""
    words = text.split()
    if _STATED.match(text):
        return True
    return len(words) >= _SHORTEST and (text.rstrip()[-1:] in _SENTENCE_ENDS or len(words) >= 12)


def _spans(chunk: Chunk, document: Document, index: Index) -> Iterator[tuple[Span, str]]:
    sentences = chunk.sentences
    before = index.chunk_before(chunk)
    earlier = before.sentences if before is not None else ()
    planted_to = -1
    for span in earlier:
        planted_to = max(planted_to, _planted_to(document, span))
    leaning = sentences and leans_back(document.text[sentences[0].start : sentences[0].end])
    near = before is not None and earlier and before.heading == chunk.heading
    if leaning and near and earlier[-1].start >= planted_to:
        yield earlier[-1], CONTEXT
    for span in sentences:
        planted_to = max(planted_to, _planted_to(document, span))
        if span.start >= planted_to:
            yield span, document.kind_at(span.start)


def _planted_to(document: Document, span: Span) -> int:
    """How far what a sentence orders a program to do may reach; -1 if it orders nothing."""
    return _paragraph_end(document, span) if is_planted(document.text[span.start : span.end]) else -1


def _paragraph_end(document: Document, span: Span) -> int:
    """The next empty line, at most some sentences on; a row of a table ends with itself."""
    if document.kind_at(span.start) == "row":
        return span.end
    blank = _BLANK_LINE.search(document.text, span.end, span.end + _LONGEST_PLANTED)
    return blank.start() if blank else min(span.end + _LONGEST_PLANTED, len(document.text))
