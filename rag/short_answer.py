"""The few words that answer, marked inside a cited sentence; only where exactly one candidate is left."""

from collections.abc import Sequence

from index.words import terms
from rag.records import Sentence, ShortAnswer
from rag.values import Value, asked_kind, values


def find_short_answer(question: str, sentences: Sequence[Sentence]) -> ShortAnswer | None:
    """The one date, number or person in the best sentence that has any; None if there are several or none.

    Args:
        sentences: Best first is not required: the sentence must hold a candidate and be supported.
    """
    kind = asked_kind(question)
    asked = set(terms(question))
    for at, sentence in enumerate(sentences):
        if sentence.support.label != "supported":
            continue
        left = [value for value in values(sentence.text, kind) if not set(terms(value.text)) <= asked]
        distinct: dict[str, Value] = {}
        for value in left:
            distinct.setdefault(value.text.lower(), value)
        if len(distinct) == 1:
            value = next(iter(distinct.values()))
            return ShortAnswer(value.text, at, value.start, value.end)
        if distinct:
            return None
    return None
