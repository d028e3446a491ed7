"""Are disagreements between documents seen, and are both sides shown? On items whose gold is a conflict."""

from eval.metrics.answers import said, states
from eval.normal import contains
from eval.schema import ConflictSide, Question
from index.dates import first_day
from rag.records import Answer, Citation, Conflict


def detected(question: Question, answer: Answer) -> float | None:
    """1 if a conflict is reported where there is one. Its mean is the recall."""
    return float(bool(answer.conflicts)) if question.conflict else None


def both_cited(question: Question, answer: Answer) -> float | None:
    """1 if each side is cited from its own document, in a quote that states it. An abstention is 0."""
    if not question.conflict:
        return None
    return float(
        all(any(_from(cited, side) for cited in answer.citations) for side in question.conflict.values)
    )


def single_side(question: Question, answer: Answer) -> float | None:
    """1 if one side alone is asserted, whichever it is."""
    if not question.conflict:
        return None
    if answer.status == "abstained":
        return 0.0
    text = said(answer)
    told = [states(text, side) for side in question.conflict.values]
    return float(any(told) and not all(told))


def as_expected(question: Question, answer: Answer) -> float | None:
    """1 if one reported disagreement holds every side, each cited from its own document.

    Where the newer is to be preferred, its date must also be told, and be the latest alone.
    """
    expected = question.conflict
    if not expected:
        return None
    quotes = {cited.number: cited for cited in answer.citations}

    def dates(conflict: Conflict, side: ConflictSide) -> list[str]:
        cited = [(quotes[told.citation], told) for told in conflict.values if told.citation in quotes]
        return [first_day(told.date or "") for quote, told in cited if _from(quote, side)]

    def reported(conflict: Conflict) -> bool:
        sides = [dates(conflict, side) for side in expected.values]
        if not all(sides) or expected.expected == "report_both":
            return all(sides)
        *older, newest = (max(days) for days in sides)
        return all("" < day < newest for day in older)

    return float(any(map(reported, answer.conflicts)))


def _from(cited: Citation, side: ConflictSide) -> bool:
    return any(cited.document == one.doc and contains(cited.quote, one.value) for one in side.told)
