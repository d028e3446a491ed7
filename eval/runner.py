"""Ask every question of a set as a user would, and measure each answer. Nothing is averaged here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from eval.errors import EvalSetupError
from eval.metrics import abstention, answers, citations, conflicts, grounding, retrieval
from eval.metrics.catalogue import JUDGED, KS, measures
from eval.metrics.verdicts import Verdict
from eval.questions import QuestionSet
from eval.schema import Question
from eval.sources import Sources
from index.errors import RagError
from rag.records import Answer, Support

Outcome = Literal["scored", "error", "not_applicable"]


class Asker(Protocol):
    """What is judged: anything that answers one question."""

    def ask(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """Answer a question that follows the turns of `history`."""

    def support(self, sentence: str, quotes: Sequence[str]) -> Support:
        """How far quotes carry a sentence."""


@dataclass(frozen=True, slots=True)
class Replicate:
    """A further answer to an item that was asked several times.

    Attributes:
        error: As in `ItemResult`.
        correct: Whether this answer was, 0 or 1.
    """

    answer: Answer | None = field(repr=False)
    error: str
    correct: float | None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One question's answer and what was measured on it.

    Attributes:
        outcome: An abstention is `scored`; an `error` counts as a failure in each measure it should have had.
        error: The error's class and text, or "".
        values: By metric, 0 to 1; None where the metric does not apply to the item.
        faults: What is wrong with the citations, in words.
        verdict: What a model that was asked to judge said of the answer; None where none was.
        further: The second and later answers, where an item was asked several times; `answer` is the first,
            `values` are means over all.
    """

    question: Question
    outcome: Outcome
    error: str
    values: Mapping[str, float | None]
    faults: tuple[str, ...] = ()
    answer: Answer | None = field(default=None, repr=False)
    verdict: Verdict | None = None
    further: tuple[Replicate, ...] = ()


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
    items = []
    with Sources(questions.folder, questions.limits) as sources:
        for done, question in enumerate(questions.questions, start=1):
            items.append(_judge(question, rag, sources, tuple(ks)))
            if progress:
                progress(done, len(questions.questions))
    return RunResult(questions.name, questions.sha256, tuple(ks), tuple(items))


def metric_names(ks: Sequence[int] = KS) -> tuple[str, ...]:
    """Every metric an item can have a value for."""
    return tuple(measure.name for measure in measures(ks))


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
    except EvalSetupError:
        raise  # about the run, not about the item
    except RagError as error:
        return ItemResult(question, "error", f"{type(error).__name__}: {error}", _failed(question, ks))
    valid = citations.validity(answer, sources)
    found = measure(question, answer, rag, ks) | {"citation_validity": valid.value, JUDGED: None}
    values = {name: found[name] for name in metric_names(ks)}
    outcome: Outcome = "scored" if any(v is not None for v in values.values()) else "not_applicable"
    return ItemResult(question, outcome, "", values, valid.faults, answer)


def measure(question: Question, answer: Answer, rag: Asker, ks: Sequence[int]) -> dict[str, float | None]:
    """Every measure of an answer but the validity of its citations, which needs the files."""
    abstained = answer.status == "abstained"
    contained = answers.containment(question, answer)
    passages = answer.passages
    return {
        "correct": answers.correct(question, answer),
        "containment": contained,
        "correct_when_answered": None if abstained else contained,
        "nugget_recall": answers.nugget_recall(question, answer),
        "nugget_recall_vital": answers.nugget_recall(question, answer, "vital"),
        "nugget_recall_all": answers.nugget_recall(question, answer, "all"),
        "exact_match": answers.exact_match(question, answer),
        "token_f1": answers.token_f1(question, answer),
        "wrong_value": answers.wrong_value(question, answer),
        "citation_recall": grounding.citation_recall(answer, rag.support),
        "citation_precision": grounding.citation_precision(answer, rag.support),
        "gold_citation_recall": citations.gold_recall(question, answer),
        "gold_citation_precision": citations.gold_precision(question, answer),
        "faithfulness": grounding.faithfulness(answer),
        "unsupported_figures": grounding.unsupported_figures(answer),
        "unsupported_names": grounding.unsupported_names(answer),
        **{f"evidence_recall@{k}": retrieval.evidence_recall(question, passages, k) for k in ks},
        **{f"hit@{k}": retrieval.hit(question, passages, k) for k in ks},
        "mrr@10": retrieval.reciprocal_rank(question, passages),
        "ndcg@10": retrieval.ndcg(question, passages),
        "context_precision": retrieval.context_precision(question, passages),
        "abstention": abstention.refused(question.answerable, abstained),
        "false_answer": abstention.false_answer(question.answerable, abstained),
        "over_abstention": abstention.over_abstention(question.answerable, abstained),
        "partial": float(answer.status == "partial"),
        "conflict_detected": conflicts.detected(question, answer),
        "conflict_both_cited": conflicts.both_cited(question, answer),
        "conflict_single_side": conflicts.single_side(question, answer),
        "conflict_as_expected": conflicts.as_expected(question, answer),
    }


def _failed(question: Question, ks: tuple[int, ...]) -> dict[str, float | None]:
    """An error is a counted failure: 0 in each good measure of the item; it is no decision either way."""
    owed = {
        "all": True,
        "expected": question.answerable and bool(question.answers or question.conflict),
        "vital": any(nugget.importance == "vital" for nugget in question.nuggets),
        "nuggets": bool(question.nuggets),
        "answers": question.answerable and bool(question.answers),
        "evidence": bool(question.evidence),
        "unanswerable": not question.answerable,
        "conflict": question.conflict is not None,
        "": False,
    }
    return {one.name: 0.0 if owed[one.needs] else None for one in measures(ks)}
