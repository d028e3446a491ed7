"""`rag bench index`, `kill` and `search`: what the index costs, and whether it can be broken."""

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.options import Json

Data = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="Public text: JSON Lines with text and questions; may be repeated.",
        show_default="invented text",
    ),
]


def mount(app: typer.Typer) -> None:
    """Add the three commands."""
    app.command("index")(index)
    app.command("kill")(kill)
    app.command("search")(search)


def index(
    data: Data = None,
    chunks: Annotated[
        int, typer.Option("--chunks", metavar="N", min=50, max=20_000, help="About how many are encoded.")
    ] = 600,
    as_json: Json = False,
) -> None:
    """Measure indexing beside the bare fp32 forward of the same model; an update; and memory."""
    from eval.bench.indexing import bench_index
    from ui.commands.ask_cmd import print_json

    report = bench_index(data or (), chunks=chunks)
    if as_json:
        print_json(report.to_dict())
        return
    each = 1000 * report.build_seconds / report.chunks
    bare = 1000 * report.forward_seconds / report.compared
    grown = report.large_mb - report.small_mb
    _table(
        ("CPU flags for int8", ", ".join(report.cpu_flags) or "none"),
        ("full build, CPU ms a chunk", f"{each:.1f} ({report.chunks} chunks)"),
        ("bare fp32 forward, CPU ms a chunk", f"{bare:.1f} ({report.compared} chunks)"),
        ("chunks per CPU second over the bare forward", f"{report.ratio:.2f}"),
        ("time beyond the encoder's own", f"{report.overhead:.1%}"),
        (
            f"one changed document of {report.updated_of} ({report.updated_chunks} chunks)",
            f"{report.update_seconds:.2f} CPU s, {report.update_encoded} chunks encoded",
        ),
        ("peak memory, 1,000 and 20,000 documents", f"{report.small_mb:.0f} and {report.large_mb:.0f} MB"),
        ("  of the difference, the vectors' own", f"{report.vectors_mb:.0f} of {grown:.0f} MB"),
    )


def kill(
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=1, max=1000, help="Builds to kill.")] = 25,
    as_json: Json = False,
) -> None:
    """Kill builds at random instants between first write and commit; check the index after each.

    Exit code: 0 when every index was sound and nothing was lost, 1 otherwise.
    """
    from eval.bench.kill import bench_kill
    from ui.commands.ask_cmd import print_json

    report = bench_kill(runs)
    if as_json:
        print_json(report.to_dict())
    else:
        wrong = sorted({fault for run in report.kills for fault in run.wrong})
        seen = report.reader
        _table(
            ("builds killed", str(len(report.kills))),
            ("between first write and commit", f"{report.landed:.0%}"),
            ("median time between the two", f"{report.window_seconds * 1000:.0f} ms"),
            *((f"  tenth {at}", "#" * hits) for at, hits in enumerate(report.histogram, start=1)),
            ("wrong afterwards", "; ".join(wrong) or "nothing"),
            ("questions of the reader beside them", f"{seen['asked']}, in {seen['generations']} generations"),
            ("errors it saw", "; ".join(seen["errors"][:3]) or "none"),
        )
    if not report.passed:
        raise typer.Exit(1)


def search(
    data: Data = None,
    chunks: Annotated[
        int, typer.Option("--chunks", metavar="N", min=1000, max=2_000_000, help="Size of the index.")
    ] = 200_000,
    vectors: Annotated[
        str,
        typer.Option("--vectors", metavar="TYPE", help="Kind of vector index, as in ?index=TYPE."),
    ] = "auto",
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="FOLDER", help="Keep the real vectors there for the next run."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure dense and word search, recall, opening and disk in a large index with deletions."""
    from eval.bench.searching import bench_search
    from index.store import vector_type
    from ui.commands.ask_cmd import print_json

    kind = vector_type(f"faiss://-?index={vectors}") or vectors
    report = bench_search(data or (), chunks=chunks, keep=keep, vector_type=kind)
    if as_json:
        print_json(report.to_dict())
        return
    _table(
        ("chunks", f"{report.chunks}, made from {report.real} real vectors and noisy copies"),
        ("kind of vector index", report.vectors),
        ("recall@10 on real questions", f"{report.recall:.3f} ({report.asked} questions)"),
        ("dense search, CPU ms p50 / p95", f"{report.dense_ms[0]:.2f} / {report.dense_ms[1]:.2f}"),
        ("word search, CPU ms p50 / p95", f"{report.words_ms[0]:.2f} / {report.words_ms[1]:.2f}"),
        ("deleted chunks found", str(report.deleted_found)),
        ("opening, CPU s", f"{report.open_seconds:.2f}"),
        ("next generation after deletions, CPU s", f"{report.rebuild_seconds:.1f}"),
        ("disk over text", f"{report.disk_ratio:.1f}"),
    )


def _table(*rows: tuple[str, str]) -> None:
    from rich.console import Group

    from ui.commands.tables import whole_table
    from ui.terminal import show

    show(Group(whole_table(("measured", "here"), rows)))
