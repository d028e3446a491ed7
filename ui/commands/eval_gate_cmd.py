"""`rag eval compare`, `gate` and `accept`: stored runs and baselines."""

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.eval_exit import exit_codes
from ui.commands.eval_run_cmd import Baseline, SetFile, decision_lines

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a stored run.")]


@exit_codes()
def compare_runs(
    before: Annotated[Path, typer.Argument(metavar="A", help="Before: a run's folder or a baseline file.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="After: the same.")],
) -> None:
    """Compare two runs item by item: paired tests over groups, and what changed.

    Exit code: 0 nothing got worse, 1 something did, 2 they are over different questions or documents.
    """
    from rich.console import Group
    from rich.text import Text

    from eval.gate import changes_told
    from eval.metrics.catalogue import KS
    from eval.regression import compare
    from eval.stored import load_record
    from ui.commands.tables import whole_table
    from ui.terminal import clean, show

    (old, _), (new, ks) = load_record(before), load_record(after)
    found = compare(new, old, ks or KS)
    cells = [
        (
            one.measure,
            f"{one.before:.3f}",
            f"{one.now:.3f}",
            f"{one.items}/{one.groups}",
            f"-{one.losses} +{one.wins}",
            "-" if one.p is None else f"{one.p:.3f}",
            "-" if one.corrected is None else f"{one.corrected:.3f}",
            "FAIL" if one.failed else "gated" if one.gated else "",
        )
        for one in found.paired
    ]
    headings = ("measure", "before", "after", "n items/groups", "groups", "p", "Holm", "")
    lines = [Text(clean(changes_told(found)))]
    for change in (change for change in found.changes if change.flips):
        told = f"{'worse  ' if change.worse else 'changed'}  {change.id}  {'; '.join(change.flips)}"
        lines.append(Text(clean(told), style="red" if change.worse else ""))
    show(Group(whole_table(headings, cells), *lines))
    raise typer.Exit(int(any(one.failed for one in found.paired)))


@exit_codes()
def gate_run(run: RunFolder, questions: SetFile = None, baseline: Baseline = None) -> None:
    """Decide again on a stored run, by the floors and the baseline as they are now.

    Exit codes are those of `rag eval run`.
    """
    from rich.console import Group

    from eval.gated import regate
    from eval.questions import default_set
    from eval.stored import load
    from ui.terminal import show

    report = regate(load(run), questions or default_set(), baseline)
    show(Group(*decision_lines(report)))
    raise typer.Exit(report.exit_code)


@exit_codes()
def accept_run(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is as good or better.")],
    questions: SetFile = None,
    run: Annotated[
        Path | None,
        typer.Option("--run", metavar="DIR", help="The stored run.", show_default="the last run of the set"),
    ] = None,
) -> None:
    """Make a stored run the baseline of its set, with a reason; the file lies beside the set."""
    from eval.gated import accept
    from eval.questions import default_set
    from eval.stored import load
    from rag import load_settings

    path = questions or default_set()
    stored = load(run or load_settings().home / "evals" / path.stem)
    target = accept(stored, path, reason)
    typer.echo(f"{target}: baseline of {len(stored.result.items)} items. Commit it beside the set.")
