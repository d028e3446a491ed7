"""A parsed page to its blocks in reading order, with what the elements around each say about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.formats.html_article import Piece
from index.formats.table_rows import row_text
from index.records import BlockKind

_BLOCKS = frozenset(
    """address article aside blockquote body button caption center dd details dialog div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre
    section summary table tbody td tfoot th thead tr ul""".split()
)
_NO_TEXT = frozenset(
    "audio canvas embed head iframe map math noscript object script style svg template textarea video".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CELLS = frozenset(("td", "th"))
_IN_CELL = _BLOCKS - {"p", "div", "center"}
_BY_TAG = {"nav": "navigation", "menu": "navigation", "footer": "footer", "aside": "related", "form": "form"}
_BY_NAME = (
    (re.compile(r"comment|disqus"), "comments"),
    (re.compile(r"share|sharing|social"), "share"),
    (re.compile(r"related|recommend|trending|popular|more-?(?:stories|news)|read-?also"), "related"),
    (re.compile(r"cookie|consent|gdpr"), "cookies"),
    (re.compile(r"newsletter|subscri|paywall|sign-?up"), "subscription"),
    (re.compile(r"(?:^|[-_ ])(?:ads?|advert\w*|sponsor\w*|promo\w*)(?:$|[-_ ])"), "advert"),
    (re.compile(r"(?:^|[-_ ])(?:nav\w*|menu|breadcrumbs?|sidebar)(?:$|[-_ ])"), "navigation"),
    (re.compile(r"(?:^|[-_ ])(?:footer|copyright)(?:$|[-_ ])"), "footer"),
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{4,}px"
)
_LONGEST_NAME = 200


@dataclass(slots=True)
class _Open:
    """What holds inside an open element."""

    kind: BlockKind = "text"
    reason: str = ""
    hidden: bool = False
    verbatim: bool = False


@dataclass(slots=True)
class _Table:
    """A table of data while its rows are read; a table that lays out a page never becomes one."""

    names: list[str] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    heads: int = 0
    number: int = 0


def pieces(root: Any) -> Iterator[Piece]:
    """The blocks of a page."""
    walk = _Walk()
    yield from walk.run(root)


class _Walk:
    def __init__(self) -> None:
        self._open = [_Open()]
        self._tables: list[_Table | None] = []
        self._text: list[str] = []

    def run(self, root: Any) -> Iterator[Piece]:
        from lxml import etree

        events = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in events:
            if event in {"comment", "pi"}:
                self._say(element.tail)
            elif event == "start":
                if element.tag in _BLOCKS:
                    yield from self._flush()
                if element.tag in _NO_TEXT:
                    events.skip_subtree()
                    element.text = None
                self._enter(element)
                self._say(element.text)
            else:
                if element.tag in _BLOCKS:
                    yield from self._leave_block(element.tag)
                self._open.pop()
                self._say(element.tail)
        yield from self._flush()

    def _enter(self, element: Any) -> None:
        tag, above = element.tag, self._open[-1]
        kind: BlockKind = "heading" if tag in _HEADINGS else "item" if tag == "li" else above.kind
        self._open.append(
            _Open(
                kind,
                above.reason or _reason(element),
                above.hidden or element.get("hidden") is not None or _is_hidden(element.get("style")),
                above.verbatim or tag == "pre",
            )
        )
        if tag == "table":
            self._tables.append(_Table() if _holds_data(element) else None)
        elif tag == "tr" and self._tables and (table := self._tables[-1]):
            table.row, table.heads = [], 0
            table.number += 1
        elif tag == "br":
            self._text.append("\n")

    def _say(self, text: str | None) -> None:
        if text:
            self._text.append(text if self._open[-1].verbatim else re.sub(r"\s+", " ", text))

    def _leave_block(self, tag: str) -> Iterator[Piece]:
        table = self._tables[-1] if self._tables else None
        if table and tag in _CELLS:
            table.row.append(" ".join("".join(self._text).split()))
            table.heads += tag == "th"
            self._text.clear()
        elif table and tag == "tr":
            yield from self._row(table)
        else:
            yield from self._flush()
        if tag == "table" and self._tables:
            self._tables.pop()

    def _row(self, table: _Table) -> Iterator[Piece]:
        if table.number == 1 and len(table.row) > 1 and table.heads == len(table.row):
            table.names = table.row
            return
        at = self._open[-1]
        if text := row_text(table.names, table.row):
            yield Piece(text, "row", at.reason, at.hidden, " ".join(table.row))

    def _flush(self) -> Iterator[Piece]:
        if self._tables and self._tables[-1] and any(part.strip() for part in self._text):
            self._text.append(" ")  # a paragraph inside a cell stays in the cell
            return
        whole, at = "".join(self._text), self._open[-1]
        self._text.clear()
        # Two line breaks in a row are how old pages part their paragraphs.
        for part in [whole] if at.verbatim else re.split(r"\n\s*\n", whole):
            if part.strip():
                yield Piece(part, at.kind, at.reason, at.hidden, part, verbatim=at.verbatim)


def _reason(element: Any) -> str:
    """What an element's tag, role, class or id says its text is."""
    if reason := _BY_TAG.get(element.tag):
        return reason
    if element.tag in {"body", "html", "main", "article"}:
        return ""
    names = " ".join(element.get(name) or "" for name in ("id", "class", "role"))[:_LONGEST_NAME].lower()
    return (
        next((reason for pattern, reason in _BY_NAME if pattern.search(names)), "") if names.strip() else ""
    )


def _is_hidden(style: str | None) -> bool:
    return bool(style and _HIDDEN.search(style[:2000].lower()))


def _holds_data(table: Any) -> bool:
    """Whether rows can be read as records: several cells a row, and nothing but text in them."""
    rows = cells = 0
    for element in table.iter():
        tag = element.tag
        if element is table or not isinstance(tag, str):
            continue
        rows += tag == "tr"
        cells += tag in _CELLS
        if tag in _IN_CELL and tag not in {"tr", "td", "th", "tbody", "thead", "tfoot", "caption"}:
            return False
    return rows > 0 and cells > rows
