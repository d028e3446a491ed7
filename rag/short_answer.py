"""The few words that answer, marked inside a cited sentence; only where exactly one candidate is left."""

from collections.abc import Sequence

from index.words import content_terms, terms
from rag.records import Sentence, ShortAnswer
from rag.values import Value, asked_kind, values

_FOLLOWING = 40


def find_short_answer(question: str, sentences: Sequence[Sentence]) -> ShortAnswer | None:
    """The one date, number or person that the answer's sentences offer; None if there are several or none.

    Values that stand in the question are no candidates. Among several numbers in a sentence, one that is
    followed by a word of the question ("700 additional troops") is the candidate.
    """
    kind = asked_kind(question)
    asked = set(terms(question))
    for at, sentence in enumerate(sentences):
        if sentence.support.label != "supported":
            continue
        left = [value for value in values(sentence.text, kind) if not set(terms(value.text)) <= asked]
        if kind == "number" and len(left) > 1:
            left = [value for value in left if _counts(value, sentence.text, question)]
        distinct = {value.text.lower(): value for value in reversed(left)}
        if len(distinct) == 1:
            value = next(iter(distinct.values()))
            return ShortAnswer(value.text, at, value.start, value.end)
        if distinct:
            return None
    return None


def _counts(value: Value, text: str, question: str) -> bool:
    """Whether a number counts what the question asks for: a word of the question follows closely."""
    following = content_terms(text[value.end : value.end + _FOLLOWING])[:3]
    return bool(set(following) & set(content_terms(question)))
