"""reStructuredText by docutils, with everything off that reads other files or passes text through raw."""

import re
import textwrap
from collections.abc import Callable
from typing import Any

from index.decode import decode
from index.errors import UnreadableSource
from index.formats.parsed import Canonical, Parsed
from index.formats.table_rows import Grid, row_texts
from index.limits import Limits

# Whole blocks by the name of their node; what a block holds is read with it.
_VERBATIM = {"literal_block", "doctest_block", "math_block", "line_block"}
_TEXT = {"paragraph", "term", "caption", "attribution", "rubric"}
_LEFT_OUT = {"comment", "substitution_definition", "target", "raw", "image", "pending"}
_NO_TEXT = frozenset(
    """include raw csv-table toctree index image figure currentmodule module highlight tabularcolumns
    testsetup testcleanup autoclass automodule autofunction literalinclude""".split()
)
_ROLE = re.compile(r":[A-Za-z][\w:.+-]*:`[~!]?([^`]*)`")
_DIRECTIVE = re.compile(r"\.\. ([\w:.+-]+)::(.*)")
_OPTION = re.compile(r"\s+:[\w-]+:(?: |$)")
# docutils gives a longer one back empty.
_LONGEST_LINE = 1_000_000
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 2,
    "halt_level": 5,
    "warning_stream": "",
    "input_encoding": "unicode",
    "smart_quotes": False,
    "line_length_limit": _LONGEST_LINE,
}


def read(data: bytes, limits: Limits) -> Parsed:
    """A reStructuredText file."""
    decoded = decode(data)
    longest = max(map(len, decoded.text.splitlines()), default=0)
    if longest > _LONGEST_LINE:
        raise UnreadableSource(f"holds a line of {longest} characters, above the limit of {_LONGEST_LINE}")
    tree = _tree(decoded.text.lstrip("\ufeff"))
    out = Canonical(limits)
    metadata: dict[str, str] = {}
    if title := tree.get("title", ""):
        metadata["title"] = _ROLE.sub(r"\1", title)
    _walk(tree, out, metadata)
    return out.finish(metadata, decoded.note)


def _tree(text: str) -> Any:
    from docutils.core import publish_doctree

    return publish_doctree(text, settings_overrides=_SETTINGS)


def _unknown(message: Any) -> tuple[str, Any]:
    """What an unknown directive says, such as one of Sphinx's: its argument, and its content as a tree."""
    source = next((child.astext() for child in message.children if child.tagname == "literal_block"), "")
    match = _DIRECTIVE.match(source)
    if match is None or match[1] in _NO_TEXT:
        return "", None
    lines = [line for line in source[match.end() :].splitlines() if not _OPTION.match(line)]
    body = textwrap.dedent("\n".join(lines)).strip("\n")
    return match[2].strip(), _tree(body) if body else None


def _walk(tree: Any, out: Canonical, metadata: dict[str, str]) -> None:
    """Nodes in reading order, without recursion."""
    stack = [(tree, False)]
    while stack:
        node, in_list = stack.pop()
        name = node.tagname
        if name in {"title", "subtitle"}:
            out.add(_text(node), "heading")
        elif name == "system_message":
            told, content = _unknown(node)
            out.add(told)
            stack.extend([(content, in_list)] if content is not None else [])
        elif name in _VERBATIM:
            out.add(node.astext(), verbatim=name != "line_block")
        elif name in _TEXT:
            out.add(_text(node), "item" if in_list else "text")
        elif name == "table":
            _table(node, out)
        elif name == "docinfo":
            _docinfo(node, out, metadata)
        elif name not in _LEFT_OUT:
            inside = in_list or name in {"list_item", "definition_list_item", "field", "option_list_item"}
            stack.extend((child, inside) for child in reversed(node.children) if hasattr(child, "tagname"))


def _text(node: Any) -> str:
    """The text of a node; a role that docutils does not know is taken off its text."""
    return _ROLE.sub(r"\1", node.astext())


def _table(node: Any, out: Canonical) -> None:
    for title in node.findall(_named("title")):
        out.add(title.astext(), "heading")
    grid = Grid()
    for row in node.findall(_named("row")):
        grid.start_row()
        for entry in row.children:
            grid.add(entry.astext(), entry.get("morecols", 0) + 1, entry.get("morerows", 0) + 1)
    headers = sum(len(head.children) for head in node.findall(_named("thead")))
    for _, text in row_texts(grid.rows, headers):
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
