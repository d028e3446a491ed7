"""Is the expected answer in what was said? String and number arithmetic on the sentences without markers."""

import re
import string
from collections import Counter
from typing import Literal

from eval.errors import QuestionSetError
from eval.metrics.citations import gold_recall
from eval.normal import contains, matches
from eval.schema import ConflictSide, Nugget, Question
from rag.records import Answer

Counted = Literal["strict_vital", "vital", "all"]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PARTIAL = 0.5


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
        return float(all(states(text, side) for side in question.conflict.values))
    return float(any(contains(text, alias) for alias in question.answers))


def correct(question: Question, answer: Answer) -> float:
    """1 if the item went as its gold says: refused, or answered with what is expected and nothing forbidden.

    The one measure that every item has: containment and strict vital nuggets where there are any; an item
    that names no text which must be said is right when some of its evidence is cited.
    """
    if not question.answerable:
        return float(answer.status == "abstained")
    if wrong_value(question, answer):
        return 0.0
    parts = (containment(question, answer), nugget_recall(question, answer))
    if parts == (None, None):
        return float((gold_recall(question, answer) or 0.0) > 0.0)
    return float(all(value in (None, 1.0) for value in parts))


def wrong_value(question: Question, answer: Answer) -> float | None:
    """1 if a forbidden value occurs in the answer; None where the item forbids nothing."""
    if not question.forbidden:
        return None
    if answer.status == "abstained":
        return 0.0
    text = said(answer)
    return float(any(contains(text, alias) for alias in question.forbidden))


def nugget_recall(question: Question, answer: Answer, counted: Counted = "strict_vital") -> float | None:
    """Share of nuggets in the answer: an `any_of` is 1, else a `partial_of` 0.5. An abstention is 0.

    Args:
        counted: `strict_vital` counts vital nuggets without the halves, `vital` with them, `all` all nuggets.

    Method: AutoNuggetizer, https://arxiv.org/abs/2411.09607; patterns instead of a model.

    Raises:
        QuestionSetError: A pattern runs too long.
    """
    nuggets = [nugget for nugget in question.nuggets if counted == "all" or nugget.importance == "vital"]
    if not nuggets:
        return None
    if answer.status == "abstained":
        return 0.0
    text = said(answer)
    half = 0.0 if counted == "strict_vital" else _PARTIAL
    try:
        return sum(_credit(text, nugget, half) for nugget in nuggets) / len(nuggets)
    except TimeoutError as error:
        raise QuestionSetError(
            f"item {question.id!r}: a nugget's pattern runs too long; simplify it"
        ) from error


def exact_match(question: Question, answer: Answer) -> float | None:
    """1 if the short answer, or the whole text where there is none, equals an expected answer.

    Low for answers in whole sentences by its nature. Method: SQuAD, https://arxiv.org/abs/1606.05250
    """
    if not question.answerable or not question.answers:
        return None
    given = squad_words(_shortest(answer))
    return float(any(given == squad_words(alias) for alias in question.answers))


def token_f1(question: Question, answer: Answer) -> float | None:
    """Best F1 of token multisets over the expected answers, on what `exact_match` compares."""
    if not question.answerable or not question.answers:
        return None
    given = squad_words(_shortest(answer))
    return max(overlap_f1(given, squad_words(alias)) for alias in question.answers)


def said(answer: Answer) -> str:
    """The sentences without markers: a marker's number must not count as an expected number."""
    return "\n".join(sentence.text for sentence in answer.sentences)


def states(text: str, side: ConflictSide) -> bool:
    """Whether a text gives the value of one side, in any of its wordings."""
    return any(contains(text, one.value) for one in side.told)


def _credit(text: str, nugget: Nugget, half: float) -> float:
    if any(matches(text, pattern) for pattern in nugget.any_of):
        return 1.0
    return half if half and any(matches(text, pattern) for pattern in nugget.partial_of) else 0.0


def _shortest(answer: Answer) -> str:
    if answer.status == "abstained":
        return ""
    return answer.short_answer.text if answer.short_answer else said(answer)


def squad_words(text: str) -> list[str]:
    """SQuAD's normalisation: lower case, no ASCII punctuation, no articles, split at white space."""
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return _ARTICLES.sub(" ", bare).split()


def overlap_f1(given: list[str], expected: list[str]) -> float:
    """F1 of two multisets of tokens; 1 if both are empty."""
    if not given or not expected:
        return float(given == expected)
    shared = sum((Counter(given) & Counter(expected)).values())
    return 2 * shared / (len(given) + len(expected))
