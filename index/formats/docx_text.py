"""Word documents: headings, paragraphs and list items by style, tables a row at a time.

python-docx opens the package and resolves styles; the walk is our own, since the library's passes over
inserted text and content controls. Deleted text is no text; hidden runs are left out and counted. Headers,
footers, footnotes and comments are not read.
"""

from collections.abc import Iterator
from typing import Any

from index.formats.archives import checked_package
from index.formats.parsed import Canonical, Parsed
from index.formats.table_rows import looks_like_header, row_texts
from index.limits import Limits

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
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
    note = f"hidden runs left out: {reader.hidden}" if reader.hidden else ""
    return out.finish(_properties(document.core_properties), note)


class _Reader:
    def __init__(self, document: Any, out: Canonical) -> None:
        self._out = out
        self._kinds = _style_kinds(document)
        self.hidden = 0

    def walk(self, body: Any) -> None:
        """The blocks below an element in reading order."""
        stack = [body]
        while stack:
            element = stack.pop()
            if element.tag == f"{_W}p":
                self._paragraph(element)
                # A text box lies inside the paragraph it is anchored to; its own text follows.
                stack.extend(reversed([box for box in element.iter(f"{_W}txbxContent") if _counts(box)]))
            elif element.tag == f"{_W}tbl" and (rows := self._rows(element)):
                headed = next(element.iter(f"{_W}tblHeader"), None) is not None
                for _, text in row_texts(rows, header=headed or looks_like_header(rows)):
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
            if element.tag == f"{_W}t":
                yield element.text or ""
            elif element.tag in _BREAKS:
                yield _BREAKS[element.tag]
            elif element.tag == f"{_W}r" and _vanishes(element):
                self.hidden += 1
            elif element.tag not in _LEFT_OUT and element.tag != f"{_W}txbxContent":
                stack.extend(reversed(element))

    def _rows(self, table: Any) -> list[list[str]]:
        """The cells of a table of data; empty for one column or a table in a table, which is layout."""
        if next(table.iterdescendants(f"{_W}tbl"), None) is not None:
            return []
        rows = []
        for row in table.iter(f"{_W}tr"):
            cells = [cell for cell in row.iter(f"{_W}tc")]
            rows.append([" ".join("".join(self._runs(p)) for p in c.iter(f"{_W}p")) for c in cells])
        return rows if any(len(row) > 1 for row in rows) else []


def _counts(box: Any) -> bool:
    """Not the copy of a text box that old programs show."""
    return all(parent.tag != _FALLBACK for parent in box.iterancestors())


def _vanishes(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "1") not in {"0", "false"}


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


def _properties(properties: Any) -> dict[str, str]:
    created = properties.created
    return {
        "title": properties.title or "",
        "author": properties.author or "",
        "language": properties.language or "",
        "date": created.date().isoformat() if created else "",
    }
