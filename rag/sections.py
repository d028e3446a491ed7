"""The headings a passage stands under, the outer ones too, as far as the document tells how they nest.

The change log that says "3.2.0", below it "Fixed" and below that what was fixed speaks of 3.2.0 there. Only
Markdown has the depth of a heading in its text; of other documents it is the nearest heading alone.
"""

import re
from collections.abc import Iterator

from index import Chunk, Document, Index
from index.records import Block

_HASHES = re.compile(r"[ \t>]*(#{1,6})[ \t]+")
_UNDERLINE = re.compile(r"[^\n]*\r?\n[ \t>]*(=+|-+)[ \t\r]*(?:\n|$)")
_NEAREST = 99


def heading_path(index: Index, number: int) -> str:
    """The headings above a chunk, by its id, the outermost first; ask by `Index.fact`, which keeps it."""
    chunk = index.chunks_by_id([number])[number]
    document = index.document(chunk.document)
    outer = [document.text[block.start : block.end] for block in headings_above(document, chunk)]
    return "\n".join(outer if outer and outer[-1].startswith(chunk.heading) else [*outer, chunk.heading])


def headings_above(document: Document, chunk: Chunk) -> tuple[Block, ...]:
    """The headings that the last sentence of a chunk stands under, the outermost first."""
    last = chunk.sentences[-1].start if chunk.sentences else chunk.start
    return tuple(reversed([*_upwards(document, last)]))


def _upwards(document: Document, offset: int) -> Iterator[Block]:
    """Each heading that is less deep than all behind it."""
    depth = _NEAREST
    for block in reversed(document.blocks):
        if block.start > offset or block.kind != "heading" or block.verdict != "body":
            continue
        own = _depth(document, block)
        if own < depth:
            yield block
            depth = own
        if depth <= 1:
            return


def _depth(document: Document, block: Block) -> int:
    """How deep a heading is, from 1; where the document does not tell, none stands above it."""
    if document.format != "md":
        return 0
    line = document.text.rfind("\n", 0, block.start) + 1
    if hashes := _HASHES.match(document.text, line, block.start):
        return len(hashes[1])
    underline = _UNDERLINE.match(document.text, block.end)
    return 0 if underline is None else 1 if underline[1][0] == "=" else 2
