"""`rag show`: the text that a citation points to, as `document:start-end`."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import Docs, IndexUrl

if TYPE_CHECKING:
    from index import Document

_SPAN = re.compile(r"(?P<document>.+):(?P<start>\d{1,12})-(?P<end>\d{1,12})", re.DOTALL)


def show(
    place: Annotated[
        str,
        typer.Argument(metavar="DOCUMENT[:START-END]", help="A document, or a span of it in characters."),
    ],
    docs: Docs = None,
    index: IndexUrl = None,
) -> None:
    """Print the text a citation points to; without a span, the whole document."""
    from index.errors import DocumentUnknown
    from index.load import path_within
    from rag import Rag
    from ui.terminal import clean, progress

    with progress() as tick:
        rag = Rag.open(docs, index=index, progress=tick)
    match = _SPAN.fullmatch(place)

    def found(name: str) -> "Document":
        return rag.document(path_within(name, rag.folder, rag.documents))

    try:
        # A file may be named like a span, so the whole argument is tried first.
        text = found(place).text
    except DocumentUnknown:
        if match is None:
            raise
        document = found(match["document"])
        start, end = int(match["start"]), int(match["end"])
        if not start < end <= len(document.text):
            raise DocumentUnknown(
                f"{document.path} has no span {start}-{end}; its text runs from 0 to {len(document.text)}"
            ) from None
        text = document.text[start:end]
    typer.echo(clean(text))
