"""What `eval/bench/whole.py` finds about one public set, and its table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eval.bench.sheets import Estimate, Share, Sheet, share
from eval.stats import mean, ratio_interval


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
class Removed:
    """Questions asked with their title there and once more with it passed over.

    Attributes:
        absent: Share of them answered although their title was passed over.
        refused: Share refused although it was there.
        f1: Of abstaining, a question without its title and one with it counting alike.
        threshold: The probability above which they were answered.
        calibrated: Whether calibration found it.
        files: How many the folder has.
        away: Probability of each without its title, 0 where it was refused.
    """

    absent: Share
    refused: Share
    f1: Estimate
    threshold: float
    calibrated: bool
    files: int
    away: tuple[float, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class WholeReport:
    """One set.

    Attributes:
        asked: Its answerable questions.
        unanswerable: AUROC of answerable against unanswerable questions, asked of the document named.
        stated: The same by the model of the fact, which weighs what of the question was not found.
        removed: With titles passed over, in the folder of all files.
        domain: The same in a folder of the files most about one thing; None where no question is of them.
        off: Mean difference of confidence and share right over ten bins of equal size, of questions asked
            of the whole corpus and once more without their title, when no answer is right.
    """

    data: str
    asked: tuple[Asked, ...] = field(repr=False)
    unanswerable: Estimate
    stated: Estimate
    removed: Removed
    domain: Removed | None
    off: Estimate

    @property
    def sentences(self) -> Estimate:
        """How many an answer from the gold document has, refusals having none."""
        counts = [float(asked.sentences) for asked in self.asked]
        groups = [asked.group for asked in self.asked]
        return Estimate(mean(counts), ratio_interval(groups, counts, [1.0] * len(counts)))


def sheets(reports: Sequence[WholeReport]) -> tuple[Sheet, ...]:
    """One table, a column for each set."""

    def row(label: str, name: str) -> tuple[str, ...]:
        return (label, *(str(_share(report, name)) for report in reports))

    def estimates(label: str, name: str) -> tuple[str, ...]:
        return (label, *(str(getattr(report, name)) for report in reports))

    table = (
        row("gold document alone: gold in the answer", "given"),
        row("  in its most relevant sentence", "first"),
        estimates("  sentences, mean", "sentences"),
        row("whole corpus: gold in the answer", "whole"),
        row("  cited sentences that are gold", "precision"),
        row("  gold sentences that are cited", "recall"),
        estimates("confidence: mean error over ten bins", "off"),
        estimates("answerable or not, AUROC", "unanswerable"),
        estimates("  by what is left open", "stated"),
        *_removed("title passed over: answered all the same", [report.removed for report in reports]),
        *_removed("the same inside one domain: answered", [report.domain for report in reports]),
    )
    return (Sheet(("one folder", *(report.data for report in reports)), table),)


def _removed(label: str, found: Sequence[Removed | None]) -> tuple[tuple[str, ...], ...]:
    def cells(told: Callable[[Removed], object]) -> tuple[str, ...]:
        return tuple("-" if each is None else str(told(each)) for each in found)

    def limit(each: Removed) -> str:
        return f"{each.threshold:.3f} of {each.files}{'' if each.calibrated else ' (not calibrated)'}"

    return (
        (label, *cells(lambda each: each.absent)),
        ("  title there: refused", *cells(lambda each: each.refused)),
        ("  F1 of abstaining", *cells(lambda each: each.f1)),
        ("  threshold, files", *cells(limit)),
    )


def _share(report: WholeReport, name: str) -> Share:
    return share([(value, a.group) for a in report.asked if (value := getattr(a, name)) is not None])
