"""A whole evaluation, top to bottom: check the set, ask, measure, compare with the baseline, decide."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from eval.errors import BaselineError, EvalSetupError
from eval.floors import floors_beside
from eval.gate import GateReport, gate
from eval.judging import judged, judging, open_judge
from eval.metrics.catalogue import KS
from eval.provenance import provenance
from eval.questions import QuestionSet, load_questions
from eval.recorded import (
    Recorded,
    baseline_path,
    check_comparable,
    read_baseline,
    recorded,
    write_baseline,
)
from eval.regression import compare
from eval.replicates import advisory, averaged
from eval.replies import FILE, Replies, keeping
from eval.runner import RunResult, run
from eval.schema import Type
from eval.spent import spent
from eval.stored import StoredRun
from rag import Rag


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure.

    Attributes:
        baseline: A file to compare with; by default the one beside the set, if there is one.
        part: Only items of this type; floors are then left out, since they are about the whole set.
        twice: Ask everything again; both runs must agree.
        replicates: Runs whose values are averaged; with more than one, only invariants and errors decide.
        judge: The address of a language model that is asked about each answer; "" for none.
        fresh: Ask language models anew, also where their replies were kept.
    """

    path: Path
    ks: tuple[int, ...] = KS
    baseline: Path | None = None
    part: str = ""
    twice: bool = False
    replicates: int = 1
    judge: str = ""
    fresh: bool = False


class UnfitBaseline(BaselineError):
    """The baseline beside a set is of other questions or documents.

    Attributes:
        stored: The run that was made.
        report: What is decided without a baseline.
    """

    def __init__(self, message: str, stored: StoredRun, report: GateReport) -> None:
        super().__init__(message)
        self.stored = stored
        self.report = report


def evaluate(
    wanted: Wanted, rag: Rag, progress: Callable[[int, int], None] | None = None
) -> tuple[StoredRun, GateReport]:
    """Run a set and decide.

    Raises:
        EvalSetupError: The set, its floors or the baseline given do not fit; nothing was asked then.
        UnfitBaseline: The baseline beside the set is of other questions or documents; it holds the run.
    """
    floors = None if wanted.part else floors_beside(wanted.path)
    limits = rag.settings.index_settings.limits
    questions = _part(load_questions(wanted.path, rag.folder, limits), wanted.part)
    replies = Replies(rag.settings.home / "evals" / FILE, wanted.fresh)
    judge = open_judge(wanted.judge, rag.settings.answer, replies) if wanted.judge else None
    about = provenance(questions, rag, wanted.part, wanted.replicates, judge.name if judge else "")
    before = find_baseline(wanted.path, about.config, wanted.baseline)
    if before and wanted.baseline:
        check_comparable(about, before.about)

    def asked(replicate: int) -> RunResult:
        kept = rag.through(keeping(about.config, replies, replicate))
        return run(questions, kept, ks=wanted.ks, progress=progress)

    runs = [asked(at) for at in range(1, wanted.replicates + 1)]
    again = asked(wanted.replicates + 1) if wanted.twice else None
    cost = spent(*runs, *([again] if again else []))
    runs = [judged(one, judge) for one in runs] if judge else runs
    result = averaged(runs)
    stored = StoredRun(about, result, cost, judging(runs, judge) if judge else None)
    try:
        comparison = compare(stored.record, before, wanted.ks) if before else None
    except BaselineError as error:
        # Only a run of the set as it is now can become the next baseline, so this one is not thrown away.
        raise UnfitBaseline(
            f"{error}: rag eval accept {wanted.path} --reason TEXT", stored, gate(result, floors)
        ) from error
    report = gate(result, floors, again, comparison)
    return stored, report if wanted.replicates == 1 else advisory(report)


def regate(stored: StoredRun, path: Path, baseline: Path | None = None) -> GateReport:
    """Decide again on a stored run, by the floors and the baseline as they are now.

    Raises:
        EvalSetupError: The run is of another set, or the floors or the baseline do not fit.
    """
    check_set(stored, path)
    before = find_baseline(path, stored.about.config, baseline)
    comparison = compare(stored.record, before, stored.result.ks) if before else None
    report = gate(stored.result, None if stored.about.part else floors_beside(path), None, comparison)
    return report if stored.about.replicates == 1 else advisory(report)


def accept(stored: StoredRun, path: Path, reason: str) -> Path:
    """Make a stored run the baseline of its set; what flipped since the last one is recorded.

    Raises:
        EvalSetupError: The run is of another set or of a part of it, or no reason is given.
    """
    if not reason.strip():
        raise EvalSetupError("a baseline needs a reason; pass --reason TEXT")
    if stored.about.part:
        raise EvalSetupError("the run is of one type of item only; run the whole set and accept that")
    check_set(stored, path)
    target = baseline_path(path, stored.about.config)
    record: Recorded = recorded(stored.result, stored.about)
    flipped: tuple[str, ...] = ()
    if target.exists():
        try:
            changes = compare(record, read_baseline(target), stored.result.ks).changes
            flipped = tuple(change.id for change in changes if change.flips)
        except EvalSetupError:
            flipped = ("all: the set or the documents are others",)
    write_baseline(target, replace(record, reason=reason.strip(), flipped=flipped))
    return target


def check_set(stored: StoredRun, path: Path) -> None:
    """Refuse a run of another set, or of the set as it was before it changed.

    Raises:
        EvalSetupError: There is no such set, or the run is of another.
    """
    if not path.is_file():
        raise EvalSetupError(f"{path}: there is no such question set; pass the one that the run is about")
    if hashlib.sha256(path.read_bytes().removeprefix(b"\xef\xbb\xbf")).hexdigest() != stored.about.set_sha256:
        raise EvalSetupError(
            f"the run is of {stored.about.name} as it was then, not of {path} as it is; run the set again"
        )


def find_baseline(path: Path, config: str, given: Path | None) -> Recorded | None:
    """The baseline given, else the one beside the set, else None.

    Raises:
        BaselineError: The one given is missing, or one cannot be read.
    """
    if given is not None:
        return read_baseline(given)
    beside = baseline_path(path, config)
    return read_baseline(beside) if beside.exists() else None


def depths(text: str) -> tuple[int, ...]:
    """Depths as they are written on the command line: "1,3,5,10".

    Raises:
        EvalSetupError: They are no such list.
    """
    try:
        found = tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        found = ()
    if not found or min(found) < 1 or max(found) > 100:
        raise EvalSetupError(f"--k {text!r} is no list of depths from 1 to 100; write it as 1,3,5,10")
    return found


def _part(questions: QuestionSet, part: str) -> QuestionSet:
    if not part:
        return questions
    types: Sequence[str] = get_args(Type)
    if part not in types:
        raise EvalSetupError(f"--slice {part!r} is no type of item; there are {', '.join(types)}")
    chosen = tuple(question for question in questions.questions if question.type == part)
    if not chosen:
        raise EvalSetupError(f"{questions.name} has no item of the type {part}")
    return replace(questions, questions=chosen)
