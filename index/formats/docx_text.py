"""Word documents: headings, paragraphs and list items by style, tables a row at a time.

python-docx opens the package and resolves styles; the walk is our own, since the library's passes over
inserted text and content controls. Deleted text is no text; hidden runs are left out and counted. Footnotes
and endnotes follow the text. Headers, footers and comments are not read.
"""

from collections.abc import Iterator
from typing import Any

from index.formats.archives import checked_package
from index.formats.office_properties import office_properties
from index.formats.parsed import Canonical, Parsed
from index.formats.table_rows import Cell, Grid, looks_like_header, row_texts
from index.limits import Limits

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Text of a run, and of a formula.
_TEXT = {f"{_W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOST_COLUMNS = 100
_NOTES = {"/word/footnotes.xml", "/word/endnotes.xml"}
_PLAIN_TABLES = {"Table Grid", "Normal Table"}
_LEFT_OUT = {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText")} | {
    _FALLBACK
}
_BREAKS = {
    f"{_W}{name}": mark for name, mark in (("tab", " "), ("br", " "), ("cr", " "), ("noBreakHyphen", "-"))
}


def read(data: bytes, limits: Limits) -> Parsed:
    """A .docx file."""
    package = checked_package(data, "word/document.xml", limits)
    import docx

    document = docx.Document(package)
    out = Canonical(limits)
    reader = _Reader(document, out)
    reader.walk(document.element.body)
    for part in document.part.package.iter_parts():
        if part.partname in _NOTES:
            reader.walk(docx.oxml.parse_xml(part.blob))
    note = f"hidden runs left out: {reader.hidden}" if reader.hidden else ""
    return out.finish(office_properties(document.core_properties), note)


class _Reader:
    def __init__(self, document: Any, out: Canonical) -> None:
        self._out = out
        self._kinds = _style_kinds(document)
        self._plain = {style.style_id for style in document.styles if style.name in _PLAIN_TABLES}
        self.hidden = 0

    def walk(self, body: Any) -> None:
        """The blocks below an element in reading order."""
        stack = [body]
        while stack:
            element = stack.pop()
            if element.tag == f"{_W}p":
                self._paragraph(element)
                # A text box lies inside the paragraph it is anchored to; its own text follows.
                boxes = element.iter(f"{_W}txbxContent")
                stack.extend(reversed([box for box in boxes if _counts(box) and _inside(box, element)]))
            elif element.tag == f"{_W}tbl" and (rows := self._rows(element)):
                for _, text in row_texts(rows, self._headers(element, rows)):
                    self._out.add(text, "row")
            elif element.tag not in _LEFT_OUT:
                stack.extend(reversed(element))

    def _paragraph(self, element: Any) -> None:
        text = "".join(self._runs(element))
        properties = element.find(f"{_W}pPr")
        style = properties.find(f"{_W}pStyle") if properties is not None else None
        kind = self._kinds.get(style.get(f"{_W}val", ""), "") if style is not None else ""
        listed = properties is not None and properties.find(f"{_W}numPr") is not None
        if kind == "heading":
            self._out.add(text, "heading")
        else:
            self._out.add(text, "item" if listed or kind == "item" else "text")

    def _runs(self, paragraph: Any) -> Iterator[str]:
        stack = list(reversed(paragraph))
        while stack:
            element = stack.pop()
            if element.tag in _TEXT:
                yield element.text or ""
            elif element.tag in _BREAKS:
                yield _BREAKS[element.tag]
            elif element.tag == f"{_W}r" and _vanishes(element):
                self.hidden += 1
            elif element.tag not in _LEFT_OUT and element.tag != f"{_W}txbxContent":
                stack.extend(reversed(element))

    def _rows(self, table: Any) -> list[list[Cell]]:
        """The cells of a table of data; empty for one column or a table in a table, which is layout."""
        if next(table.iterdescendants(f"{_W}tbl"), None) is not None:
            return []
        grid = Grid()
        for row in table.iter(f"{_W}tr"):
            grid.start_row()
            for _ in range(_number(row, "trPr", "gridBefore", 0)):
                grid.add("")
            above = grid.rows[-2] if len(grid.rows) > 1 else []
            for cell in row.iter(f"{_W}tc"):
                text = " ".join("".join(self._runs(p)) for p in cell.iter(f"{_W}p"))
                at = len(grid.rows[-1])
                if _goes_on(cell) and at < len(above):
                    text = above[at] or ""
                grid.add(text, _number(cell, "tcPr", "gridSpan", 1))
        return grid.rows if any(len(row) > 1 for row in grid.rows) else []

    def _headers(self, table: Any, rows: list[list[Cell]]) -> int:
        """How many rows name the columns: those repeated on each page, or a first one set apart."""
        lines = list(table.iter(f"{_W}tr"))
        repeated = next((at for at, row in enumerate(lines) if not _on(row, "trPr", "tblHeader")), len(lines))
        if repeated:
            return repeated
        bold = [_all_bold(row) for row in lines[:2]] == [True, False]
        return int(bold or self._opens_apart(table) or looks_like_header(rows))

    def _opens_apart(self, table: Any) -> bool:
        """Whether the style of a table sets its first row apart; the plain ones cannot, though they ask."""
        style, look = (table.find(f"{_W}tblPr/{_W}{name}") for name in ("tblStyle", "tblLook"))
        if style is None or look is None or style.get(f"{_W}val") in self._plain:
            return False
        return look.get(f"{_W}firstRow") in {"1", "true"}


def _all_bold(row: Any) -> bool:
    runs = [run for run in row.iter(f"{_W}r") if run.find(f"{_W}t") is not None]
    return bool(runs) and all(_on(run, "rPr", "b") for run in runs)


def _goes_on(cell: Any) -> bool:
    """Whether a cell is the lower part of the one above it."""
    mark = cell.find(f"{_W}tcPr/{_W}vMerge")
    return mark is not None and mark.get(f"{_W}val") != "restart"


def _number(element: Any, properties: str, name: str, default: int) -> int:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    value = found.get(f"{_W}val", "") if found is not None else ""
    return min(int(value), _MOST_COLUMNS) if value.isdecimal() else default


def _on(element: Any, properties: str, name: str) -> bool:
    mark = element.find(f"{_W}{properties}/{_W}{name}")
    return mark is not None and mark.get(f"{_W}val", "1") not in {"0", "false", "off"}


def _counts(box: Any) -> bool:
    """Not the copy of a text box that old programs show."""
    return all(parent.tag != _FALLBACK for parent in box.iterancestors())


def _inside(box: Any, paragraph: Any) -> bool:
    """Whether a text box is anchored to this paragraph, and not to one within another box of it."""
    return next(box.iterancestors(f"{_W}p")) is paragraph


def _vanishes(run: Any) -> bool:
    return _on(run, "rPr", "vanish")


def _style_kinds(document: Any) -> dict[str, str]:
    """Style id to `heading` or `item`, by the built-in name of the style or of the one it is based on."""
    kinds: dict[str, str] = {}
    for style in document.styles:
        base: Any = style
        for _ in range(10):
            name = (base.name or "").lower() if base is not None else ""
            kind = "heading" if name.startswith(("heading", "title", "subtitle")) else ""
            kind = kind or ("item" if name.startswith("list") and name != "list" else "")
            if kind or base is None:
                kinds[style.style_id] = kind
                break
            base = getattr(base, "base_style", None)
    return kinds
