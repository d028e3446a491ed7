"""Titles that no format marks as headings: "3. Rent." and "§ 3 Rent." before their text, "**Rent.**" in bold.

They are no answers, as headings are none, and what stands behind them is about what they name. So is what
stands behind a question in bold or on a line of its own, as lists of frequent questions have it.
"""

import re
from bisect import bisect_right

from index import Document
from index.records import Block, Span

_CLAUSE = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z])[.)]\s+(?P<title>\S+(?: \S+){0,4})")
_PARAGRAPH = re.compile(r"§§? ?\d+\w?\.?\s+(?P<title>[^\W\d_][^.!?:;\n]{0,60})\.(?=\s)")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<title>[^*_\n]{1,160})(?P=mark)[.:]?")
_LONGEST = 8
_LONGEST_QUESTION = 160
_ONE = re.compile(r"[^.!?…]*\?[*_]*")
# A verb makes a sentence, a figure a statement: "1. There are 64 plots." is no title.
_STATES = re.compile(
    r"\d|\b(?:am|are|be|been|can|cannot|could|did|do|does|had|has|have|is|may|might|must|not|shall|should|was"
    r"|were|will|would)\b|n['’]t\b|[^\W\d][^:]*: \w",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Whether a text asks something, in whatever marks it stands."""
    return "?" in text and text.rstrip("*_ \n").endswith("?")


def is_title(document: Document, span: Span, kind: str) -> bool:
    """Whether a piece of a document is such a title, or a part of one."""
    at = _block_at(document, span.start)
    if at < 0:
        return False
    block = document.blocks[at]
    if kind == "item" and (clause := _CLAUSE.fullmatch(document.text, span.start, span.end)):
        return not _STATES.search(clause["title"]) and _has_text_behind(document, at, span.end)
    return kind in ("text", "item") and span.end <= _title_end(document, block)


def title_above(document: Document, offset: int) -> str:
    """The title that a paragraph opens with, or that stands alone before it; "" if there is none."""
    at = _block_at(document, offset)
    if at < 0 or document.blocks[at].kind not in ("text", "item"):
        return ""
    block = document.blocks[at]
    if offset >= (end := _title_end(document, block)) > block.start:
        return document.text[block.start : end]
    before = document.blocks[at - 1] if at else block
    alone = before.kind == "text" and before.end <= _title_end(document, before)
    return document.text[before.start : before.end] if alone else ""


def _title_end(document: Document, block: Block) -> int:
    """Where the title ends that a block opens with; where the block begins, if with none."""
    if document.format == "md" and (bold := _BOLD.match(document.text, block.start, block.end)):
        title = bold["title"].strip()
        label = len(title.split()) <= _LONGEST and not _STATES.search(title)
        return bold.end() if label or title.endswith("?") else block.start
    if "\n" not in (alone := document.text[block.start : block.end]) and is_question(alone):
        return block.end if len(alone) <= _LONGEST_QUESTION and _ONE.fullmatch(alone) else block.start
    paragraph = _PARAGRAPH.match(document.text, block.start, block.end)
    return paragraph.end() if paragraph and not _STATES.search(paragraph["title"]) else block.start


def _has_text_behind(document: Document, at: int, end: int) -> bool:
    """Whether the text of a clause follows its title, in the same block or, where lines are, in the next."""
    if end < document.blocks[at].end:
        return True
    listed = at > 0 and _is_item(document.blocks[at - 1])
    following = document.blocks[at + 1].kind if at + 1 < len(document.blocks) else "item"
    return document.format == "txt" and not listed and following != "item"


def _block_at(document: Document, offset: int) -> int:
    return bisect_right(document.blocks, offset, key=lambda block: block.start) - 1


def _is_item(block: Block) -> bool:
    return block.kind == "item" and block.verdict == "body"
