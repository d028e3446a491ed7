"""Markdown: block structure by markdown-it-py; the text itself stays the file as it is."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.records import Block, BlockKind
from index.sentences import trimmed

if TYPE_CHECKING:
    from markdown_it.token import Token

# Between the rules there are only keys, comments and indented or listed values: a document may also begin
# with a thematic break and hold another one later.
_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n"
    r"(?:(?:[\w\"'][\w .\"'/-]{0,80}:(?=[ \t\r\n])|#|[ \t]|- |[\]}])[^\r\n]*\r?\n|\r?\n)*"
    r"(?:---|\.\.\.)[ \t]*(?:\r?\n|$)"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LEAF = {"heading_open", "paragraph_open", "fence", "code_block", "html_block", "tr_open"}
_AROUND_ROW = "| \t\r\n>"
_MARKER = re.compile(r"[ \t>]*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d{1,9}[.)][ \t]+)*(?:\[[ xX]\][ \t]+)?")


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
    if source.startswith("\ufeff"):
        source = " " + source[1:]
    starts = [body, *(body + at + 1 for at, character in enumerate(source) if character == "\n"), len(text)]
    in_list, names = 0, False
    # Blocks are all that is wanted; what stands inside a line would cost most of the time.
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable("inline")
    for token in parser.parse(source):
        in_list += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        names = token.type == "thead_open" or (names and token.type != "thead_close")
        if token.type not in _LEAF or token.map is None:
            continue
        first, past = token.map
        if token.type == "heading_open" and token.markup in {"=", "-"}:
            past -= 1  # the line that underlines it
        block = _leaf(text, starts[first], starts[min(past, len(starts) - 1)], token, in_list > 0)
        block = replace(block, kind="columns") if names else block
        if token.type == "html_block" and _COMMENT.fullmatch(text, block.start, block.end):
            block = replace(block, verdict="boilerplate", reason="hidden")  # nobody sees it on the page
        if block.start < block.end and (not found or block.start >= found[-1].end):
            found.append(block)
    return tuple(found)


def _leaf(text: str, start: int, end: int, token: "Token", in_list: bool) -> Block:
    """The block of one token, without its list or heading marks."""
    kind: BlockKind = "item" if in_list else "text"
    if token.type == "tr_open":
        return Block(*_row_ends(text, start, end), "row")
    if token.type == "heading_open":
        kind = "heading"
        if token.markup.startswith("#"):
            end = _before_closing(text, start, end)
    start = trimmed(text, start, end).start
    if token.type in {"heading_open", "paragraph_open"} and (marker := _MARKER.match(text, start, end)):
        start = marker.end()
    return Block(*_ends(text, start, end), kind)


def _before_closing(text: str, start: int, end: int) -> int:
    """The end of `# Heading ##` without its closing marks, which a blank sets off ("# C#" has none)."""
    end = trimmed(text, start, end).end
    bare = start + len(text[start:end].rstrip("#"))
    return bare if text[bare - 1 : bare].isspace() else end


def _row_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """The cells of a row, without the bars around them."""
    while start < end and text[start] in _AROUND_ROW:
        start += 1
    while end > start and text[end - 1] in _AROUND_ROW and text[end - 2 : end] != "\\|":
        end -= 1
    return start, end


def _ends(text: str, start: int, end: int) -> tuple[int, int]:
    span = trimmed(text, start, end)
    return span.start, span.end
