"""Records to terminal text. What comes out of a document is data: no escape sequence, no markup.

Output that is not a terminal is neither wrapped nor coloured, so that it can be searched and compared.
"""

import re
import time
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.text import Text

from index.formats import place_of
from index.unseen import visible
from rag.sides import wording
from ui.wording import MISSING, how_made, laid_out, searched_in, took

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from index.records import BuildReport, Document, Skipped
    from rag.records import Answer, Passage

Tick = Callable[[str, int, int], None]

# Whole sequences first (what is left of a broken one is harmless text), then single characters: line ends
# that are none to a terminal, and what cannot be seen.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
)
_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]|\r(?!\n)")
_CLOSEST = 3
_EXCERPT = 300
# Seconds after which one wants to know what one is waiting for.
_PATIENCE = 1.0


def clean(text: str) -> str:
    """`text` without anything that a terminal would obey or that a reader could not see."""
    return visible(_BREAKS.sub("", _SEQUENCES.sub("", text)))


def show(view: Group) -> None:
    """Print a view to stdout."""
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(view, soft_wrap=not console.is_terminal)


@contextmanager
def progress() -> Iterator[Tick]:
    """Reports a build on stderr: a bar on a terminal, elsewhere one line if it takes long."""
    console = Console(stderr=True, highlight=False, markup=False)
    bars: list[Progress] = []
    tasks: dict[str, TaskID] = {}
    told: list[str] = []
    began: list[float] = []

    def tick(step: str, done: int, total: int) -> None:
        if not console.is_terminal:
            began.append(time.monotonic())
            del began[1:-1]
            long = step.startswith("Preparing") or began[-1] - began[0] >= _PATIENCE
            if long and not told:
                told.append("Building the index …")
                console.print(told[0], soft_wrap=True)
            return
        if not bars:
            bars.append(_bar(console))
            bars[0].start()
        kind = "Reading" if step.startswith("Reading ") else step  # one bar, not one for each file
        if kind not in tasks:
            tasks[kind] = bars[0].add_task(clean(kind), total=total)
        bars[0].update(tasks[kind], completed=done, total=total)

    try:
        yield tick
    finally:
        for bar in bars:
            bar.stop()


def _bar(console: Console) -> "Progress":
    """A bar with the count, the rate and the time left."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f}/s" if task.speed else "", style="dim")

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def answer_view(answer: "Answer") -> Group:
    """The answer with its short form in bold, what is doubtful about it, and its sources."""
    lines = [_answer_text(answer)]
    for sentence in answer.sentences:
        support = sentence.support
        if support.label in ("partly", "not"):
            lacks = f" (lacks {', '.join(support.missing)})" if support.missing else ""
            label = "Partly supported" if support.label == "partly" else "Not supported"
            lines.append(_line(f"{label}{lacks}: {sentence.text}", "yellow"))
    if answer.missing and answer.status != "abstained":
        lines.append(_line(f"{MISSING} {'; '.join(answer.missing)}", "yellow"))
    for conflict in answer.conflicts:
        lines.append(_line(wording(conflict, answer.citations), "yellow"))
    lines += [_line(note, "yellow") for note in how_made(answer.trace)]
    if answer.citations:
        lines.append(_line(""))
    for citation in answer.citations:
        where = place_of(citation.document, citation.page)
        heading = citation.heading if citation.heading != citation.title else ""
        about = ", ".join(filter(None, (where, citation.title, heading, citation.date)))
        place = f"{citation.document}:{citation.start}-{citation.end}"
        lines.append(_line(f"[{citation.number}] {place}{f'  {about}' if about else ''}", "cyan"))
        lines.append(_line(f"    “{_one_line(citation.quote)}”"))
    if answer.status == "abstained" and answer.passages:
        lines += [_line(""), _line(f"{searched_in(answer.trace.searched)}. Closest passages:")]
        for passage in answer.passages[:_CLOSEST]:
            lines.append(_line(f"  {passage.document}:{passage.start}-{passage.end}", "cyan"))
            lines.append(_line(f"    {_short(passage.text)}"))
    if told := took(answer.trace):
        lines += [_line(""), _line(f"{answer.trace.generator}: {told}", "dim")]
    return Group(*lines)


def passages_view(passages: Sequence["Passage"]) -> Group:
    """Passages with their place and every component score."""
    lines: list[Text] = []
    for rank, passage in enumerate(passages, 1):
        parts = ((name, getattr(passage.scores, name)) for name in ("dense", "words", "fused", "rerank"))
        told = "  ".join(f"{name} {'-' if value is None else f'{value:.3f}'}" for name, value in parts)
        lines.append(_line(f"{rank}. {passage.document}:{passage.start}-{passage.end}", "cyan"))
        lines.append(_line(f"   score {passage.score:.3f}  {told}"))
        lines.append(_line(f"   {_short(passage.text)}"))
    return Group(*(lines or [_line("No passage was found.")]))


def report_view(report: "BuildReport", told: Container["Skipped"] = ()) -> Group:
    """What a build did: each document that it touched, what it skipped, then all in sum.

    Args:
        told: Skipped files that an earlier report has named.
    """
    lines: list[Text] = []
    for word in ("added", "changed", "removed"):
        lines += [_line(f"{word:<10} {path}") for path in getattr(report, word)]
    skipped = [file for file in report.skipped if file not in told]
    for file in skipped:
        word = "in part" if file.partly else "skipped"
        lines.append(_line(f"{word:<10} {file.path}: {file.reason}", "yellow"))
    if report.emptied:
        lines.append(
            _line(
                f"No document is left in {report.folder}: the index is empty now and answers nothing. "
                "If that is a mistake, put the documents back and run this again.",
                "yellow",
            )
        )
    if report.rebuilt:
        lines.append(_line(f"Done again, because {report.rebuilt}.", "yellow"))
    kept = len(report.added) + len(report.changed) + len(report.unchanged)
    lines.append(
        _line(
            f"{kept} documents ({len(report.unchanged)} unchanged), {report.chunks} chunks "
            f"({report.encoded} newly encoded, lengths by {report.counter}), "
            f"{report.cpu_seconds:.1f} s of processor time, generation {report.generation}"
        )
    )
    kind = f" ({report.vectors})" if report.vectors else ""
    lines.append(_line(f"{report.folder} -> {report.index}{kind}"))
    return Group(*lines)


def blocks_view(document: "Document") -> Group:
    """Every block of a document with what cleaning decided about it."""
    told = (("Note", document.note), ("In part", document.flaws))
    notes = [_line(f"{word}: {said}", "yellow") for word, said in told if said]
    rows = []
    for block in document.blocks:
        verdict = f"{block.verdict} ({block.reason})" if block.reason else block.verdict
        text = _short(document.text[block.start : block.end])
        where = place_of(document.path, block.page)
        kind = f"{where}, {block.kind}" if where else block.kind
        style = "dim" if block.verdict == "boilerplate" else ""
        rows.append(_line(f"{block.start}-{block.end}  {kind}  {verdict}  {text}", style))
    return Group(*notes, *rows)


def _answer_text(answer: "Answer") -> Text:
    short, text = answer.short_answer, laid_out(answer)
    sentence = answer.sentences[short.sentence].text if short else ""
    at = answer.text.find(sentence) if short else -1
    if short is None or at < 0:
        return Text(clean(text))
    start, end = at + short.start, at + short.end
    return Text.assemble(clean(text[:start]), (clean(text[start:end]), "bold"), clean(text[end:]))


def _line(text: str, style: str = "") -> Text:
    return Text(clean(text), style=style)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT].rstrip()} …"
