"""`rag eval sweep`: one set under several settings."""

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.eval_exit import exit_codes
from ui.commands.eval_run_cmd import SetFile
from ui.commands.options import Docs


@exit_codes()
def sweep_set(
    questions: SetFile = None,
    over: Annotated[
        list[str] | None,
        typer.Option("--over", metavar="KEY=V,V", help="A setting and its values; again: all combinations."),
    ] = None,
    docs: Docs = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Where it is written.", show_default="evals/SET-sweep below .rag"
        ),
    ] = None,
) -> None:
    """Measure the dev items of a set under several settings, each compared with the first.

    Writes sweep.html and sweep.json. An index is built for each chunking, cleaning or encoder, and kept.
    """
    from rich.console import Group
    from rich.text import Text

    from eval.questions import default_set, read_questions
    from eval.sweep import combinations, sweep
    from eval.sweep_report import HEADINGS, cells, sweep_json, sweep_page
    from rag import load_settings
    from ui.commands.tables import whole_table
    from ui.terminal import clean, progress, show

    path = questions or default_set()
    read_questions(path)
    wanted = combinations(over or ())
    with progress() as tick:
        tried = sweep(path, wanted, docs, tick)
    folder = out or load_settings().home / "evals" / f"{path.stem}-sweep"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sweep.html").write_text(sweep_page(path.name, tried), encoding="utf-8")
    (folder / "sweep.json").write_text(sweep_json(tried), encoding="utf-8")
    head = f"{path.name}: {tried[0].items} dev items in {tried[0].groups} groups, value [95 % interval]"
    view = whole_table(HEADINGS, [cells(one) for one in tried])
    show(Group(Text(clean(head)), view, Text(clean(f"Plots: {folder / 'sweep.html'}"), style="dim")))
