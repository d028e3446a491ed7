"""`rag index`: build, update, check, repair and explain an index."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import IndexUrl

if TYPE_CHECKING:
    from index.records import BuildReport, Skipped
    from index.settings import IndexSettings
    from rag import RagSettings

# As a shell counts a program that Ctrl-C ended.
_INTERRUPTED = 130


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
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, every file named.")] = False,
) -> None:
    """Build or update the index of a folder of documents, and report what changed.

    Unchanged documents are not encoded again. The documents themselves are never written to.
    """
    from index.errors import IndexFault, UsageError, for_folder
    from rag import load_settings

    if sum((check, repair, watch, explain is not None)) > 1:
        raise UsageError("--check, --repair, --watch and --explain are different things; give one of them")
    if json and (check or repair or explain is not None):
        raise UsageError("--json prints the report of a build; --check, --repair and --explain make none")
    chosen = load_settings(docs=docs)
    folder, settings = chosen.docs, chosen.index_settings
    try:
        if explain is not None:
            _explain(explain, folder, index, settings)
        elif check:
            _check(folder, index, settings)
        elif repair:
            _repair(folder, index, settings)
        elif watch:
            _follow(folder, index, chosen, json)
        else:
            _build(folder, index, chosen, json)
    except IndexFault as error:
        raise for_folder(error, folder, index) from None
    except KeyboardInterrupt:
        # What is written counts only once it is committed, so nothing is half done.
        told = "Stopped." if watch else "Stopped; the index is as it was before."
        typer.echo(told, err=True)
        raise typer.Exit(0 if watch else _INTERRUPTED) from None


def _build(folder: Path, index: str | None, settings: "RagSettings", json: bool) -> None:
    from rag.opening import build
    from ui.terminal import progress

    with progress() as tick:
        report = build(folder, index, settings, tick)
    _tell(report, json)


def _explain(file: str, folder: Path, index: str | None, settings: "IndexSettings") -> None:
    from index import explain
    from ui.terminal import blocks_view, show

    show(blocks_view(explain(file, folder, settings, index)))


def _check(folder: Path, index: str | None, settings: "IndexSettings") -> None:
    from index.check import faults
    from index.errors import IndexCorrupt
    from index.store import index_folder

    if found := faults(index_folder(index, folder, settings), settings):
        told = "; ".join(f"{fault.file}: {fault.what}" for fault in found[:5])
        raise IndexCorrupt(f"damaged: {told}; repair it with: rag index DOCS --repair")
    typer.echo("The index is sound.")


def _repair(folder: Path, index: str | None, settings: "IndexSettings") -> None:
    from index import repair_index
    from index.repair import put_aside
    from index.store import index_folder
    from ui.terminal import clean, progress

    place = index_folder(index, folder, settings)
    with progress() as tick:
        rebuilt = repair_index(place, folder, settings=settings, progress=tick)
    typer.echo(f"Rebuilt: {', '.join(rebuilt)}." if rebuilt else "Nothing was damaged.")
    for file in put_aside(place):
        typer.echo(
            clean(
                f"The damaged database is kept as {file}. It holds texts, also of documents that you "
                "may have deleted since; remove it if you do not need it."
            )
        )


def _follow(folder: Path, address: str | None, settings: "RagSettings", json: bool) -> None:
    """Print the report of each build; a word on stderr of what went wrong, and go on."""
    from index.errors import RagError
    from index.watch import watch
    from rag.opening import calibrated
    from ui.terminal import clean, progress

    told: frozenset[Skipped] = frozenset()
    with progress() as tick:
        for outcome in watch(folder, address, settings=settings.index_settings, progress=tick):
            if isinstance(outcome, RagError):
                typer.echo(clean(str(outcome)), err=True)
                continue
            try:
                calibrated(outcome, settings)
            except RagError as error:
                typer.echo(clean(str(error)), err=True)
            _tell(outcome, json, told)
            told = frozenset(outcome.skipped)


def _tell(report: "BuildReport", json: bool, told: "frozenset[Skipped]" = frozenset()) -> None:
    from dataclasses import asdict
    from json import dumps

    from ui.terminal import report_view, show

    if json:
        typer.echo(dumps(asdict(report)))
    else:
        show(report_view(report, told))
