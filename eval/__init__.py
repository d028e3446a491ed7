"""Judgement: question sets with known answers, metrics, gates. Importing the bare name hides a builtin."""

from eval.questions import QuestionSet, default_set, load_questions
from eval.runner import RunResult, run
from eval.schema import Question

__all__ = [
    "Question",
    "QuestionSet",
    "RunResult",
    "default_set",
    "load_questions",
    "run",
]
