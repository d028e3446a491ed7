"""Presentations: each slide is a page: title as heading, text as items, table rows, then notes."""

from collections.abc import Iterator
from typing import Any

from index.errors import UnreadableSource
from index.extras import require
from index.formats.archives import checked_package
from index.formats.office_properties import office_properties
from index.formats.parsed import Canonical, Parsed
from index.formats.table_rows import Cell, Grid, row_texts
from index.limits import Limits

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def read(data: bytes, limits: Limits) -> Parsed:
    """A .pptx file. Pictures, charts and drawings are not read."""
    package = checked_package(data, "ppt/presentation.xml", limits)
    presentation = require("pptx", "office").Presentation(package)
    count = len(presentation.slides)
    if count > limits.pages:
        raise UnreadableSource(f"has {count} slides, above the limit of {limits.pages} (max_pages)")
    out = Canonical(limits)
    hidden = 0
    for number, slide in enumerate(presentation.slides, start=1):
        # A slide that is not shown is not what its author presented.
        reason = "hidden" if slide.element.get("show") in {"0", "false"} else ""
        hidden += bool(reason)
        _slide(slide, number, reason, out)
    note = f"hidden slides: {hidden}" if hidden else ""
    return out.finish(office_properties(presentation.core_properties), note)


def _slide(slide: Any, number: int, reason: str, out: Canonical) -> None:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        out.add(title.text_frame.text, "heading", reason=reason, page=number)
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            for _, text in row_texts(_rows(shape.table), int(bool(shape.table.first_row))):
                out.add(text, "row", reason=reason, page=number)
        elif shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                out.add(paragraph.text, "item", reason=reason, page=number)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            out.add(paragraph.text, reason=reason, page=number)


def _rows(table: Any) -> list[list[Cell]]:
    grid = Grid()
    for row in table.rows:
        grid.start_row()
        for cell in row.cells:
            if not cell.is_spanned:
                grid.add(cell.text, cell.span_width, cell.span_height)
    return grid.rows


def _shapes(shapes: Any) -> Iterator[Any]:
    """Shapes in order, those of groups in place of the group."""
    stack = list(reversed(list(shapes)))
    while stack:
        shape = stack.pop()
        if shape.element.tag == f"{_P}grpSp":
            stack.extend(reversed(list(shape.shapes)))
        else:
            yield shape
