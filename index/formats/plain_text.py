"""Plain text: each line is a block, unless its lines are wrapped.

In a file wrapped at one width (mail, books, RFCs), and in a paragraph wrapped by hand, lines are joined
into one block; a line that is much shorter than the width ends its paragraph. What looks like a list item
starts a block of its own, and so does a line set in columns (`text_columns.py`).
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from index.formats.text_columns import apart, is_gapped, is_justified, opens_with_clock, table_lines
from index.records import Block, BlockKind, Span
from index.sentences import trimmed

ITEM = re.compile(r"[-*•·‣▪–—]\s+|\(?\d{1,3}[.)]\s+|\(?[a-zA-Z][.)]\s+")
_NUMBERED = re.compile(r"\(?0*(\d+)[.)]\s")
_WIDEST_WRAP = 100
_NARROWEST_WRAP = 45
# Paragraphs wrapped by hand end their lines anywhere in the last quarter.
_RAGGED = 0.75
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
# What no line of prose ends with that goes on: a mark, an opened list, a statement of code.
_FINISHED = re.compile(r"[.!?…:;={}\\|][\"'”’»)\]]*$")
_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# "Absent: Olga Petrova" states something; "Chapter 2: The Sea" is a heading.
_STATED = re.compile(
    r"(?!(?:chapter|part|section|book|appendix)\b)[^\W\d][\w’'-]*(?: [\w’'-]+){0,2}\.?: \S", re.IGNORECASE
)
_HEADING_WORDS = 14
_HEADING_CHARACTERS = 200


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a plain-text document."""
    found: list[Block] = []
    spans = list(_paragraphs(text))
    opening = text[spans[0][0] : spans[0][1]] if spans and spans[0][2] is None else ""
    if is_gapped(opening) and not _BREAK.search(opening):
        # The first line may be a title with something else at the other margin.
        first, *others = apart(text, *spans[0][:2])
        spans[:1] = [(first.start, first.end, None), *((cell.start, cell.end, "text") for cell in others)]
    for (start, end, told), (following, *_) in pairwise([*spans, (len(text), len(text), None)]):
        kind = told or kind_of(text[start:end])
        headed = following < len(text) and _adjacent(text, end, following)
        if kind == "heading" and found and not _heads(text, found[-1], start, headed=headed):
            kind = "text"
        found.append(Block(start, end, kind))
    return tuple(found)


def kind_of(line: str) -> BlockKind:
    """Item, heading or text, by the look of a line."""
    if ITEM.match(line):
        return "item"
    if is_gapped(line) or opens_with_clock(line):
        return "text"
    if len(line) > _HEADING_CHARACTERS or _STATED.match(line):
        return "text"
    if len(line.split()) <= _HEADING_WORDS and not _SENTENCE_END.search(line) and line[:1].isalnum():
        return "heading"
    return "text"


def opens_item(line: str, above: str, first: str) -> bool:
    """Whether a line begins a list item, and not with the number at the end of a sentence that was wrapped.

    Args:
        line: The line.
        above: The line before it.
        first: The first line of the paragraph that `above` belongs to.
    """
    if not ITEM.match(line):
        return False
    number = _NUMBERED.match(line)
    return not number or number[1] == "1" or bool(_SENTENCE_END.search(above) or ITEM.match(first))


def _heads(text: str, above: Block, start: int, *, headed: bool) -> bool:
    """Not what follows "Restarting the server:" or ends a paragraph: a heading opens something.

    Args:
        text: The document.
        above: The block before.
        start: Where the line starts.
        headed: Whether a block follows on the next line.
    """
    if above.kind == "heading" or not _adjacent(text, above.end, start):
        return True
    return headed and text[above.end - 1] != ":"


def _adjacent(text: str, end: int, start: int) -> bool:
    """Whether nothing but one line break lies between."""
    return len(_BREAK.findall(text[end:start])) <= 1


def _paragraphs(text: str) -> Iterator[tuple[int, int, BlockKind | None]]:
    """Where each block starts and ends, with its kind where more than its look tells that."""
    lines = [trimmed(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    lines = [line for line in lines if len(line)]
    width = _wrap_width(text, lines)
    at = 0
    while at < len(lines):
        stop = at + 1
        while stop < len(lines) and _adjacent(text, lines[stop - 1].end, lines[stop].start):
            stop += 1
        yield from _in_columns(text, lines[at:stop], width)
        at = stop


def _in_columns(text: str, lines: list[Span], width: int) -> Iterator[tuple[int, int, BlockKind | None]]:
    """The blocks of lines that stand together without an empty line: tables, and what is between them."""
    whole = [text[_margin(text, line) : line.end] for line in lines]
    plain = not any(map(is_gapped, whole)) or is_justified(whole)
    first = at = 0
    while at < len(lines):
        rows, past = (0, 0) if plain else table_lines(whole[at:])
        if plain or not (past or is_gapped(whole[at])):
            at += 1
            continue
        yield from _joined(text, lines[first:at], width)
        yield lines[at].start, lines[at + max(0, rows - 1)].end, "columns" if past else None
        yield from ((row.start, row.end, "row") for row in lines[at + rows : at + past])
        first = at = at + max(1, past)
    yield from _joined(text, lines[first:], width)


def _margin(text: str, line: Span) -> int:
    """Where the spaces begin that set in a line, which set its columns."""
    start = line.start
    while start and text[start - 1] in " \t":
        start -= 1
    return start


def _joined(text: str, lines: list[Span], width: int) -> Iterator[tuple[int, int, None]]:
    """The paragraphs of lines that stand together without an empty line."""
    if not lines:
        return
    by_hand = _hand_width(text, lines)
    first = lines[0]
    for line, following in pairwise(lines):
        opening, above = text[following.start : following.end], text[line.start : line.end]
        opened = text[first.start : first.end]
        own = opens_item(opening, above, opened) or opens_with_clock(opening, above)
        # "Payment: …" above "Contact: …", and not "To be clear: …" in the middle of a paragraph.
        own = own or bool(_STATED.match(opening) and _STATED.match(opened) and not _unfinished(text, line))
        if own or not (_wraps(text, line, following, width) or _goes_on(text, line, following, by_hand)):
            yield first.start, line.end, None
            first = following
    yield first.start, lines[-1].end, None


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


def _hand_width(text: str, lines: list[Span]) -> int:
    """The longest of some lines, if they look wrapped by hand, or 0.

    So they look if no line is very long and over a third of the longer unfinished ones go on small.
    Headlines, rows and commands do not.
    """
    widest = max(len(line) for line in lines)
    if not _NARROWEST_WRAP <= widest <= 1.3 * _WIDEST_WRAP:
        return 0
    open_lines = [
        text[following.start].islower()
        for line, following in pairwise(lines)
        if len(line) >= _RAGGED * widest and _unfinished(text, line)
    ]
    return widest if sum(open_lines) > len(open_lines) / 3 else 0


def _goes_on(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether an unfinished line of a paragraph wrapped by hand is full, or stops in mid-sentence."""
    if not width or not _unfinished(text, line):
        return False
    return len(line) >= _RAGGED * width or text[following.start].islower()


def _unfinished(text: str, line: Span) -> bool:
    return not _FINISHED.search(text[line.start : line.end])


def _wraps(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether the line break between two lines is only a wrap: the next word had no room."""
    if not width:
        return False
    opening = text[following.start : following.start + width]
    return width - len(line) < 4 + len(opening.split(maxsplit=1)[0])
