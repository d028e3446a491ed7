"""Markdown: block structure by markdown-it-py; the text itself stays the file as it is."""

import re

from index.records import Block, BlockKind
from index.sentences import trimmed

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?:.*\r?\n)*?(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_LEAF = {"heading_open", "paragraph_open", "fence", "code_block", "html_block", "tr_open"}
_MARKER = re.compile(r"[ \t>]*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d{1,9}[.)][ \t]+)*(?:\[[ xX]\][ \t]+)?")
_CLOSING = re.compile(r"[ \t]*#*[ \t]*$")


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a Markdown document; front matter is a block that is not indexed."""
    from markdown_it import MarkdownIt

    found: list[Block] = []
    body = 0
    if front := _FRONT_MATTER.match(text):
        body = front.end()
        found.append(Block(*_ends(text, 0, body), verdict="boilerplate", reason="front_matter"))
    # The parser counts \n only as a line end, and maps tokens to lines; keep offsets beside it.
    source = text[body:].replace("\r\n", " \n").replace("\r", "\n").replace("\x00", "\ufffd")
    starts = [body, *(body + at + 1 for at, character in enumerate(source) if character == "\n"), len(text)]
    in_list = 0
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        in_list += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type not in _LEAF or token.map is None:
            continue
        first, past = token.map
        block = _leaf(text, starts[first], starts[min(past, len(starts) - 1)], token.type, in_list > 0)
        if block.start < block.end and (not found or block.start >= found[-1].end):
            found.append(block)
    return tuple(found)


def _leaf(text: str, start: int, end: int, token: str, in_list: bool) -> Block:
    """The block of one token, without its list or heading marks."""
    kind: BlockKind = "item" if in_list else "text"
    if token == "heading_open":
        kind = "heading"
        end = start + len(_CLOSING.sub("", text[start:end].rstrip().split("\n")[0]))
    if token in {"heading_open", "paragraph_open"} and (marker := _MARKER.match(text, start, end)):
        start = marker.end()
    return Block(*_ends(text, start, end), kind)


def _ends(text: str, start: int, end: int) -> tuple[int, int]:
    span = trimmed(text, start, end)
    return span.start, span.end
