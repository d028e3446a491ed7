"""What `eval/bench/whole.py` finds about one public set, and its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.bench.sheets import Share, Sheet, figure, share
from eval.stats import mean


@dataclass(frozen=True, slots=True)
class Asked:
    """An answerable question, asked of its gold document and of the whole corpus.

    Attributes:
        group: Title, or the document where there is none.
        given: The answer from the gold document holds a gold answer.
        first: Its most relevant sentence does.
        sentences: How many it has.
        whole: The answer from the whole corpus holds a gold answer.
        confidence: Of an answer from the whole corpus that is never refused.
        right: That answer holds a gold answer.
        precision: Share of the cited sentences that are gold; None where none are marked or none cited.
        recall: Share of the gold sentences that are cited; None where none are marked.
    """

    group: str
    given: float
    first: float
    sentences: int
    whole: float
    confidence: float
    right: float
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class WholeReport:
    """One set.

    Attributes:
        asked: Its answerable questions.
        unanswerable: AUROC of answerable against unanswerable questions, asked of the document named.
        stated: The same by the model of the fact, which weighs what of the question was not found.
        absent: Share of answerable questions answered although their title was passed over.
        refused: Share of the same questions refused although it was there.
        off: Mean difference of confidence and share right over ten bins of equal size, of questions asked
            of the whole corpus and once more without their title, when no answer is right.
        f1: Of abstaining, a question without its title and one with it counting alike.
        threshold: The probability above which the last three were answered.
        calibrated: Whether calibration found it.
    """

    data: str
    asked: tuple[Asked, ...]
    unanswerable: float | None
    stated: float | None
    absent: Share
    refused: Share
    off: float
    f1: float
    threshold: float
    calibrated: bool


def sheets(reports: Sequence[WholeReport]) -> tuple[Sheet, ...]:
    """One table, a column for each set."""

    def row(label: str, name: str) -> tuple[str, ...]:
        return (label, *(str(_share(report, name)) for report in reports))

    sentences = [mean([float(asked.sentences) for asked in report.asked]) for report in reports]
    table = (
        row("gold document alone: gold in the answer", "given"),
        row("  in its most relevant sentence", "first"),
        ("  sentences, mean", *("-" if count is None else f"{count:.2f}" for count in sentences)),
        row("whole corpus: gold in the answer", "whole"),
        row("  cited sentences that are gold", "precision"),
        row("  gold sentences that are cited", "recall"),
        ("confidence: mean error over ten bins", *(figure(report.off) for report in reports)),
        ("answerable or not, AUROC", *(figure(report.unanswerable) for report in reports)),
        ("  by what is left open", *(figure(report.stated) for report in reports)),
        ("title passed over: answered all the same", *(str(report.absent) for report in reports)),
        ("title there: refused", *(str(report.refused) for report in reports)),
        ("  F1 of abstaining", *(figure(report.f1) for report in reports)),
        (
            "  threshold",
            *(f"{r.threshold:.3f}{'' if r.calibrated else ' (not calibrated)'}" for r in reports),
        ),
    )
    return (Sheet(("one folder", *(report.data for report in reports)), table),)


def _share(report: WholeReport, name: str) -> Share:
    return share([(value, a.group) for a in report.asked if (value := getattr(a, name)) is not None])
