"""Ask every question of a set as a user would, and measure each answer. Nothing is averaged here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from eval.metrics import abstention, answers, citations, retrieval
from eval.questions import QuestionSet
from eval.schema import Question
from eval.sources import Sources
from index.errors import RagError
from rag.records import Answer

KS = (1, 3, 5, 10)
Outcome = Literal["scored", "error", "not_applicable"]

_GOOD = ("containment", "nugget_recall", "gold_citation_recall", "gold_citation_precision", "abstention")
_RATES = ("wrong_value", "false_answer", "over_abstention", "partial")
_OTHER = ("correct_when_answered", "citation_validity", *_RATES)


class Asker(Protocol):
    """What is judged: anything that answers one question."""

    def ask(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """Answer a question that follows the turns of `history`."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One question's answer and what was measured on it.

    Attributes:
        outcome: An abstention is `scored`; an `error` counts as a failure in each measure it should have had.
        error: The error's class and text, or "".
        values: By metric, 0 to 1; None where the metric does not apply to the item.
        faults: What is wrong with the citations, in words.
    """

    question: Question
    outcome: Outcome
    error: str
    values: Mapping[str, float | None]
    faults: tuple[str, ...] = ()
    answer: Answer | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run over one set, items in file order."""

    name: str
    sha256: str
    ks: tuple[int, ...]
    items: tuple[ItemResult, ...] = field(repr=False)


def run(
    questions: QuestionSet,
    rag: Asker,
    *,
    ks: Sequence[int] = KS,
    progress: Callable[[int, int], None] | None = None,
) -> RunResult:
    """Ask and measure every question.

    Args:
        questions: A set that was checked against the documents `rag` answers from.
        rag: What is judged.
        ks: Depths for evidence recall.
        progress: Called with (done, all) after each question.
    """
    sources = Sources(questions.folder)
    items = []
    for done, question in enumerate(questions.questions, start=1):
        items.append(_judge(question, rag, sources, tuple(ks)))
        if progress:
            progress(done, len(questions.questions))
    return RunResult(questions.name, questions.sha256, tuple(ks), tuple(items))


def metric_names(ks: Sequence[int] = KS) -> tuple[str, ...]:
    """Every metric an item can have a value for."""
    return (*_GOOD, *(f"evidence_recall@{k}" for k in ks), *_OTHER)


def comparable(item: ItemResult) -> dict[str, Any] | None:
    """The answer as JSON types without `trace.timings`, the one part that may differ between two runs."""
    if item.answer is None:
        return None
    plain = item.answer.to_dict()
    plain["trace"] = {key: value for key, value in plain["trace"].items() if key != "timings"}
    return plain


def _judge(question: Question, rag: Asker, sources: Sources, ks: tuple[int, ...]) -> ItemResult:
    history = tuple({"role": turn.role, "content": turn.content} for turn in question.history)
    try:
        answer = rag.ask(question.question, history=history)
    except RagError as error:
        return ItemResult(question, "error", f"{type(error).__name__}: {error}", _failed(question, ks))
    abstained = answer.status == "abstained"
    contained = answers.containment(question, answer)
    valid = citations.validity(answer, sources)
    values: dict[str, float | None] = {
        "containment": contained,
        "nugget_recall": answers.nugget_recall(question, answer),
        "gold_citation_recall": citations.gold_recall(question, answer),
        "gold_citation_precision": citations.gold_precision(question, answer),
        "abstention": abstention.refused(question.answerable, abstained),
        **{f"evidence_recall@{k}": retrieval.evidence_recall(question, answer.passages, k) for k in ks},
        "correct_when_answered": None if abstained else contained,
        "wrong_value": answers.wrong_value(question, answer),
        "citation_validity": valid.value,
        "false_answer": abstention.false_answer(question.answerable, abstained),
        "over_abstention": abstention.over_abstention(question.answerable, abstained),
        "partial": float(answer.status == "partial"),
    }
    outcome: Outcome = "scored" if any(v is not None for v in values.values()) else "not_applicable"
    return ItemResult(question, outcome, "", values, valid.faults, answer)


def _failed(question: Question, ks: tuple[int, ...]) -> dict[str, float | None]:
    """An error is a counted failure: 0 in each good measure of the item; it is no decision either way."""
    applies = {
        "containment": question.answerable and bool(question.answers or question.conflict),
        "nugget_recall": any(nugget.importance == "vital" for nugget in question.nuggets),
        "gold_citation_recall": question.answerable,
        "gold_citation_precision": question.answerable,
        "abstention": not question.answerable,
        **{f"evidence_recall@{k}": question.answerable for k in ks},
    }
    return {name: 0.0 if applies.get(name, False) else None for name in metric_names(ks)}
