"""What a passage tells: its sentences as every question finds them.

A passage that opens with "He" or "This" comes with the sentence before it, as context; one that cuts a list
in two comes with the rest of the list, and one below headings that name a version or a function with those
headings. Orders to a program that reads them are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index import Chunk, Document, Index
from index.reading import reader_of
from index.records import Span
from index.words import term_set
from rag.antecedents import leans_back
from rag.generators.base import CONTEXT
from rag.identifiers import has_code, has_version
from rag.marks import without_footnotes
from rag.pieces import Piece, after, before, headings_before, own_pieces
from rag.planted import is_planted
from rag.readings import line_at, row_reading, set_row_reading
from rag.run_in import is_title, title_above
from rag.sections import heading_path
from rag.values import has_value, values

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LONGEST_PLANTED = 600
_SHORTEST = 3
_STATED = re.compile(r"\|.*\w|[^\W\d][^:|]{0,40}: \w")
_SENTENCE_ENDS = '.!?…:"”’)»'
_WORDS = re.compile(r"\w.*\W\w", re.DOTALL)
_WORD = re.compile(r"\w\w")
_LINK = re.compile(r"[\W_]*\[[^\[\]]*\](?:\([^()]*\))?[\W_]*")
_YEARS = re.compile(r"\d{4}(?:[/–-]\d{2,4})?")
_NO_ANSWERS = frozenset({CONTEXT, "columns"})


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
        heads: Index terms of the title, the headings and the run-in title it stands under.
        reading: As in `Evidence`.
        stored: Where the stored sentence starts that it was cut from, if not at `start`.
        bears: Whether it is a heading that states a date, a version or what a function is called.
    """

    start: int
    end: int
    text: str
    kind: str
    page: int | None
    answers: bool
    heads: frozenset[str]
    reading: str = ""
    stored: int = -1
    bears: bool = False


def sentences_of(index: Index, number: int) -> tuple[Told, ...]:
    """The sentences of a chunk, by its id, in reading order; ask by `Index.fact`, which keeps them."""
    chunk = index.chunks_by_id([number])[number]
    document = index.document(chunk.document)
    heads = term_set(f"{document.title} {index.fact(heading_path, number)} {chunk.columns}")
    saved_page = document.format == "txt" and any(block.verdict != "body" for block in document.blocks)
    stated = reader_of(document.path).headings_stated
    told, columns = [], chunk.columns
    for piece in _pieces(chunk, document, index):
        kind = piece.kind
        span = without_footnotes(document.text, piece.span.start, piece.span.end)
        start, end = span.start, span.end
        text = document.text[start:end]
        reading = ""
        if document.format == "md" and kind in ("columns", "row"):
            # A table that begins inside the chunk says there what its columns are called.
            line = line_at(document.text, start)
            columns = line if kind == "columns" else columns
            reading = row_reading(columns, line) if kind == "row" else ""
        elif document.format == "txt" and kind == "row":
            reading = set_row_reading(document, start)
        answers = (
            piece.own and _may_answer(text, kind, saved_page) and not is_title(document, piece.span, kind)
        )
        if kind == "heading" and (stated or text.strip() == document.title):
            answers = False
        bears = kind == "heading" and not saved_page and bears_fact(text)
        bears = bears and not (text.strip() == document.title and _is_of_year(text))
        page = document.page_at(start)
        title = title_above(document, start)
        own = heads | term_set(title) if title else heads
        stored = piece.span.start if piece.stored < 0 < start - piece.span.start else piece.stored
        told.append(Told(start, end, text, kind, page, answers, own, reading, stored, bears))
    return tuple(told)


@lru_cache(maxsize=8192)
def is_sentence(text: str) -> bool:
    """Headings and scraps are context, not answers; "name: value" is an answer, and so is a table row."""
    words = text.split()
    if _STATED.match(text):
        return True
    return len(words) >= _SHORTEST and (text.rstrip()[-1:] in _SENTENCE_ENDS or len(words) >= 12)


def bears_fact(heading: str) -> bool:
    """Whether a heading itself states something: a date, a version, what a function is called."""
    return has_version(heading) or has_code(heading) or has_value(heading, "date")


def _is_of_year(title: str) -> bool:
    """Whether all that a title states is the year of the document, as "Handbook 2025/26" does."""
    dates = values(title, "date")
    return bool(dates) and all(_YEARS.fullmatch(date.text) for date in dates)


def _may_answer(text: str, kind: str, saved_page: bool) -> bool:
    """Whether a piece of a document may be an answer.

    What the document itself makes an item or a paragraph of is one without a full stop, too; but in a saved
    page such lines are mostly links to other pages.
    """
    if kind in _NO_ANSWERS or kind == "row":
        return kind == "row"
    if is_sentence(text):
        return True
    if saved_page or _LINK.fullmatch(text):
        return False
    return bool(_WORD.search(text)) if kind == "item" else kind == "text" and bool(_WORDS.search(text))


def _pieces(chunk: Chunk, document: Document, index: Index) -> Iterator[Piece]:
    earlier_chunk = index.chunk_before(chunk)
    earlier = earlier_chunk.sentences if earlier_chunk is not None else ()
    planted_to = -1
    for span in earlier:
        planted_to = max(planted_to, _planted_to(document, span))
    for above in headings_before(document, chunk):
        if bears_fact(document.text[above.span.start : above.span.end]):
            yield above
    own = tuple(own_pieces(document, chunk))
    leaning = own and leans_back(document.text[own[0].span.start : own[0].span.end])
    near = earlier_chunk is not None and earlier and earlier_chunk.heading == chunk.heading
    if leaning and near and earlier[-1].start >= planted_to:
        yield Piece(earlier[-1], CONTEXT, own=False, stored=earlier[-1].start)
    for piece in (*before(document, chunk), *own, *after(document, chunk)):
        planted_to = max(planted_to, _planted_to(document, piece.span))
        if piece.span.start >= planted_to:
            yield piece


def _planted_to(document: Document, span: Span) -> int:
    """How far what a sentence orders a program to do may reach; -1 if it orders nothing."""
    return _paragraph_end(document, span) if is_planted(document.text[span.start : span.end]) else -1


def _paragraph_end(document: Document, span: Span) -> int:
    """The next empty line, at most some sentences on; a row of a table ends with itself."""
    if document.kind_at(span.start) == "row":
        return span.end
    blank = _BLANK_LINE.search(document.text, span.end, span.end + _LONGEST_PLANTED)
    return blank.start() if blank else min(span.end + _LONGEST_PLANTED, len(document.text))
