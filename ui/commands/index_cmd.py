"""`rag index`: build, update, check, repair and explain an index."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import IndexUrl

if TYPE_CHECKING:
    from index.settings import IndexSettings


def index(
    docs: Annotated[
        Path | None,
        typer.Argument(metavar="DOCS", help="The documents folder.", show_default="seeds"),
    ] = None,
    index: IndexUrl = None,
    check: Annotated[bool, typer.Option("--check", help="Only verify; name what is damaged.")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Only rebuild the damaged parts.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and follow every change of the folder until Ctrl-C.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="FILE", help="Only show how one document is read, block by block."),
    ] = None,
) -> None:
    """Build or update the index of a folder of documents, and report what changed.

    Unchanged documents are not encoded again. The documents themselves are never written to.
    """
    from index import build_index, repair_index
    from index import explain as explain_document
    from index.check import faults
    from index.errors import IndexCorrupt, UsageError
    from index.store import index_folder
    from rag import load_settings
    from ui.terminal import blocks_view, progress, report_view, show

    if sum((check, repair, watch, explain is not None)) > 1:
        raise UsageError("--check, --repair, --watch and --explain are different things; give one of them")
    chosen = load_settings(docs=docs)
    folder, settings = chosen.docs, chosen.index_settings
    # The default address is found without building, or even reading, the documents.
    address = str(index_folder(index, folder, settings))
    if explain is not None:
        show(blocks_view(explain_document(explain, folder, settings, address)))
    elif check:
        if found := faults(address, settings):
            told = "; ".join(f"{fault.file}: {fault.what}" for fault in found[:5])
            raise IndexCorrupt(f"damaged: {told}; repair it with: rag index {folder} --repair")
        typer.echo("The index is sound.")
    elif repair:
        with progress() as tick:
            rebuilt = repair_index(address, folder, settings=settings, progress=tick)
        typer.echo(f"Rebuilt: {', '.join(rebuilt)}." if rebuilt else "Nothing was damaged.")
    elif watch:
        _follow(folder, index, settings)
    else:
        with progress() as tick:
            report = build_index(folder, index, settings=settings, progress=tick)
        show(report_view(report))


def _follow(folder: Path, address: str | None, settings: "IndexSettings") -> None:
    """Print the report of each build; a word on stderr of what went wrong, and go on."""
    from index.errors import RagError
    from index.watch import watch
    from ui.terminal import clean, progress, report_view, show

    try:
        with progress() as tick:
            for outcome in watch(folder, address, settings=settings, progress=tick):
                if isinstance(outcome, RagError):
                    typer.echo(clean(str(outcome)), err=True)
                else:
                    show(report_view(outcome))
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
