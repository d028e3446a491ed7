"""`rag bench`: what the program costs on this machine, and how its methods do on public data."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands import bench_ask_cmd, bench_data_cmd, bench_gate_cmd, bench_store_cmd
from ui.commands.options import Docs, Json

if TYPE_CHECKING:
    from eval.bench.start import StartReport

bench_app = typer.Typer(
    no_args_is_help=True, help="Measure costs on this machine, and methods on public data."
)


@bench_app.callback()
def bench() -> None:
    """Measure costs on this machine, and methods on public data."""


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
        _show_start(report)


@bench_app.command("chat")
def chat(
    docs: Docs = None,
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", min=1, max=200, help="Questions in the browser.")
    ] = 20,
    clients: Annotated[
        int, typer.Option("--clients", metavar="N", min=1, max=36, help="Clients that ask at once.")
    ] = 20,
    as_json: Json = False,
) -> None:
    """Measure what the chat adds to an answer's own time, in a real browser, and many clients at once."""
    from eval.questions import default_set, read_questions
    from ui.bench_chat import bench_chat
    from ui.commands.ask_cmd import print_json

    questions = [q.question for q in read_questions(default_set()) if q.answerable and q.split == "dev"]
    report = bench_chat(questions, docs, runs=runs, clients=clients)
    if as_json:
        print_json(report.to_dict())
        return
    cpu = "unknown" if report.page_cpu is None else f"{report.page_cpu:.1f} s"
    typer.echo(f"First page: {cpu} of processor time, {report.page_wall:.1f} s by the clock.")
    typer.echo(
        f"Enter to first word, over the answer's own time: median {1000 * report.median:.0f} ms of {runs}."
    )
    typer.echo(
        f"{clients} clients at once: {report.failed} failed, the last answered after {report.slowest:.1f} s."
    )


bench_ask_cmd.mount(bench_app)
bench_data_cmd.mount(bench_app)
bench_gate_cmd.mount(bench_app)
bench_store_cmd.mount(bench_app)


def _show_start(report: "StartReport") -> None:
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
