"""The options that several commands share, so that they read and behave alike."""

from pathlib import Path
from typing import Annotated

import typer

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
    typer.Option("--generator", metavar="NAME", help="What words the answer.", show_default="extractive"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
