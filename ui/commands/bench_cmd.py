"""`rag bench`: what the program costs, measured on this machine."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.bench_store_cmd import mount
from ui.commands.options import Docs, Json

if TYPE_CHECKING:
    from eval.bench.start import StartReport

bench_app = typer.Typer(no_args_is_help=True, help="Measure what the program costs on this machine.")


@bench_app.callback()
def bench() -> None:
    """Measure what the program costs on this machine."""


@bench_app.command("start")
def start(
    question: Annotated[
        str | None,
        typer.Argument(metavar="QUESTION", help="What is asked.", show_default="one of the set for seeds"),
    ] = None,
    docs: Docs = None,
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", min=1, max=100, help="Processes of each kind.")
    ] = 5,
    as_json: Json = False,
) -> None:
    """Measure a first answer in fresh processes beside a bare sentence-transformers load of the model."""
    from eval.bench.start import bench_start
    from eval.questions import default_set, read_questions
    from ui.commands.ask_cmd import print_json

    if question is None:
        question = next(item.question for item in read_questions(default_set()) if item.answerable)
    report = bench_start(question, docs, runs=runs)
    if as_json:
        print_json(report.to_dict())
    else:
        _show(report)


mount(bench_app)


def _show(report: "StartReport") -> None:
    from rich.console import Group
    from rich.text import Text

    from eval.bench.start import spread
    from ui.commands.tables import whole_table
    from ui.terminal import clean, show

    rows = []
    for name, costs in (("rag ask", report.ask), ("bare sentence-transformers load", report.load)):
        cpu = spread([cost.cpu_seconds for cost in costs])
        peak = spread([cost.peak_mb for cost in costs])
        times = [f"{seconds:.2f}" for seconds in (cpu.median, cpu.low, cpu.high)]
        rows.append((name, str(len(costs)), *times, f"{peak.median:.0f}"))
    headings = ("fresh process", "runs", "CPU s, median", "least", "most", "peak MB, median")
    table = whole_table(headings, rows)
    ratio = "not measurable" if report.ratio is None else f"{report.ratio:.2f}"
    show(Group(table, Text(clean(f"CPU of an answer over a bare load: {ratio}. Asked: {report.question}"))))
