"""`rag eval calibrate`: find the threshold for abstaining on a folder, and show what it rests on."""

import typer

from ui.commands.eval_exit import exit_codes
from ui.commands.options import Docs, IndexUrl, Json


@exit_codes()
def calibrate_folder(docs: Docs = None, index: IndexUrl = None, as_json: Json = False) -> None:
    """Find anew how sure the program must be to answer from a folder, and keep it beside the index.

    A build that changes over a tenth of the folder does so by itself.
    """
    from contextlib import closing
    from dataclasses import asdict

    from rich.console import Group

    from index import open_index
    from rag import Rag
    from rag.abstain import UNCALIBRATED
    from rag.calibrate import calibrate, save
    from ui.commands.ask_cmd import print_json
    from ui.commands.tables import whole_table
    from ui.terminal import progress, show

    with progress() as tick:
        rag = Rag.open(docs, index=index, progress=tick)
    with closing(open_index(rag.index_folder, rag.settings.index_settings)) as opened:
        found = calibrate(opened, rag.settings)
        save(opened.folder, found)
    if as_json:
        print_json({"default": UNCALIBRATED} if found is None else asdict(found))
    elif found is None:
        typer.echo(
            f"Nothing to calibrate with: the folder is small, or about one topic. {UNCALIBRATED} holds, "
            "unless answer.threshold is set."
        )
    else:
        rows = (
            ("threshold", f"{found.threshold:.3f}"),
            ("questions made", str(found.questions)),
            ("of absent topics, may be answered", f"{found.false_answers:.0%}"),
            ("highest threshold for what is there", f"{found.most:.3f}"),
            ("processor seconds", f"{found.cpu_seconds:.1f}"),
        )
        show(Group(whole_table(("calibration", "here"), rows)))
