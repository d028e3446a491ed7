"""Are disagreements between documents seen, and are both sides shown? On items whose gold is a conflict."""

from eval.metrics.answers import said
from eval.normal import contains
from eval.schema import Question
from rag.records import Answer


def detected(question: Question, answer: Answer) -> float | None:
    """1 if a conflict is reported where there is one. Its mean is the recall."""
    return float(bool(answer.conflicts)) if question.conflict else None


def both_cited(question: Question, answer: Answer) -> float | None:
    """1 if each side is cited from its own document, in a quote that holds its value. An abstention is 0."""
    if not question.conflict:
        return None
    return float(
        all(
            any(
                cited.document == side.doc and contains(cited.quote, side.value) for cited in answer.citations
            )
            for side in question.conflict.values
        )
    )


def single_side(question: Question, answer: Answer) -> float | None:
    """1 if one side alone is asserted, whichever it is."""
    if not question.conflict:
        return None
    if answer.status == "abstained":
        return 0.0
    text = said(answer)
    told = [contains(text, side.value) for side in question.conflict.values]
    return float(any(told) and not all(told))
