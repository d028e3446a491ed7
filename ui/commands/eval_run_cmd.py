"""`rag eval run`: ask a set, measure, gate, and write the reports."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.eval_exit import exit_codes
from ui.commands.options import Docs, GeneratorName, IndexUrl, Json

if TYPE_CHECKING:
    from rich.text import Text

    from eval.gate import GateReport
    from eval.stored import StoredRun
    from rag import Rag

SetFile = Annotated[
    Path | None,
    typer.Argument(metavar="SET", help="A question set, JSON Lines.", show_default="the set for seeds"),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline", metavar="FILE", help="Compare with this.", show_default="the baseline beside the set"
    ),
]
Heldout = Annotated[bool, typer.Option("--heldout", help="Show the held-out items that went wrong, too.")]


@exit_codes()
def run_set(
    questions: SetFile = None,
    docs: Docs = None,
    index: IndexUrl = None,
    generator: GeneratorName = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="FOLDER", help="Public data instead: corpus.jsonl and queries.jsonl."),
    ] = None,
    sample: Annotated[
        int, typer.Option("--sample", metavar="N", min=1, help="Most questions of --data.")
    ] = 200,
    baseline: Baseline = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Where the run is written.", show_default="evals/SET below .rag"
        ),
    ] = None,
    part: Annotated[
        str | None, typer.Option("--slice", metavar="TYPE", help="Only items of this type; no floors then.")
    ] = None,
    k: Annotated[str, typer.Option("--k", metavar="LIST", help="Depths for retrieval.")] = "1,3,5,10",
    by_type: Annotated[bool, typer.Option("--types", help="Also show each type of question.")] = False,
    items: Annotated[bool, typer.Option("--items", help="Also list the items that went wrong.")] = False,
    heldout: Heldout = False,
    twice: Annotated[
        bool, typer.Option("--twice", help="Ask everything again; both runs must agree.")
    ] = False,
    replicates: Annotated[
        int,
        typer.Option(
            "--replicates", metavar="N", min=1, max=20, help="Ask everything N times; average, do not block."
        ),
    ] = 1,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ask language models anew; else their kept replies are used.")
    ] = False,
    judge: Annotated[
        str,
        typer.Option(
            "--judge", metavar="NAME", help="A language model's opinion of each answer; decides nothing."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Ask every question of a set, measure, and fail below the floors or the baseline beside the set.

    Writes results.jsonl, summary.json, junit.xml, report.md and report.html. Exit code: 0 passed,
    1 a decision failed, 2 the set or baseline does not fit, 3 too many errors.
    """
    from eval.gated import UnfitBaseline, Wanted, depths, evaluate
    from eval.outputs import write_outputs
    from eval.public import prepared
    from eval.questions import default_set, read_questions
    from eval.stored import whole_json
    from rag import load_settings
    from ui.commands.ask_cmd import print_json
    from ui.terminal import progress

    path = questions or default_set()
    if data is not None:
        docs, path = prepared(data, sample, load_settings().home / "public")
    wanted = Wanted(path, depths(k), baseline, part or "", twice, replicates, judge, fresh)
    read_questions(path)  # a malformed set is refused before an index is built for it
    with progress() as tick:
        rag = opened(docs, index, generator, tick)
        # Elsewhere the reporter prints a line that speaks of building an index.
        step = (lambda done, of: tick("Asking", done, of)) if sys.stderr.isatty() else None
        folder = out or rag.settings.home / "evals" / path.stem
        try:
            run, report = evaluate(wanted, rag, step)
        except UnfitBaseline as error:
            write_outputs(error.stored, error.report, folder, heldout)
            typer.echo(f"Measured, not compared: {folder / 'report.html'}")
            raise
    write_outputs(run, report, folder, heldout)
    if as_json:
        print_json(whole_json(run, report))
    else:
        show_run(run, report, folder, by_type=by_type, items=items, heldout=heldout)
    raise typer.Exit(report.exit_code)


def opened(
    docs: Path | None, index: str | None, generator: str | None, tick: Callable[[str, int, int], None]
) -> "Rag":
    """The program over a folder, its index brought up to date; says so where anything had changed."""
    from rag import Rag

    rag = Rag.open(docs, index=index, generator=generator, progress=tick)
    report = rag.refresh(tick)
    if report.rebuilt or not report.nothing_changed:
        count = f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed"
        typer.echo(f"The index has been brought up to date first: {count}.", err=True)
    return rag


def show_run(
    run: "StoredRun", report: "GateReport", folder: Path, *, by_type: bool, items: bool, heldout: bool
) -> None:
    """Print the measures, the decisions and where the reports lie."""
    from rich.console import Group
    from rich.text import Text

    from eval.judging import judging_told
    from eval.reports import SHOWN_SPLITS, rows
    from eval.spent import cost_told
    from ui.commands.tables import whole_table
    from ui.terminal import clean, show

    result = run.result
    every = rows(result, report, by_type=by_type)
    shown = [row for row in every if row.floor or any(not cell.endswith("n 0") for cell in row.cells)]
    cells = [(row.metric, row.category, *row.cells, row.floor, row.verdict) for row in shown]
    head = [Text(clean(f"{result.name}: {len(result.items)} items"))]
    head.append(Text("value [95 % interval over groups]  n items/groups", style="dim"))
    table = whole_table(("measure", "on", *SHOWN_SPLITS, "floor", ""), cells)
    lines = [*decision_lines(report), *(miss_lines(run, heldout) if items else [])]
    lines.append(Text(clean(cost_told(run.cost)), style="dim"))
    lines += [Text(clean(judging_told(run.judging)), style="dim")] if run.judging else []
    lines.append(Text("Valid citations prove where a text comes from, not that it is true.", style="dim"))
    lines.append(Text(clean(f"Reports: {folder / 'report.html'} and beside it"), style="dim"))
    show(Group(*head, table, *lines))


def decision_lines(report: "GateReport") -> "list[Text]":
    """One line a decision."""
    from rich.text import Text

    from ui.terminal import clean

    lines = []
    for decision in report.decisions:
        verdict = {True: "pass", False: "FAIL", None: "    "}[decision.passed]
        told = clean(f"{verdict}  tier {decision.tier}  {decision.rule}: {decision.reason}")
        lines.append(Text(told, style="red" if decision.passed is False else ""))
    return lines


def miss_lines(run: "StoredRun", heldout: bool) -> "list[Text]":
    """The items that went wrong; of the held-out ones only how many, unless asked for."""
    from rich.text import Text

    from eval.reports import misses
    from ui.terminal import clean

    lines = []
    missed = misses(run.result)
    shown = [miss for miss in missed if heldout or miss.question.split == "dev"]
    for miss in shown:
        question = miss.question
        told = clean(f"\n{question.id}  {question.category}: {miss.what}")
        lines.append(Text(told, style="yellow"))
        lines.append(Text(clean(f"  Q {question.question}\n  A {miss.answer}")))
    unseen = len(missed) - len(shown)
    lines.append(
        Text(f"\nHeld-out items that went wrong: {unseen}; not shown, so that nobody tunes on them.")
    )
    return lines
