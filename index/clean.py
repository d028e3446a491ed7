"""Mark boilerplate in plain text and Markdown; nothing is ever deleted.

A saved web page is recognised by its furniture: lines such as "Advertisement", "Share this", "Read also".
Only in such a page are runs of menu entries and headlines marked as well; in a note or a report without
furniture every line stays body text, because losing a line of the author's is worse than keeping an
advert. The prose of a page is found as its densest run of sentences, after Kohlschütter et al. 2010
(https://doi.org/10.1145/1718487.1718542); `rag bench clean --data FOLDER` measures the rules.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.furniture import furniture_reason, is_unmistakable, opens_section
from index.records import Block
from index.words import STOP_WORDS

# Part of the index fingerprint: change it whenever a verdict can change.
RULES = "furniture-density-2"

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_SHORT = 80
_LONG = 140
_MENU_RUN = 3
_BESIDE_A_TITLE = frozenset({"", "advert", "byline", "caption", "share"})


@dataclass(frozen=True, slots=True)
class _Line:
    """A block and what its wording says about it."""

    text: str
    words: int
    function_share: float
    ends_sentence: bool
    furniture: str
    sure: bool

    @property
    def prose(self) -> bool:
        """Reads like running text."""
        if self.furniture or self.words < 6:
            return False
        # Function words are English; a long line that ends like a sentence is prose in any language.
        if self.function_share < 0.15:
            return self.ends_sentence and len(self.text) >= _SHORT
        return (self.ends_sentence and self.words >= 8) or len(self.text) >= 2 * _SHORT

    @property
    def long_prose(self) -> bool:
        """Prose that is kept wherever it stands in a page."""
        return self.prose and len(self.text) >= _LONG

    @property
    def weight(self) -> float:
        """What the line adds to the density of a run: prose adds its length, anything else takes away."""
        if self.prose:
            return float(min(len(self.text), 600))
        return -60.0 if self.furniture else -40.0


def mark(text: str, blocks: Sequence[Block], headings_stated: bool = False) -> tuple[Block, ...]:
    """The same blocks with verdicts and reasons; a verdict that a block already has stays.

    Args:
        headings_stated: The format itself says what is a heading, so no heading is furniture.
    """
    lines = [
        _look(text[block.start : block.end], stated=headings_stated and block.kind == "heading")
        for block in blocks
    ]
    reasons = [line.furniture for line in lines]
    if _is_page(lines):
        _mark_page(lines, reasons)
    else:
        reasons = [line.furniture if line.sure else "" for line in lines]
    return tuple(
        replace(block, verdict="boilerplate", reason=reason) if reason and not block.reason else block
        for block, reason in zip(blocks, reasons, strict=True)
    )


def _is_page(lines: Sequence[_Line]) -> bool:
    """Whether a document is a saved web page: it has enough furniture that nobody writes by hand."""
    sure = sum(1 for line in lines if line.sure)
    # A bare number may be a count of comments, a page number or a year: it proves nothing.
    found = [line.furniture for line in lines if line.furniture and line.words]
    return sure >= 2 or (sure == 1 and len(found) >= 5) or (len(found) >= 6 and len(set(found)) >= 4)


def _look(text: str, stated: bool) -> _Line:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    function = sum(1 for word in words if word in STOP_WORDS)
    return _Line(
        text=text,
        words=len(words),
        function_share=function / len(words) if words else 0.0,
        ends_sentence=bool(_SENTENCE_END.search(text)),
        furniture="" if stated else furniture_reason(text),
        sure=not stated and is_unmistakable(text),
    )


def _mark_page(lines: Sequence[_Line], reasons: list[str]) -> None:
    first, last = _densest(lines)
    if first > last:
        return
    _mark_sections(lines, reasons, first, last)
    for at, line in enumerate(lines):
        if reasons[at]:
            continue
        if at < first and not line.long_prose and not _heads(lines, reasons, at, first):
            reasons[at] = "navigation"
        elif at > last and not line.long_prose:
            reasons[at] = "related"
    _mark_runs(lines, reasons, first, last)


def _densest(lines: Sequence[_Line]) -> tuple[int, int]:
    """First and last line of the run with the greatest weight (Kadane's algorithm)."""
    best, first, last = 0.0, 0, -1
    total, start = 0.0, 0
    for at, line in enumerate(lines):
        if total <= 0:
            total, start = 0.0, at
        total += line.weight
        if total > best:
            best, first, last = total, start, at
    while first <= last and not lines[first].prose:
        first += 1
    return first, last


def _heads(lines: Sequence[_Line], reasons: Sequence[str], at: int, first: int) -> bool:
    """Whether a line before the prose is its title or standfirst: nothing but byline or caption between."""
    if lines[at].words < 3 or first - at > 6:
        return False
    return all(reasons[k] in _BESIDE_A_TITLE for k in range(at, first))


def _mark_sections(lines: Sequence[_Line], reasons: list[str], first: int, last: int) -> None:
    """Short lines under a heading such as "Latest stories" go with it, until prose returns."""
    reason = ""
    for at, line in enumerate(lines):
        opened = opens_section(line.text)
        if opened:
            reason = opened
        elif _ends_section(line, reason, inside=first <= at <= last, after=at > last):
            reason = ""
        if reason and not reasons[at]:
            reasons[at] = reason


def _ends_section(line: _Line, reason: str, inside: bool, after: bool) -> bool:
    """Prose ends a section, except that comments are prose themselves."""
    return (inside and line.prose) or (line.long_prose and not (after and reason == "comments"))


def _mark_runs(lines: Sequence[_Line], reasons: list[str], first: int, last: int) -> None:
    """Inside the prose, several short lines in a row that are no sentences are a menu or headlines."""
    run: list[int] = []
    for at in range(first, last + 2):
        line = lines[at] if at <= last else None
        if line and not reasons[at] and len(line.text) < _SHORT and not line.ends_sentence:
            run.append(at)
            continue
        if line and reasons[at]:
            continue
        if len(run) >= _MENU_RUN:
            for k in run:
                reasons[k] = "navigation"
        run = []
