"""The pieces a passage is made of, and those around it without which they would be cut off.

A piece is a stored sentence, but the code between two fences is one piece whatever stands in it. Around a
passage lie the rest of a list that it cuts in two, what its last line announces, and the headings above it.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from index import Chunk, Document
from index.records import Block, Span
from rag.readings import fenced
from rag.sections import headings_above

_LONGEST_LIST = 12
_LONGEST_ANNOUNCED = 600


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a document.

    Attributes:
        own: Whether it is of the passage itself, not from around it.
        stored: Where the stored sentence starts that it begins with.
    """

    span: Span
    kind: str
    own: bool
    stored: int


def own_pieces(document: Document, chunk: Chunk) -> Iterator[Piece]:
    """The sentences of a chunk, code in one piece and without its fences."""
    code_to = -1
    for span in chunk.sentences:
        if span.start < code_to:
            continue
        at = _block_at(document, span.start)
        block = document.blocks[at] if at >= 0 else None
        kind = document.kind_at(span.start)
        if block is not None and document.format == "md" and (code := _code_in(document, block)):
            code_to = block.end
            start, end = max(span.start, code.start), min(code.end, chunk.end)
            if start < end:
                yield Piece(Span(start, end), kind, own=True, stored=span.start)
        else:
            yield Piece(span, kind, own=True, stored=span.start)


def before(document: Document, chunk: Chunk) -> Iterator[Piece]:
    """The items of the list that the chunk opens in the middle of."""
    at = _block_at(document, chunk.start)
    if at < 0 or document.blocks[at].kind != "item" or document.blocks[at].start < chunk.start:
        return
    first = at
    while first > 0 and at - first < _LONGEST_LIST and _is_item(document.blocks[first - 1]):
        first -= 1
    for block in document.blocks[first:at]:
        yield _around(block)


def after(document: Document, chunk: Chunk) -> Iterator[Piece]:
    """The rest of the list that the chunk ends in, or what its last line announces."""
    at = _block_at(document, chunk.end - 1)
    announces = chunk.text.rstrip()[-1:] == ":"
    if at < 0 or not (announces or document.blocks[at].kind == "item"):
        return
    following = document.blocks[at + 1 : at + 1 + _LONGEST_LIST]
    for number, block in enumerate(following):
        if not _is_item(block):
            short = block.end - block.start <= _LONGEST_ANNOUNCED
            if announces and not number and short and block.verdict == "body" and block.kind == "text":
                code = _code_in(document, block)
                yield _around(block if code is None else Block(code.start, code.end, block.kind))
            return
        yield _around(block)


def headings_before(document: Document, chunk: Chunk) -> Iterator[Piece]:
    """The headings a chunk stands under and does not hold itself, the outermost first."""
    for block in headings_above(document, chunk):
        if block.start < chunk.start:
            yield _around(block)


def _block_at(document: Document, offset: int) -> int:
    return bisect_right(document.blocks, offset, key=lambda block: block.start) - 1


def _is_item(block: Block) -> bool:
    return block.kind == "item" and block.verdict == "body"


def _around(block: Block) -> Piece:
    return Piece(Span(block.start, block.end), block.kind, own=False, stored=block.start)


def _code_in(document: Document, block: Block) -> Span | None:
    code = fenced(document.text[block.start : block.end])
    return None if code is None else Span(block.start + code[0], block.start + code[1])
