"""The options that several commands share, so that they read and behave alike."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from index import Filters

Docs = Annotated[
    Path | None,
    typer.Option("--docs", metavar="PATH", help="The documents folder.", show_default="seeds"),
]
IndexUrl = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="URL",
        help="The index: a folder, or faiss://FOLDER.",
        show_default="a folder below .rag, named after the documents",
    ),
]
GeneratorName = Annotated[
    str | None,
    typer.Option(
        "--generator",
        metavar="NAME",
        help="What words the answer: extractive, openai:MODEL[@URL], anthropic:MODEL, gguf:PATH.",
        show_default="extractive",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DocumentNames = Annotated[
    list[str] | None,
    typer.Option("--document", metavar="NAME", help="Only this document; may be given again."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only documents published on this day or later."),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Only documents published on this day or earlier."),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="KEY=VALUE",
        help="Only documents with this metadata; again: any value of a key, all keys.",
    ),
]


def filters_of(
    documents: Sequence[str] | None, since: str | None, until: str | None, where: Sequence[str] | None
) -> "Filters | None":
    """The filters of a command line; None where there are none.

    Raises:
        UsageError: A condition has no `=`, or a date is none.
    """
    from index import Filters
    from index.errors import UsageError

    pairs = []
    for condition in where or ():
        key, mark, value = condition.partition("=")
        if not mark or not key.strip():
            raise UsageError(f"--where {condition!r} is no condition; write KEY=VALUE")
        pairs.append((key.strip(), value.strip()))
    return Filters(tuple(documents or ()), since, until, tuple(pairs)) or None
