"""`rag ask` and `rag search`: a question to a cited answer, or to the passages alone."""

import dataclasses
import json
from typing import Annotated, Any

import typer

from ui.commands.options import (
    Docs,
    DocumentNames,
    GeneratorName,
    IndexUrl,
    Json,
    Since,
    Until,
    Where,
    filters_of,
)

Question = Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in quotes.")]


def ask(
    question: Question,
    docs: Docs = None,
    index: IndexUrl = None,
    generator: GeneratorName = None,
    document: DocumentNames = None,
    since: Since = None,
    until: Until = None,
    where: Where = None,
    as_json: Json = False,
) -> None:
    """Answer a question, with citations into the documents.

    The index is built on first use. "The documents do not say" is an answer too: exit code 0.
    """
    from rag import Rag
    from ui.terminal import answer_view, progress, show

    filters = filters_of(document, since, until, where)
    with progress() as tick:
        rag = Rag.open(docs, index=index, generator=generator, progress=tick)
    answer = rag.ask(question, filters=filters)
    if as_json:
        print_json(answer.to_dict())
    else:
        show(answer_view(answer))


def search(
    question: Question,
    docs: Docs = None,
    index: IndexUrl = None,
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=100, help="How many passages.")] = 10,
    document: DocumentNames = None,
    since: Since = None,
    until: Until = None,
    where: Where = None,
    as_json: Json = False,
) -> None:
    """List the passages found for a question, best first, with every component score."""
    from rag import Rag
    from ui.terminal import passages_view, progress, show

    filters = filters_of(document, since, until, where)
    with progress() as tick:
        rag = Rag.open(docs, index=index, progress=tick)
    passages = rag.search(question, k=k, filters=filters)
    if as_json:
        print_json([dataclasses.asdict(passage) for passage in passages])
    else:
        show(passages_view(passages))


def print_json(data: Any) -> None:
    """Write `data` to stdout as ASCII JSON: whole in any locale, and inert in any terminal."""
    typer.echo(json.dumps(data, indent=2))
