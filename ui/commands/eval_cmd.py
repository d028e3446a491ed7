"""`rag eval`: measure the answers on questions whose answers are known, and pass or fail."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import Docs, GeneratorName, IndexUrl, Json

if TYPE_CHECKING:
    from eval.gate import GateReport
    from eval.runner import RunResult

eval_app = typer.Typer(no_args_is_help=True, help="Measure answers on questions with known answers.")

SetFile = Annotated[
    Path | None,
    typer.Argument(metavar="SET", help="A question set, JSON Lines.", show_default="the set for seeds"),
]


@eval_app.command("run")
def run_set(
    questions: SetFile = None,
    docs: Docs = None,
    index: IndexUrl = None,
    generator: GeneratorName = None,
    by_type: Annotated[bool, typer.Option("--types", help="Also show each type of question.")] = False,
    items: Annotated[bool, typer.Option("--items", help="Also list the dev items that went wrong.")] = False,
    twice: Annotated[
        bool, typer.Option("--twice", help="Ask everything again; both runs must agree.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ask every question of a set, print the measures, and fail below the floors beside the set.

    Exit code: 0 passed, 1 below a floor or an invariant broken, 2 the set does not fit, 3 too many errors.
    """
    from eval.errors import EvalSetupError
    from eval.gate import floors_beside, gate
    from eval.questions import default_set, load_questions, read_questions
    from eval.reports import as_json as run_as_json
    from eval.runner import run
    from index.errors import DocumentsError
    from rag import Rag
    from ui.commands.ask_cmd import print_json
    from ui.terminal import progress

    path = questions or default_set()
    floors = floors_beside(path)
    read_questions(path)  # a malformed set is refused before an index is built for it
    with progress() as tick:
        try:
            rag = Rag.open(docs, index=index, generator=generator, progress=tick)
        except DocumentsError as error:
            # Its own exit code, 3, means here that the run itself broke down.
            raise EvalSetupError(str(error)) from error
        chosen = load_questions(path, rag.folder)
        # Elsewhere the reporter prints a line that speaks of building an index.
        step = (lambda done, of: tick("Asking", done, of)) if sys.stderr.isatty() else None
        result = run(chosen, rag, progress=step)
        again = run(chosen, rag) if twice else None
    report = gate(result, floors, again)
    if as_json:
        print_json(run_as_json(result, report))
    else:
        _show(result, report, by_type=by_type, items=items)
    raise typer.Exit(report.exit_code)


@eval_app.command("validate")
def validate_set(questions: SetFile = None, docs: Docs = None) -> None:
    """Check a question set against its documents without asking anything."""
    from eval.questions import default_set, load_questions
    from rag import load_settings

    chosen = load_questions(questions or default_set(), Path(load_settings(docs=docs).docs))
    groups = len({question.group for question in chosen.questions})
    typer.echo(f"{chosen.name}: {len(chosen.questions)} questions in {groups} groups, all evidence found.")


def _show(result: "RunResult", report: "GateReport", *, by_type: bool, items: bool) -> None:
    from rich.console import Group
    from rich.text import Text

    from eval.reports import SHOWN_SPLITS, misses, rows
    from ui.commands.tables import whole_table
    from ui.terminal import clean, show

    shown = rows(result, report, by_type=by_type)
    cells = [(row.metric, row.category, *row.cells, row.floor, row.verdict) for row in shown]
    head = [Text(clean(f"{result.name}: {len(result.items)} items"))]
    head.append(Text("value [95 % Wilson interval over groups]  n items/groups", style="dim"))
    table = whole_table(("measure", "on", *SHOWN_SPLITS, "floor", ""), cells)
    lines: list[Text] = []
    for decision in report.decisions:
        verdict = {True: "pass", False: "FAIL", None: "    "}[decision.passed]
        style = "red" if decision.passed is False else ""
        lines.append(
            Text(clean(f"{verdict}  tier {decision.tier}  {decision.rule}: {decision.reason}"), style=style)
        )
    if items:
        missed = misses(result)
        for miss in (miss for miss in missed if miss.split == "dev"):
            lines.append(Text(clean(f"\n{miss.id}  {miss.category}: {miss.what}"), style="yellow"))
            lines.append(Text(clean(f"  Q {miss.question}\n  A {miss.answer}")))
        unseen = sum(miss.split == "heldout" for miss in missed)
        lines.append(
            Text(f"\nHeld-out items that went wrong: {unseen}; not shown, so that nobody tunes on them.")
        )
    lines.append(Text("Valid citations prove where a text comes from, not that it is true.", style="dim"))
    show(Group(*head, table, *lines))
