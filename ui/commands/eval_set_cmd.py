"""`rag eval validate`, `new` and `add`: a question set of one's own."""

from pathlib import Path

import typer

from ui.commands.eval_run_cmd import SetFile
from ui.commands.options import Docs


def validate_set(questions: SetFile = None, docs: Docs = None) -> None:
    """Check a question set against its documents without asking anything."""
    from eval.errors import QuestionSetError
    from eval.questions import default_set, load_questions
    from rag import load_settings
    from ui.terminal import clean

    try:
        chosen = load_questions(questions or default_set(), Path(load_settings(docs=docs).docs))
    except QuestionSetError as error:
        typer.echo("\n".join(clean(line) for line in f"rag: {error}".splitlines()), err=True)
        raise typer.Exit(error.exit_code) from None
    groups = len({question.group for question in chosen.questions})
    typer.echo(f"{chosen.name}: {len(chosen.questions)} questions in {groups} groups, all evidence found.")
