"""reStructuredText by docutils, with everything off that reads other files or passes text through raw."""

from collections.abc import Callable
from typing import Any

from index.decode import decode
from index.formats.parsed import Canonical, Parsed
from index.formats.table_rows import row_texts
from index.limits import Limits

# Whole blocks by the name of their node; what a block holds is read with it.
_VERBATIM = {"literal_block", "doctest_block", "math_block", "line_block"}
_TEXT = {"paragraph", "term", "caption", "attribution", "rubric"}
_LEFT_OUT = {"comment", "system_message", "substitution_definition", "target", "raw", "image", "pending"}
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "warning_stream": "",
    "input_encoding": "unicode",
    "smart_quotes": False,
    "line_length_limit": 1_000_000,
}


def read(data: bytes, limits: Limits) -> Parsed:
    """A reStructuredText file."""
    from docutils.core import publish_doctree

    decoded = decode(data)
    tree: Any = publish_doctree(decoded.text.lstrip("\ufeff"), settings_overrides=_SETTINGS)
    out = Canonical(limits)
    metadata: dict[str, str] = {}
    if title := tree.get("title", ""):
        metadata["title"] = title
    _walk(tree, out, metadata)
    return out.finish(metadata, decoded.note)


def _walk(tree: Any, out: Canonical, metadata: dict[str, str]) -> None:
    """Nodes in reading order, without recursion."""
    stack = [(tree, False)]
    while stack:
        node, in_list = stack.pop()
        name = node.tagname
        if name in {"title", "subtitle"}:
            out.add(node.astext(), "heading")
        elif name in _VERBATIM:
            out.add(node.astext(), verbatim=name != "line_block")
        elif name in _TEXT:
            out.add(node.astext(), "item" if in_list else "text")
        elif name == "table":
            _table(node, out)
        elif name == "docinfo":
            _docinfo(node, out, metadata)
        elif name not in _LEFT_OUT:
            inside = in_list or name in {"list_item", "definition_list_item", "field", "option_list_item"}
            stack.extend((child, inside) for child in reversed(node.children) if hasattr(child, "tagname"))


def _table(node: Any, out: Canonical) -> None:
    for title in node.findall(_named("title")):
        out.add(title.astext(), "heading")
    rows = [[entry.astext() for entry in row.children] for row in node.findall(_named("row"))]
    headed = any(True for _ in node.findall(_named("thead")))
    for _, text in row_texts(rows, header=headed):
        out.add(text, "row")


def _docinfo(node: Any, out: Canonical, metadata: dict[str, str]) -> None:
    """The field list at the head of a document: metadata, and text of it all the same."""
    for field in node.children:
        name, value = field.tagname, field.astext()
        if name == "field" and len(field.children) == 2:
            name, value = (part.astext() for part in field.children)
        metadata.setdefault(name, value)
        out.add(f"{name}: {value}", "item")


def _named(name: str) -> Callable[[Any], bool]:
    return lambda node: getattr(node, "tagname", "") == name
