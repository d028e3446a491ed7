"""`rag eval calibrate`: find the threshold for abstaining on a folder, and show what it rests on."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.eval_exit import exit_codes
from ui.commands.options import Docs, GeneratorName, IndexUrl, Json

if TYPE_CHECKING:
    from eval.calibrating import OnQuestions
    from rag.calibrate import Calibration


@exit_codes()
def calibrate_folder(
    questions: Annotated[
        Path | None,
        typer.Argument(metavar="QUESTIONS", help="A question set to judge by.", show_default=False),
    ] = None,
    docs: Docs = None,
    index: IndexUrl = None,
    generator: GeneratorName = None,
    as_json: Json = False,
) -> None:
    """Find anew how sure the program must be to answer from a folder, and keep it beside the index.

    A build that changes over a tenth of the folder does so by itself. With QUESTIONS the dev items of a set
    are asked, too: how many are refused or answered wrongly, the curve of risk against coverage, and the
    thresholds of the support check that fit how the generator words its sentences.
    """
    from contextlib import closing
    from dataclasses import asdict

    from eval.calibrating import leaving_in, on_questions, write_curve
    from eval.questions import read_questions
    from index import open_index
    from rag import Rag, load_settings
    from rag.abstain import UNCALIBRATED
    from rag.calibrate import calibrate, save
    from ui.commands.ask_cmd import print_json
    from ui.terminal import progress

    if questions is not None:
        read_questions(questions)  # a malformed set is refused before an index is built for it
    settings = load_settings(docs=docs, generator=generator)
    asked: OnQuestions | None = None
    with progress() as tick:
        rag = Rag.open(docs, index=index, settings=settings, progress=tick)
        rag.refresh(tick)
        with closing(open_index(rag.index_folder, rag.settings.index_settings)) as opened:
            found = calibrate(opened, rag.settings)
            save(opened.folder, found)
        if questions is not None:
            step = (lambda done, of: tick("Asking", done, of)) if sys.stderr.isatty() else None
            whole = settings.model_copy(update={"answer": leaving_in(settings.answer)})
            asked = on_questions(questions, rag, Rag.open(docs, index=index, settings=whole), step)
    place = settings.home / "evals" / f"{questions.stem if questions else 'none'}-calibration"
    if asked is not None:
        write_curve(asked, place)
    if as_json:
        plain = {"default": UNCALIBRATED} if found is None else asdict(found)
        print_json({**plain, "questions_asked": asked.to_dict()} if asked else plain)
        return
    _show_threshold(found, UNCALIBRATED)
    if asked is not None:
        _show_asked(asked)
        typer.echo(f"The curve of risk against coverage: {place}")


def _show_threshold(found: "Calibration | None", default: float) -> None:
    from rich.console import Group

    from ui.commands.tables import whole_table
    from ui.terminal import show

    if found is None:
        typer.echo(
            f"Nothing to calibrate with: the folder is small, or about one topic. {default} holds, "
            "unless answer.threshold is set."
        )
        return
    rows = (
        ("threshold", f"{found.threshold:.3f}"),
        ("questions made", str(found.questions)),
        ("of absent topics, may be answered", f"{found.false_answers:.0%}"),
        ("highest threshold for what is there", f"{found.most:.3f}"),
        ("processor seconds", f"{found.cpu_seconds:.1f}"),
    )
    show(Group(whole_table(("calibration", "here"), rows)))
    typer.echo(
        "The share holds for topics that the folder does not have. A question about a topic that is there, "
        "asking for a fact that is not, is answered more often."
    )


def _show_asked(asked: "OnQuestions") -> None:
    from rich.console import Group

    from eval.slices import cell
    from eval.support_fit import fit_told
    from ui.commands.tables import whole_table
    from ui.terminal import clean, show

    rows = [(figure.metric, figure.category, cell(figure)) for figure in asked.figures]
    show(Group(whole_table((f"{asked.name}, {asked.items} dev items", "on", "value"), rows)))
    typer.echo(clean(f"Support of {asked.support.generator}: {fit_told(asked.support)}"))
