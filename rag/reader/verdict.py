"""Whether what was read states an answer: the reader's scores and those of the words, weighed together."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from index.words import term_set, terms
from rag.generators.base import Evidence
from rag.look import Stated
from rag.reader.reading import Reading

# Logistic weights and intercept, fitted on all titles of SQuAD 2.0 dev that the reader did not learn from
# and on CLAPnq dev, both sets and both answers counting alike. `rag bench reader` fits them again, and judges
# each title by weights fitted on others.
WEIGHTS = MappingProxyType(
    {
        "lexical": 0.13,
        "stated": 0.06,
        "margin": 0.05,
        "close": 0.19,
        "nearness": 2.38,
        "number": -0.86,
        "": -1.56,
    }
)
# The probability below which the fact is taken to be missing: only where it is nearly sure.
LEAST = 0.06
SIGNALS = tuple(name for name in WEIGHTS if name)


def sentence_of(stated: Stated, evidence: Sequence[Evidence]) -> Evidence | None:
    """The sentence that the reader found its answer in; of several the most relevant."""
    held = [item for item in evidence if holds(item, stated)]
    return max(held, key=lambda item: item.relevance) if held else None


def holds(item: Evidence, stated: Stated) -> bool:
    """Whether a sentence has part of what the reader found."""
    return item.document == stated.document and item.start < stated.end and stated.start < item.end


def signals(
    question: str, lexical: float, reading: Reading, sentence: Evidence | None, close: Reading
) -> dict[str, float]:
    """What tells whether the best passage states an answer.

    Attributes of the result: `lexical` the log odds of `rag/abstain.py`; `stated` and `margin` its reading's;
    `close` the first of these once more, when only the sentence of the answer and the one before it are read;
    `nearness` the cosine of the former and the question; `number` whether it lacks a number of the question.

    Args:
        sentence: The one that holds the answer; None where it is none of the sentences told.
        close: The reading of it and the one before it.
    """
    held = term_set(f"{sentence.heading} {sentence.text}") if sentence else frozenset()
    numbers = {term for term in terms(question) if any(map(str.isdigit, term))}
    return {
        "lexical": lexical,
        "stated": reading.stated,
        "margin": reading.margin,
        "close": close.stated,
        "nearness": sentence.cosine if sentence else 0.0,
        "number": float(bool(numbers - held)),
    }


def together(found: Mapping[str, float]) -> float:
    """Log odds that the passages state an answer."""
    return WEIGHTS[""] + sum(WEIGHTS[name] * found[name] for name in SIGNALS)
