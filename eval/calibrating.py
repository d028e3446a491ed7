"""What a calibration is worth on questions with known answers, and the support thresholds refitted on them.

Only dev items are asked: a threshold that was looked at on held-out items is tuned on them.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from eval.errors import EvalSetupError
from eval.metrics import calibration
from eval.questions import load_questions
from eval.replies import FILE, Replies, keeping
from eval.runner import RunResult, run
from eval.slices import Figure, figure
from eval.support_fit import SupportFit, fit_support
from eval.whole import confident
from rag import Rag
from rag.settings import AnswerSettings

SHOWN = (
    ("over_abstention", "answerable"),
    ("false_answer", "off_corpus"),
    ("false_answer", "same_topic"),
    ("coverage_at_risk_5", "all"),
    ("coverage_at_risk_10", "all"),
)


@dataclass(frozen=True, slots=True)
class OnQuestions:
    """A set asked under the thresholds in force.

    Attributes:
        figures: Those of `SHOWN` on the dev items.
        curve: (share answered, error rate of them) wherever a threshold on confidence can cut.
        support: The thresholds of the support check.
    """

    name: str
    items: int
    figures: tuple[Figure, ...]
    curve: tuple[tuple[float, float], ...] = field(repr=False)
    support: SupportFit

    def to_dict(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def leaving_in(settings: AnswerSettings) -> AnswerSettings:
    """Settings under which no sentence is left out for want of support: what is left out cannot be judged."""
    return settings.model_copy(update={"strict": False, "partly": 0.0})


def on_questions(
    path: Path, rag: Rag, lenient: Rag, progress: Callable[[int, int], None] | None = None
) -> OnQuestions:
    """Ask the dev items of a set: as a user does, and with every sentence left in.

    Args:
        lenient: The same program under the settings of `leaving_in`.

    Raises:
        EvalSetupError: The set does not fit the documents, or has no dev items.
    """
    questions = load_questions(path, rag.folder, rag.settings.index_settings.limits)
    dev = tuple(question for question in questions.questions if question.split == "dev")
    if not dev:
        raise EvalSetupError(f"{path} has no dev items; thresholds are not chosen on held-out items")
    questions, settings = replace(questions, questions=dev), rag.settings
    kept = keeping(settings.generator, Replies(settings.home / "evals" / FILE), 1)
    result = run(questions, rag.through(kept), progress=progress)
    known = tuple(figure(result, name, "dev", category) for name, category in SHOWN)
    whole = run(questions, lenient.through(kept), progress=progress)
    fitted = fit_support(whole.items, rag, settings.generator, settings.answer)
    return OnQuestions(path.name, len(dev), known, _curve(result), fitted)


def write_curve(found: OnQuestions, folder: Path) -> Path:
    """Keep everything, the risk-coverage curve included, as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "calibration.json"
    target.write_text(json.dumps(found.to_dict(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return target


def _curve(result: RunResult) -> tuple[tuple[float, float], ...]:
    pairs = [(confidence, right) for confidence, right, _ in confident(result.items)]
    return calibration.curve(calibration.judged(pairs)) if pairs else ()
