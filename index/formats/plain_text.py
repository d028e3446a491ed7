"""Plain text: each line is a block, unless the file is wrapped at a fixed width.

In a hard-wrapped file (mail, books, RFCs) the lines of a paragraph are joined into one block; a line that
is much shorter than the width ends its paragraph. What looks like a list item starts a block of its own.
"""

import re
from collections.abc import Iterator

from index.records import Block, BlockKind, Span
from index.sentences import trimmed

ITEM = re.compile(r"[-*•·‣▪–—]\s+|\(?\d{1,3}[.)]\s+|\(?[a-zA-Z][.)]\s+")
_WIDEST_WRAP = 100
_NARROWEST_WRAP = 45
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# "Absent: Olga Petrova" states something; "Chapter 2: The Sea" is a heading.
_STATED = re.compile(
    r"(?!(?:chapter|part|section|book|appendix)\b)[^\W\d][\w’'-]*(?: [\w’'-]+){0,2}: \S", re.IGNORECASE
)
_HEADING_WORDS = 14
_HEADING_CHARACTERS = 200


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a plain-text document."""
    return tuple(Block(start, end, kind_of(text[start:end])) for start, end in _paragraphs(text))


def kind_of(line: str) -> BlockKind:
    """Item, heading or text, by the look of a line."""
    if ITEM.match(line):
        return "item"
    if len(line) > _HEADING_CHARACTERS or _STATED.match(line):
        return "text"
    if len(line.split()) <= _HEADING_WORDS and not _SENTENCE_END.search(line) and line[:1].isalnum():
        return "heading"
    return "text"


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    lines = [trimmed(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    lines = [line for line in lines if len(line)]
    width = _wrap_width(text, lines)
    at = 0
    while at < len(lines):
        last = at
        while last + 1 < len(lines) and _wraps(text, lines[last], lines[last + 1], width):
            last += 1
        yield lines[at].start, lines[last].end
        at = last + 1


def _wrap_width(text: str, lines: list[Span]) -> int:
    """The width a file is wrapped at, or 0: most lines come close to the same moderate width.

    A few lines may be longer, such as an address or a pasted line, if most others go on in small letters.
    """
    if len(lines) < 6:
        return 0
    ordered = sorted(len(line) for line in lines if len(line) <= _WIDEST_WRAP)
    width = ordered[int(0.95 * (len(ordered) - 1))] if ordered else 0
    long = sum(1 for line in lines if len(line) > 1.3 * width)
    near = [at for at, line in enumerate(lines) if 0.75 * width <= len(line) <= 1.3 * width]
    if width < _NARROWEST_WRAP or long > max(1, len(lines) // 10) or len(near) < 0.5 * len(lines):
        return 0
    following = [lines[at + 1].start for at in near if at + 1 < len(lines)]
    return width if not long or sum(text[at].islower() for at in following) >= len(following) / 2 else 0


def _wraps(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether the line break between two lines is only a wrap: the next word had no room."""
    if not width or len(_BREAK.findall(text[line.end : following.start])) > 1:
        return False
    opening = text[following.start : following.start + width]
    if ITEM.match(opening):
        return False
    return width - len(line) < 4 + len(opening.split(maxsplit=1)[0])
