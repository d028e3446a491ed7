"""Is the expected answer in what was said? String and number arithmetic on the sentences without markers."""

from eval.errors import QuestionSetError
from eval.normal import contains, matches
from eval.schema import Question
from rag.records import Answer


def containment(question: Question, answer: Answer) -> float | None:
    """1 if an expected answer occurs in the answer; for a conflict, all its values. An abstention is 0.

    None where there is nothing to expect: unanswerable items, and items with nuggets only.

    Method: answer recall by string inclusion, after https://arxiv.org/abs/2212.10511 (section 3)
    """
    if not question.answerable or not (question.answers or question.conflict):
        return None
    if answer.status == "abstained":
        return 0.0
    text = said(answer)
    if question.conflict:
        # One side alone is wrong, whichever side it is.
        return float(all(contains(text, side.value) for side in question.conflict.values))
    return float(any(contains(text, alias) for alias in question.answers))


def wrong_value(question: Question, answer: Answer) -> float | None:
    """1 if a forbidden value occurs in the answer; None where the item forbids nothing."""
    if not question.forbidden:
        return None
    if answer.status == "abstained":
        return 0.0
    text = said(answer)
    return float(any(contains(text, alias) for alias in question.forbidden))


def nugget_recall(question: Question, answer: Answer) -> float | None:
    """Strict vital recall: the share of vital nuggets with an `any_of` in the answer. An abstention is 0.

    Method: AutoNuggetizer, "strict vital", https://arxiv.org/abs/2411.09607; patterns instead of a model.

    Raises:
        QuestionSetError: A pattern runs too long.
    """
    vital = [nugget for nugget in question.nuggets if nugget.importance == "vital"]
    if not vital:
        return None
    if answer.status == "abstained":
        return 0.0
    text = said(answer)
    try:
        hits = [any(matches(text, pattern) for pattern in nugget.any_of) for nugget in vital]
    except TimeoutError as error:
        raise QuestionSetError(
            f"item {question.id!r}: a nugget's pattern runs too long; simplify it"
        ) from error
    return sum(hits) / len(hits)


def said(answer: Answer) -> str:
    """The sentences without markers: a marker's number must not count as an expected number."""
    return "\n".join(sentence.text for sentence in answer.sentences)
