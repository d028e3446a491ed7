"""`rag bench ask`: what an answer costs a program that is running."""

from typing import Annotated

import typer

from ui.commands.options import Docs, Json


def mount(app: typer.Typer) -> None:
    """Add the command to `rag bench`."""
    app.command("ask")(ask)


def ask(
    docs: Docs = None,
    reader: Annotated[bool, typer.Option("--reader", help="Also measure answers with the reader.")] = False,
    as_json: Json = False,
) -> None:
    """Measure warm answers beside one fp32 query encoding of the model and an exact search."""
    from rich.console import Group

    from eval.bench.warm import bench_warm
    from ui.commands.ask_cmd import print_json
    from ui.commands.tables import whole_table
    from ui.terminal import show

    report = bench_warm(docs, reader=reader)
    if as_json:
        print_json(report.to_dict())
        return
    found = report.to_dict()
    rows = [
        ("answers", str(found["questions"])),
        ("an answer, CPU ms p50 / p95", _two(found["ask_ms"])),
        ("fp32 query and exact search, CPU ms p50 / p95", _two(found["bare_ms"])),
        ("an answer from passages not met before", _two(found["cold_ms"])),
        ("ratio of the medians", f"{report.ratio:.2f}"),
        ("p95 over p50 of an answer", f"{report.spread:.1f}"),
    ]
    if reader:
        rows.append(("an answer with the reader, CPU ms p50 / p95", _two(found["reader_ms"])))
    show(Group(whole_table(("measured", "here"), rows)))


def _two(shares: dict[str, float]) -> str:
    return f"{shares['p50']:.1f} / {shares['p95']:.1f}"
