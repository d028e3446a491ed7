"""`rag eval validate`, `new` and `add`: a question set of one's own."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.eval_exit import exit_codes
from ui.commands.eval_run_cmd import SetFile, opened
from ui.commands.options import Docs, IndexUrl

if TYPE_CHECKING:
    from eval.candidates import Candidate
    from eval.schema import Question
    from rag.records import Answer

OwnSet = Annotated[Path, typer.Argument(metavar="SET", help="Your question set; made if it is missing.")]


@exit_codes()
def validate_set(
    questions: SetFile = None,
    docs: Docs = None,
    schema: Annotated[bool, typer.Option("--schema", help="Only print the JSON Schema of an item.")] = False,
) -> None:
    """Check a question set against its documents without asking anything."""
    from eval.errors import QuestionSetError
    from eval.questions import default_set, load_questions
    from eval.schema import Question
    from rag import load_settings
    from ui.commands.ask_cmd import print_json
    from ui.terminal import clean

    if schema:
        print_json(Question.model_json_schema())
        return
    try:
        settings = load_settings(docs=docs)
        path = questions or default_set()
        chosen = load_questions(path, Path(settings.docs), settings.index_settings.limits)
    except QuestionSetError as error:
        typer.echo("\n".join(clean(line) for line in f"rag: {error}".splitlines()), err=True)
        raise typer.Exit(error.exit_code) from None
    groups = len({question.group for question in chosen.questions})
    drafts = sum(question.gate == "info" for question in chosen.questions)
    told = f", {drafts} of them drafts (gate: info) that do not count" if drafts else ""
    typer.echo(
        f"{chosen.name}: {len(chosen.questions)} questions in {groups} groups{told}, all evidence found."
    )


@exit_codes()
def new_set(
    questions: OwnSet,
    docs: Docs = None,
    index: IndexUrl = None,
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, help="Most candidates.")] = 20,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Ask nothing: write all as drafts, which do not count.")
    ] = False,
) -> None:
    """Offer candidate questions from your documents; you reword, accept or skip each.

    A candidate is a sentence that states a number, a date or a person, with its exact place. Without a
    terminal, or with --drafts, all are written as drafts (gate: info) for you to edit in the file.
    """
    from eval.candidates import candidates, written_for
    from eval.drafts import item
    from eval.errors import QuestionSetError
    from eval.own_set import append, known, next_id
    from ui.terminal import clean, progress

    with progress() as tick:
        rag = opened(docs, index, None, tick)
    ask = sys.stdin.isatty() and not drafts
    found = candidates(rag, count, known(questions))
    settings = rag.settings.index_settings
    added = 0
    total = len(known(questions))
    all_at_once: list[Question] = []
    for at, candidate in enumerate(found, start=1):
        wording = _reworded(candidate, at, len(found)) if ask else candidate.question
        if wording is None:
            break
        if not wording:
            continue
        name = next_id(questions, (one.id for one in all_at_once))
        made = item(name, wording, candidate.expected, rag.folder, settings, kind=candidate.type)
        if wording == candidate.question:
            made = made.model_copy(
                update={"gate": "info", "source": "synthetic", "notes": written_for(questions)}
            )
        if not ask:
            all_at_once.append(made)
            continue
        try:
            total = append(questions, [made], rag.folder, settings.limits)
        except QuestionSetError as error:
            typer.echo(f"not added: {clean(str(error))}")  # the others are still to come
            continue
        added += 1
    if all_at_once:
        total, added = append(questions, all_at_once, rag.folder, settings.limits), len(all_at_once)
    typer.echo(f"{questions}: {added} added, {total} questions.")


@exit_codes()
def add_item(
    questions: OwnSet,
    answer: Annotated[
        Path | None,
        typer.Option("--answer", metavar="FILE", help="An answer saved by rag ask --json; - reads stdin."),
    ] = None,
    question: Annotated[str | None, typer.Option("--question", metavar="TEXT", help="The question.")] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option("--expect", metavar="TEXT", help="A right answer; again for another wording."),
    ] = None,
    quote: Annotated[
        list[str] | None,
        typer.Option("--quote", metavar="TEXT", help="Where it stands, word for word; may be given again."),
    ] = None,
    document: Annotated[str, typer.Option("--document", metavar="NAME", help="Which document.")] = "",
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="The quote stands in several places, each as good.")
    ] = False,
    forbid: Annotated[
        list[str] | None, typer.Option("--forbid", metavar="TEXT", help="A wrong answer; may be given again.")
    ] = None,
    unanswerable: Annotated[
        str, typer.Option("--unanswerable", metavar="KIND", help="off_corpus or same_topic.")
    ] = "",
    docs: Docs = None,
) -> None:
    """Add an item to a set: from a question and a quote, or from an answer that was wrong.

    An answer without --expect and --quote, or --unanswerable, becomes a draft (gate: info), to be completed
    in the file.
    """
    from eval.drafts import from_answer, item
    from eval.errors import EvalSetupError
    from eval.expected import Expected, Kind
    from eval.own_set import append, next_id
    from rag import load_settings

    if (answer is None) == (question is None):
        raise EvalSetupError("pass either --answer FILE or --question TEXT")
    if unanswerable not in ("", "off_corpus", "same_topic"):
        raise EvalSetupError(f"--unanswerable {unanswerable!r}: pass off_corpus or same_topic")
    settings = load_settings(docs=docs)
    folder = Path(settings.docs)
    kind: Kind | None = None
    if unanswerable:
        kind = "off_corpus" if unanswerable == "off_corpus" else "same_topic"
    expected = Expected(
        tuple(expect or ()),
        tuple(quote or ()),
        document,
        unanswerable=kind,
        forbidden=tuple(forbid or ()),
        everywhere=everywhere,
    )
    name, own = next_id(questions), settings.index_settings
    if answer is None:
        made = item(name, question or "", expected, folder, own)
    else:
        made = from_answer(name, _read_answer(answer), folder, own, expected)
    total = append(questions, [made], folder, own.limits)
    draft = "; a draft: complete it in the file" if made.gate == "info" else ""
    typer.echo(f"{questions}: added {made.id}, {total} questions{draft}.")


def _read_answer(path: Path) -> "Answer":
    import json

    from eval.errors import EvalSetupError
    from rag.records import Answer

    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        return Answer.from_dict(json.loads(text))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise EvalSetupError(
            f"{path}: no answer ({error}); save one with: rag ask QUESTION --json"
        ) from error


def _reworded(candidate: "Candidate", at: int, of: int) -> str | None:
    """The person's wording; "" to skip; None to stop."""
    from ui.terminal import clean

    typer.echo(f"\n{at} of {of}  {clean(candidate.document)}:{candidate.start}-{candidate.end}")
    typer.echo(f"  {clean(' '.join(candidate.sentence.split()))}")
    typer.echo(f"  answer: {clean(candidate.value)}")
    try:
        typed = input("question in your own words (Enter skips, d keeps it as a draft, q stops): ").strip()
    except EOFError:
        return None
    if typed == "q":
        return None
    return candidate.question if typed == "d" else typed
