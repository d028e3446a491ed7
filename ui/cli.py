"""The command line: one program, `rag`, with a command for each thing a reader or an operator does.

Only light modules are imported here; a command imports what it needs when it runs, so that help and
errors come at once and a question never waits for the chat or for a model library.
"""

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from index.errors import RagError
from ui.commands.ask_cmd import ask, search
from ui.commands.bench_cmd import bench_app
from ui.commands.chat_cmd import chat
from ui.commands.eval_cmd import eval_app
from ui.commands.index_cmd import index
from ui.commands.reader_cmd import reader_app
from ui.commands.show_cmd import show

# Plain help: the same on every terminal, and the README can quote it.
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings=_CONTEXT,
)


def program_version() -> str:
    """The version installed, or that of the checkout when nothing is installed."""
    try:
        return version("cited-rag")
    except PackageNotFoundError:
        pyproject = Path(__file__).resolve().parent.parent / "pyproject.toml"
        return str(tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"])


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rag {program_version()}")
        raise typer.Exit


@app.callback()
def rag(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Ask questions of your own documents; every answer cites the exact text it rests on."""


for _command in (index, ask, search, show, chat):
    app.command(context_settings=_CONTEXT)(_command)
app.add_typer(eval_app, name="eval", context_settings=_CONTEXT)
app.add_typer(bench_app, name="bench", context_settings=_CONTEXT)
app.add_typer(reader_app, name="reader", context_settings=_CONTEXT)


def main() -> None:
    """The console script: run a command; an error is one paragraph on stderr and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets a "?" in its place, not a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="rag")
    except RagError as error:
        _complain(str(error))
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        _complain(f"{type(error).__name__}: {error}")
        raise SystemExit(RagError.exit_code) from None


def _complain(message: str) -> None:
    from ui.terminal import clean

    typer.echo(f"rag: {' '.join(clean(message).split())}", err=True)
