"""`rag bench gate`: how often the gate of a set fails by chance alone."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ui.commands.eval_exit import exit_codes
from ui.commands.options import Json


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command("gate")(gate)


@exit_codes()
def gate(
    questions: Annotated[
        Path | None,
        typer.Argument(metavar="SET", help="A question set, JSON Lines.", show_default="the set for seeds"),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option("--run", metavar="DIR", help="A stored run.", show_default="the last run of the set"),
    ] = None,
    rounds: Annotated[int, typer.Option("--rounds", metavar="N", min=1, help="How often.")] = 1000,
    share: Annotated[
        float, typer.Option("--share", metavar="S", min=0, max=1, help="Share of items re-rolled.")
    ] = 0.05,
    fall: Annotated[
        float, typer.Option("--fall", metavar="S", min=0, max=1, help="First make this share wrong.")
    ] = 0.0,
    as_json: Json = False,
) -> None:
    """Count false alarms: gate a stored run again and again, each time with a few items re-rolled.

    A re-rolled item takes what was measured on another item of its category, drawn at random, so nothing
    gets worse but by chance. Each round goes through invariants, floors and the paired tests against the
    run itself. With --fall some right items are made wrong first: how often is that noticed?
    """
    from rich.console import Group

    from eval.bench.alarms import bench_alarms
    from eval.floors import floors_beside
    from eval.gated import check_set
    from eval.questions import default_set
    from eval.stored import load
    from rag import load_settings
    from ui.commands.ask_cmd import print_json
    from ui.commands.tables import whole_table
    from ui.terminal import progress, show

    path = questions or default_set()
    stored = load(run or load_settings().home / "evals" / path.stem)
    check_set(stored, path)
    with progress() as tick:
        step = (lambda done, of: tick("Gating", done, of)) if sys.stderr.isatty() else None
        report = bench_alarms(
            stored, floors_beside(path), rounds=rounds, share=share, fall=fall, progress=step
        )
    if as_json:
        print_json(report.to_dict())
        return
    low, high = report.interval.low, report.interval.high
    told = [
        ("items re-rolled in each round", f"{report.rerolled} of {report.items}"),
        ("  of which changed in a gated measure", f"{report.flipped:.1f}"),
        *([("items made wrong before", f"{report.fall:.1%}")] if report.fall else []),
        ("rounds", str(report.rounds)),
        ("rounds in which the gate failed", f"{report.rate:.1%} [{low:.1%}, {high:.1%}]"),
        *((f"  by {rule}", str(times)) for rule, times in report.rules.items()),
    ]
    show(Group(whole_table((report.name, ""), told)))
