"""Mark boilerplate in plain text and Markdown; nothing is ever deleted.

A saved web page is recognised by its furniture: lines such as "Advertisement", "Share this", "Read also".
Only in such a page a small trained model decides which lines are body, and rules name the reason for the
others; in a note or a report without furniture every line stays body text, because losing a line of the
author's is worse than keeping an advert. `rag bench clean --data FOLDER` measures both.
"""

from collections.abc import Sequence
from dataclasses import replace

from index import page_model
from index.page_lines import SHORT, Line, by_wording, look
from index.page_model import PageModel
from index.records import Block

_BESIDE_A_TITLE = 8
_TITLE_WORDS = 3
_NAME_WORDS = 4
_TITLES = 2
_TAKEN_UP = 0.4
_RUN = 3


def rules() -> str:
    """What verdicts depend on, for the index fingerprint; change the number when a rule below changes."""
    return f"furniture-model-2-{page_model.weights_hash()}"


def mark(
    text: str, blocks: Sequence[Block], headings_stated: bool = False, model: PageModel | None = None
) -> tuple[Block, ...]:
    """The same blocks with verdicts and reasons; a verdict that a block already has stays.

    Body text has no reason, except headline and standfirst of a page: `title`.

    Args:
        headings_stated: The format itself says what is a heading, so no heading is furniture.
        model: By default the one that comes with the program.
    """
    stated = [headings_stated and block.kind == "heading" for block in blocks]
    lines = [
        look(text[block.start : block.end], heading) for block, heading in zip(blocks, stated, strict=True)
    ]
    if is_page(lines):
        reasons = _page(lines, stated, model or page_model.bundled())
    else:
        reasons = [line.furniture if line.sure else "" for line in lines]
    # The short cells of a table look like a menu, and are what people ask for.
    kept = [
        block.kind in {"row", "columns"} and not line.sure for block, line in zip(blocks, lines, strict=True)
    ]
    return tuple(
        block
        if block.reason or not reason or tabled
        else replace(block, verdict="body" if reason == "title" else "boilerplate", reason=reason)
        for block, reason, tabled in zip(blocks, reasons, kept, strict=True)
    )


def is_page(lines: Sequence[Line]) -> bool:
    """Whether a document is a saved web page: it has enough furniture that nobody writes by hand."""
    sure = sum(1 for line in lines if line.sure)
    # A bare number may be a count of comments, a page number or a year: it proves nothing.
    found = [line.furniture for line in lines if line.furniture and line.words]
    return sure >= 2 or (sure == 1 and len(found) >= 5) or (len(found) >= 6 and len(set(found)) >= 4)


def _page(lines: Sequence[Line], stated: Sequence[bool], model: PageModel) -> list[str]:
    """A reason for each line that is not body, and `title` for headline and standfirst."""
    worded = by_wording(lines, stated)
    chances = model.chances(lines).tolist()
    body = [chance >= model.threshold and not why for chance, why in zip(chances, worded, strict=True)]
    _keep_headings(body, stated)
    _drop_names(lines, worded, body)
    if not any(body):
        return worded
    titles = _titles(lines, body)
    reasons = _named(lines, worded, body)
    for at in titles:
        reasons[at] = "title"
    return reasons


def _keep_headings(body: list[bool], stated: Sequence[bool]) -> None:
    """A heading that the format states goes with the text below it."""
    for at in range(len(body) - 2, -1, -1):
        body[at] = body[at] or (stated[at] and body[at + 1])


def _titles(lines: Sequence[Line], body: Sequence[bool]) -> list[int]:
    """Headline and standfirst: the lines shortly above the body whose words the body takes up again."""
    first = body.index(True)
    said = {word for line, kept in zip(lines, body, strict=True) if kept for word in _content(line)}
    found: list[tuple[float, int]] = []
    for at in range(max(0, first - _BESIDE_A_TITLE), first):
        line, words = lines[at], _content(lines[at])
        if line.furniture or line.bullet or len(line.words) < _TITLE_WORDS or len(words) < 2:
            continue
        share = len(words & said) / len(words)
        if share >= _TAKEN_UP:
            found.append((share, at))
    # A line that says a part of what another says is the caption of a picture.
    whole = [
        (share, at)
        for share, at in found
        if not any(_content(lines[at]) < _content(lines[other]) for _, other in found)
    ]
    return [at for _, at in sorted(whole, reverse=True)[:_TITLES]]


def _drop_names(lines: Sequence[Line], worded: list[str], body: list[bool]) -> None:
    """A name above an address or a date line belongs to it."""
    for at in range(len(lines) - 1):
        line = lines[at]
        short = len(line.words) <= _NAME_WORDS and not line.ends_sentence
        if body[at] and short and worded[at + 1] == "byline":
            worded[at], body[at] = "byline", False


def _content(line: Line) -> set[str]:
    """Its longer words, without a possessive ending."""
    return {word.removesuffix("'s") for word in line.words if len(word) > 3}


def _named(lines: Sequence[Line], worded: Sequence[str], body: Sequence[bool]) -> list[str]:
    """The reason of each line that is not body: its own wording, its section, or its place."""
    first, last = body.index(True), len(body) - 1 - body[::-1].index(True)
    ends = {at: end for at, end in _runs(body)}
    reasons: list[str] = []
    section, end = "", 0
    for at, (line, kept) in enumerate(zip(lines, body, strict=True)):
        if kept:
            section = ""
            reasons.append("")
            continue
        end = ends.get(at, end)
        section = line.opens or section
        if line.furniture == "footer":
            section = "footer"
        reasons.append(worded[at] or section or _by_place(line, at < first, at > last, end))
    return reasons


def _by_place(line: Line, above: bool, below: bool, run: int) -> str:
    if above:
        return "byline" if line.dated and len(line.text) < SHORT else "navigation"
    if below or run >= _RUN:
        return "related"
    return "byline" if line.dated and len(line.text) < SHORT else "caption"


def _runs(body: Sequence[bool]) -> list[tuple[int, int]]:
    """Where each run of lines that are not body begins, and its length."""
    found: list[tuple[int, int]] = []
    for at, kept in enumerate(body):
        if kept:
            continue
        if at and not body[at - 1]:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((at, 1))
    return found
