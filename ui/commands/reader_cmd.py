"""`rag reader`: train the network that reads question and passage together, and make it ready for use."""

from pathlib import Path
from typing import Annotated

import typer

reader_app = typer.Typer(no_args_is_help=True, help="Train the reader (`rag/reader/MODEL_CARD.md`).")

Weights = Annotated[
    Path, typer.Argument(metavar="WEIGHTS", help="A mean-N.pt of a training run.", show_default=False)
]


@reader_app.callback()
def reader() -> None:
    """Train the reader (`rag/reader/MODEL_CARD.md`)."""


@reader_app.command("train")
def train(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA", help="A folder with reader_train and squad2_dev in it.", show_default=False
        ),
    ],
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Where weights and logs go.", show_default=False)
    ],
) -> None:
    """Train on public questions, an hour or so on two cores; a run that was stopped goes on where it was."""
    from rag.reader.train import train_reader

    train_reader(data, out)


@reader_app.command("export")
def export(
    weights: Weights,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where the network goes.", show_default=False)],
) -> None:
    """Write trained weights as the int8 network that the program runs, and say its SHA-256."""
    from rag.reader.export import export_reader

    typer.echo(export_reader(weights, out))
