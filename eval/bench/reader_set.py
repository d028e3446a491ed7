"""The trained reader on a question set of our own, beside the path without it.

Every question is asked of the whole folder, as a user would, once with the reader and once without. Of the
held-out items only sums are shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.bench.sheets import Sheet, figure
from eval.questions import default_set, load_questions
from eval.runner import ItemResult, run
from eval.slices import in_slice
from eval.stats import mean, ratio_interval
from rag import Rag, load_settings

SPLITS = ("dev", "heldout")
_MEASURES = (
    ("short answer, exact", "exact_match", "answerable"),
    ("short answer, F1", "token_f1", "answerable"),
    ("a short answer is marked", "marked", "answerable"),
    ("  and is an expected one", "marked_right", "answerable"),
    ("an expected answer is said", "containment", "answerable"),
    ("cited text that is gold", "gold_citation_precision", "answerable"),
    ("gold text that is cited", "gold_citation_recall", "answerable"),
    ("answerable: refused", "over_abstention", "answerable"),
    ("unanswerable: refused", "abstention", "unanswerable"),
    ("right, refusals included", "correct", "all"),
)


@dataclass(frozen=True, slots=True)
class SetReport:
    """The items of a set, each answered without and with the reader."""

    name: str
    items: tuple[tuple[ItemResult, ItemResult], ...]

    def sheet(self) -> Sheet:
        """A row for each measure; of each split both means and the difference."""
        headings = [f"{split}{what}" for split in SPLITS for what in (", without", ", with", ", difference")]
        rows = (
            (told, *(cell for split in SPLITS for cell in self._cells(name, split, kind)))
            for told, name, kind in _MEASURES
        )
        return Sheet((self.name, *headings), tuple(rows))

    def to_dict(self) -> dict[str, Any]:
        """The same figures, for JSON."""
        sheet = self.sheet()
        return {row[0].strip(): dict(zip(sheet.headings[1:], row[1:], strict=True)) for row in sheet.rows}

    def _cells(self, name: str, split: str, kind: str) -> Iterator[str]:
        pairs = [
            (first.question.group, _value(first, name), _value(second, name))
            for first, second in self.items
            if in_slice(first, split, kind)
        ]
        yield figure(mean([value for _, value, _ in pairs if value is not None]))
        yield figure(mean([value for _, _, value in pairs if value is not None]))
        both = [(group, b - a) for group, a, b in pairs if a is not None and b is not None]
        changes = [change for _, change in both]
        between = ratio_interval([group for group, _ in both], changes, [1.0] * len(both))
        told = f" [{between.low:+.3f}, {between.high:+.3f}]" if between else ""
        yield f"{mean(changes) or 0.0:+.3f}{told} n {len(both)}" if both else "-"


def bench_reader_set(
    path: Path | None = None, docs: Path | None = None, *, progress: Callable[[int, int], None] | None = None
) -> SetReport:
    """Ask a set, without and with the reader.

    Args:
        path: The set; by default the one that comes with the program.
        progress: Called with (questions asked, all).

    Raises:
        EvalSetupError: The set does not fit the documents.
        ModelError: The reader's network is missing or damaged.
    """
    path, results = path or default_set(), []
    for number, reader in enumerate((False, True)):
        settings = load_settings(generator="extractive", answer={"reader": reader})
        rag = Rag.open(docs, settings=settings)
        questions = load_questions(path, rag.folder)

        def step(done: int, of: int, before: int = number) -> None:
            if progress:
                progress(before * of + done, 2 * of)

        results.append(run(questions, rag, progress=step).items)
    return SetReport(path.name, tuple(zip(*results, strict=True)))


def _value(item: ItemResult, name: str) -> float | None:
    if not name.startswith("marked"):
        return item.values[name]
    marked = item.answer is not None and item.answer.short_answer is not None
    if name == "marked":
        return float(marked)
    return item.values["exact_match"] if marked else None
