"""`rag bench clean`, `abstain`, `answers`, `conflicts`, `turns`, `reader`: how methods do on public data."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import Json

if TYPE_CHECKING:
    from eval.bench.sheets import Sheet
    from eval.bench.whole_report import WholeReport

DataFolder = Annotated[
    Path, typer.Option("--data", metavar="FOLDER", help="A folder with dev.jsonl.", show_default=False)
]
DataFolders = Annotated[
    list[Path],
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="A folder with corpus.jsonl and queries.jsonl; may be given again.",
        show_default=False,
    ),
]
Sample = Annotated[
    int, typer.Option("--sample", metavar="N", min=1, help="Most questions of a kind for each small folder.")
]

_SHARES = "Shares: value [95 % Wilson interval over gold documents] n questions/gold documents."


def mount(app: typer.Typer) -> None:
    """Add the commands to `rag bench`."""
    app.command("clean")(clean_pages)
    app.command("abstain")(abstain)
    app.command("answers")(answers)
    app.command("conflicts")(conflicts)
    app.command("turns")(turns)
    app.command("reader")(reader)


def clean_pages(
    data: DataFolder,
    cross: Annotated[
        bool, typer.Option("--cross", help="Also train anew, and judge pages of sites left out (minutes).")
    ] = False,
    train: Annotated[
        Path | None,
        typer.Option(
            "--train",
            metavar="FILE",
            help="Cross-validate, then write a model of all pages to a new file.",
            show_default=False,
        ),
    ] = None,
    folds: Annotated[int, typer.Option("--folds", metavar="N", min=2, help="Groups of sites.")] = 8,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Which sites go together.")] = 0,
    as_json: Json = False,
) -> None:
    """Judge the marking of boilerplate on web pages whose body lines are known.

    A line of dev.jsonl is a page: `lines`, `keep` with 1 for each line of the body, and `url_host`, by which
    pages are grouped. The model that comes with the program was trained on the public pages: use --cross.
    """
    import json

    from eval.bench.clean import bench_clean, train_on
    from ui.commands.ask_cmd import print_json

    with _folders_done() as step:
        report = bench_clean(data, crossed=cross or train is not None, folds=folds, seed=seed, progress=step)
    if as_json:
        print_json(report.to_dict())
    else:
        _show(report.sheets(), "Each line counts with its characters.")
    if train is not None:
        model = train_on(data, seed=seed).to_dict()
        train.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")


def abstain(data: DataFolders, sample: Sample = 60, as_json: Json = False) -> None:
    """Judge the abstention signals on public questions, and fit their weights again.

    The corpus is cut into small folders; each is asked what it answers, what it does not, and what others do.
    """
    from eval.bench.abstain import bench_abstain
    from ui.commands.ask_cmd import print_json

    with _folders_done() as step:
        report = bench_abstain(data, sample=sample, progress=step)
    if as_json:
        print_json(report.to_dict())
    else:
        _show(report.sheets(), f"{_SHARES} Left out: {report.left_out + report.wordless}.")


def answers(
    data: DataFolders,
    sample: Sample = 60,
    whole: Annotated[
        bool | None,
        typer.Option(
            "--whole/--folders",
            help="Only each corpus as one folder, and its topics taken away; only the small folders.",
            show_default="both",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look for the gold answers of public questions in extractive answers.

    The corpus is cut into small folders, and each is asked what it answers. Then it is one folder: answers
    from the gold document alone and from all of it, and what becomes of a question whose title is taken away.
    """
    from dataclasses import asdict

    from eval.bench.answers import bench_answers
    from eval.bench.whole_report import sheets
    from ui.commands.ask_cmd import print_json

    report = None
    if not whole:
        with _folders_done() as step:
            report = bench_answers(data, sample=sample, progress=step)
    found = [] if whole is False else _whole(data, 10 * sample)
    if as_json:
        shown = [asdict(each) for each in found]
        print_json(shown if report is None else {**report.to_dict(), "whole": shown})
        return
    if report is not None:
        _show(report.sheets(), f"{_SHARES} Left out: {report.left_out}.")
    if found:
        told = "Other figures: value [95 % bootstrap over titles]."
        _show(sheets(found), f"{_SHARES} {told} Judged: the half of the titles that no rule was chosen on.")


def conflicts(
    data: Annotated[
        Path,
        typer.Option(
            "--data",
            metavar="FOLDER",
            help="A folder with corpus.jsonl and queries.jsonl.",
            show_default=False,
        ),
    ],
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="N", min=1, help="Most questions of each half.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Look for disagreements in questions whose documents disagree, or do not.

    Each question is asked of its own documents. Half of the questions chose the methods, by the hash of
    their ids; the other half is what to report.
    """
    from eval.bench.conflicts import bench_conflicts
    from ui.commands.ask_cmd import print_json

    with _folders_done() as step:
        report = bench_conflicts(data, sample=sample, progress=step)
    if as_json:
        print_json(report.to_dict())
    else:
        _show(report.sheets(), "Shares: value [95 % Wilson interval] n questions.")


def _whole(data: "Sequence[Path]", sample: int) -> "list[WholeReport]":
    from eval.bench.data import read_sets
    from eval.bench.whole import bench_whole
    from rag import load_settings

    settings = load_settings().model_copy(update={"generator": "extractive"})
    return [bench_whole(found, settings, sample) for found in read_sets(data)]


def turns(
    data: Annotated[
        Path,
        typer.Option("--data", metavar="FOLDER", help="A folder of conversations.", show_default=False),
    ],
    as_json: Json = False,
) -> None:
    """Complete the follow-up questions of public conversations, beside what people made of them.

    With corpus.jsonl and queries.jsonl in the folder, search that corpus for them instead.
    """
    from eval.bench.turns import bench_turns
    from eval.bench.turns_search import bench_turns_search
    from rag import load_settings
    from ui.commands.ask_cmd import print_json

    found = (data / "corpus.jsonl").exists()
    report = bench_turns_search(data, load_settings()) if found else bench_turns(data)
    if as_json:
        print_json(report.to_dict())
    else:
        way = "Wilson" if found else "bootstrap"
        _show(report.sheets(), f"Value [95 % {way} over dialogs]. Judged: the half no rule was chosen on.")


def reader(
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data",
            metavar="FOLDER",
            help="A folder with corpus.jsonl and queries.jsonl; may be given again.",
            show_default="the set for seeds",
        ),
    ] = None,
    sample: Annotated[
        int, typer.Option("--sample", metavar="N", min=1, help="Most questions of each --data.")
    ] = 2400,
    as_json: Json = False,
) -> None:
    """Judge the trained reader beside the path without it.

    Questions of --data are put to their own document. Judged is the half of the titles, by their hash, that
    the reader never learnt from; weights of its signals are fitted on other titles than those they judge.
    """
    from eval.bench.reader import bench_reader, fit_again
    from eval.bench.reader_report import sheets
    from eval.bench.reader_set import bench_reader_set
    from rag.reader.verdict import SIGNALS
    from ui.commands.ask_cmd import print_json

    if not data:
        with _folders_done("Asking") as step:
            asked = bench_reader_set(progress=step)
        if as_json:
            print_json(asked.to_dict())
        else:
            _show([asked.sheet()], "Differences: value [95 % bootstrap interval over groups] n questions.")
        return
    with _folders_done() as step:
        reports = bench_reader(data, sample=sample, progress=step)
    if as_json:
        print_json([report.to_dict() for report in reports])
    else:
        refit = fit_again(reports)
        names = (*SIGNALS, "intercept")
        weights = [] if refit is None else zip(names, (*refit.weights, refit.intercept), strict=True)
        fitted = ", ".join(f"{name} {weight:.2f}" for name, weight in weights)
        told = f" ± standard error, titles drawn anew. Weights fitted again: {fitted or 'none'}."
        _show(sheets(reports), _SHARES + told)


@contextmanager
def _folders_done(step: str = "Folders") -> Iterator[Callable[[int, int], None] | None]:
    from ui.terminal import progress

    with progress() as tick:
        # Elsewhere the reporter prints a line that speaks of building an index.
        yield (lambda done, of: tick(step, done, of)) if sys.stderr.isatty() else None


def _show(sheets: "Sequence[Sheet]", note: str) -> None:
    from rich.console import Group
    from rich.text import Text

    from ui.commands.tables import whole_table
    from ui.terminal import show

    parts = [part for sheet in sheets for part in (whole_table(sheet.headings, sheet.rows), Text())]
    show(Group(*parts, Text(note, style="dim")))
