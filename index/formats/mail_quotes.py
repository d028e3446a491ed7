"""What a mail repeats of older ones: quoted lines, answered and forwarded messages, each set under a heading.

The heading is the line that says who wrote it and when, so nobody takes an old sentence for the news of
the mail that repeats it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from index.formats import plain_text
from index.quoted import QUOTED
from index.records import BlockKind

_MARKS = re.compile(r"(?:> ?)+")
_SIGNATURE = "-- "
_UNKNOWN = "an earlier message"
_OWN = "This message"
# "On Mon, 5 May 2025, Ann Lee wrote:" and its like in some languages: opened by a word for the day.
_ATTRIBUTION = re.compile(
    r"(?:on|am|le|el|il|op|em|den|dne|w dniu)\b(?=.*\d).{4,250}?"
    r"\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napsal|napisał)\b.{0,80}:",
    re.IGNORECASE,
)
_SAYS_WHO = re.compile(r".{0,200}(?:\d|@|\bwrote|\bschrieb|\bécrit).{0,200}:", re.IGNORECASE)
_FORWARDED = re.compile(
    r"[-_\s]*(?:original message|forwarded (?:message|by\b.*)|ursprüngliche nachricht"
    r"|weitergeleitete nachricht|message (?:d['’]origine|transféré))[-_\s]*"
    r"|begin forwarded message:|_{20,}",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?(?:from|von|de|da|van):\*? ?\S", re.IGNORECASE)
_SENT = re.compile(
    r"\*?(?:sent|date|gesendet|datum|envoyé|enviado|fecha|data|verzonden):\*? ?\S", re.IGNORECASE
)
_HEADS_IN_ONE = re.compile(
    rf"(?P<head>{_FROM.pattern}.{{1,200}}? {_SENT.pattern}.{{4,60}}?)(?= \*?\w+:|$)", re.I
)
_FIELD = re.compile(r"\*?[^\W\d_][\w-]*:")
_HEAD_LINES = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a body, and how deep it is quoted."""

    text: str
    kind: BlockKind
    depth: int = 0
    reason: str = ""
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class _Opening:
    """What opens a repeated message: its heading, how many pieces that took, what text was left of them."""

    heading: str
    pieces: int
    rest: str = ""


def pieces(content: str, flowed: bool) -> Iterator[Piece]:
    """The blocks of a plain body, without its quotation marks.

    Args:
        flowed: A line that ends in a space goes on in the next (RFC 3676).
    """
    lines, depths = _unquoted(content, flowed)
    text = "\n".join(lines)
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for block in plain_text.blocks(text):
        depth = depths[bisect_right(starts, block.start) - 1]
        # A greeting or a signature looks like a heading and is none.
        yield Piece(text[block.start : block.end], "item" if block.kind == "item" else "text", depth)


def _unquoted(content: str, flowed: bool) -> tuple[list[str], list[int]]:
    """Lines without marks, and the depth of each; what another wrote is set off by empty lines."""
    lines: list[str] = []
    depths: list[int] = []
    before, open_line = 0, False
    for line in content.splitlines():
        marks = _MARKS.match(line)
        depth, said = (marks[0].count(">"), line[marks.end() :]) if marks else (0, line)
        if depth != before:
            lines.append("")
            depths.append(depth)
        if open_line and depth == before:
            lines[-1] += said
        else:
            lines.append(said)
            depths.append(depth)
        open_line = flowed and said.endswith(" ") and said != _SIGNATURE
        before = depth
    return lines, depths


def headed(found: Sequence[Piece], subject: str) -> list[Piece]:
    """The pieces with a heading above all that is repeated, and above what follows it.

    Args:
        subject: Heading of what the mail itself says.
    """
    told: list[Piece] = []
    heads: dict[int, str] = {}
    depth = at = 0
    while at < len(found):
        piece = found[at]
        if piece.depth > depth:
            heads[piece.depth] = _attribution(told, depth) or heads.get(piece.depth) or QUOTED + _UNKNOWN
            told.append(Piece(heads[piece.depth], "heading"))
        elif piece.depth < depth:
            told.append(Piece(heads.get(piece.depth) or subject or _OWN, "heading"))
        depth = piece.depth
        opened = _opening(found, at)
        # What introduces marked lines is their heading, made above as soon as they begin.
        if opened and not (at + opened.pieces < len(found) and found[at + opened.pieces].depth > depth):
            heads[depth] = opened.heading
            if told and told[-1].text == QUOTED + _UNKNOWN:
                told.pop()
            told.append(Piece(heads[depth], "heading"))
            told += [replace(piece, text=opened.rest)] if opened.rest else []
            at += opened.pieces
        else:
            # A heading of a repeated page would end what is known to be repeated.
            inside = piece.kind == "heading" and heads.get(depth, "").startswith(QUOTED)
            told.append(replace(piece, kind="text") if inside else piece)
            at += 1
    return told


def _attribution(told: list[Piece], depth: int) -> str:
    """The heading that the last line, or the last two, are for what follows; they are taken away."""
    for count in (2, 1):
        last = told[-count:]
        text = " ".join(" ".join(piece.text.split()) for piece in last)
        if len(last) < count or any(piece.depth != depth or piece.kind == "heading" for piece in last):
            continue
        if (_ATTRIBUTION if count == 2 else _SAYS_WHO).fullmatch(text):
            del told[-count:]
            return QUOTED + text
    return ""


def _opening(found: Sequence[Piece], at: int) -> _Opening | None:
    """What opens a repeated message without marks, if it begins here."""
    text = " ".join(found[at].text.split())
    if _ATTRIBUTION.fullmatch(text):
        return _Opening(QUOTED + text, 1)
    marked = bool(_FORWARDED.fullmatch(text))
    first = at + marked
    lines = [" ".join(piece.text.split()) for piece in found[first : first + _HEAD_LINES]]
    if lines and (one := _HEADS_IN_ONE.match(lines[0])):
        return _Opening(QUOTED + one["head"], 1 + marked, lines[0][one.end() :].strip())
    sent = next((place for place, line in enumerate(lines) if _SENT.match(line)), 0)
    if sent and _FROM.match(lines[0]) and all(map(_FIELD.match, lines[:sent])):
        return _Opening(QUOTED + " ".join(lines[: sent + 1]), sent + 1 + marked)
    if marked and not text.startswith("_"):
        return _Opening(QUOTED + _UNKNOWN, 1)
    return None
