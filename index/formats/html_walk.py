"""A parsed page to its blocks in reading order, with what the elements around each say about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from index.formats.html_article import Piece
from index.formats.html_table import CELLS, Table, holds_data
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
_ITEMS = frozenset(("li", "dt", "dd"))
_NO_CONTAINERS = frozenset(
    "ul ol li dl dt dd menu table tbody thead tfoot tr td th caption p figure figcaption".split()
)
_BY_TAG = {
    "nav": "navigation",
    "menu": "navigation",
    "footer": "footer",
    "aside": "related",
    "form": "form",
    "select": "form",
}
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
    linked: bool = False
    container: int = 0
    unseen: bool = False  # a hidden part of a block that is seen


def pieces(root: Any) -> Iterator[Piece]:
    """The blocks of a page."""
    walk = _Walk()
    yield from walk.run(root)


class _Walk:
    def __init__(self) -> None:
        self._open = [_Open()]
        self._tables: list[Table | None] = []
        self._text: list[str] = []
        self._unseen: list[str] = []
        self._term = ""
        self._said = self._linked = 0
        self._containers = 0

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
                    yield from self._leave_block(element)
                self._open.pop()
                self._say(element.tail)
        yield from self._flush()
        yield from self._lone_term()

    def _enter(self, element: Any) -> None:
        tag, above = element.tag, self._open[-1]
        kind: BlockKind = "heading" if tag in _HEADINGS else "item" if tag in _ITEMS else above.kind
        own = tag in _BLOCKS and tag not in _NO_CONTAINERS
        self._containers += own
        hidden = element.get("hidden") is not None or _is_hidden(element.get("style"))
        part = tag not in _BLOCKS or tag in CELLS
        self._open.append(
            _Open(
                kind,
                above.reason or _reason(element),
                above.hidden or (hidden and not part),
                above.verbatim or tag == "pre",
                above.linked or tag == "a",
                self._containers if own else above.container,
                above.unseen or (hidden and part and not above.hidden),
            )
        )
        if tag == "table":
            self._tables.append(Table() if holds_data(element) else None)
        elif tag == "tr" and self._tables and (table := self._tables[-1]):
            table.start_row()
        elif tag == "br":
            self._text.append("\n")

    def _say(self, text: str | None) -> None:
        if text and self._open[-1].unseen:
            self._unseen.append(text)
        elif text:
            self._text.append(text if self._open[-1].verbatim else re.sub(r"\s+", " ", text))
            size = len(text.strip())
            self._said += size
            self._linked += size if self._open[-1].linked else 0

    def _leave_block(self, element: Any) -> Iterator[Piece]:
        tag, table = element.tag, self._tables[-1] if self._tables else None
        if table is not None and tag in CELLS:
            table.add_cell(" ".join("".join(self._text).split()), element)
            self._text.clear()
        elif table is not None and tag == "tr":
            table.end_row(element, self._piece(""))
            self._said = self._linked = 0
        elif table is not None and tag == "caption":
            yield from self._blocks()
        elif tag == "dt" and not self._open[-1].hidden:
            # Said with its definition, without which it says nothing.
            self._term = ", ".join(filter(None, (self._term, " ".join("".join(self._text).split()))))
            self._text.clear()
        else:
            yield from self._flush()
        if tag == "table" and self._tables:
            self._tables.pop()
            yield from table.pieces() if table is not None else ()
        elif tag == "dl":
            yield from self._lone_term()

    def _flush(self) -> Iterator[Piece]:
        if self._tables and self._tables[-1] is not None:
            self._text.append(" ")  # a paragraph inside a cell stays in the cell
        else:
            yield from self._blocks()

    def _blocks(self) -> Iterator[Piece]:
        """What has been said since the last block."""
        whole, verbatim = "".join(self._text), self._open[-1].verbatim
        self._text.clear()
        # Two line breaks in a row are how old pages part their paragraphs.
        for part in [whole] if verbatim else re.split(r"\n\s*\n", whole):
            if part.strip():
                named = bool(self._term) and not self._open[-1].hidden
                yield self._piece(f"{self._term}: {part.strip()}" if named else part, part)
                self._term = "" if named else self._term
        self._said = self._linked = 0
        if unseen := " ".join(self._unseen).strip():
            yield replace(self._piece(unseen), hidden=True)
        self._unseen.clear()

    def _lone_term(self) -> Iterator[Piece]:
        if self._term:
            yield self._piece(self._term)
        self._term = ""

    def _piece(self, text: str, raw: str = "") -> Piece:
        at = self._open[-1]
        linked = self._linked / self._said if self._said else 0.0
        return Piece(text, at.kind, at.reason, at.hidden, raw or text, at.verbatim, linked, at.container)


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
