"""Whether the passages hold an answer at all, decided before anything is generated.

A logistic model over a handful of signals, fitted on public questions (see `MODEL`); nothing in it was
fitted on the seeds. It tells "the topic is not in the documents" well (area under the ROC curve 0.997 on
SQuAD 2.0 dev and on CLAPnq dev) and "the topic is there, the fact is not" poorly (0.67 and 0.85): no
lexical or cosine signal does the latter better. `rag bench abstain` prints these figures.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from index.words import terms
from rag.generators.base import Evidence
from rag.retrieve import Hit
from rag.settings import AnswerSettings
from rag.vocabulary import Understood

# Weights of the signals and the intercept: L2 logistic on SQuAD 2.0 dev and CLAPnq dev cut into small
# folders, answerable questions against questions about other folders; `rag bench abstain` fits it again.
MODEL = MappingProxyType(
    {
        "cosine": 6.65,
        "words": 1.82,
        "sentence": 2.12,
        "passage": 2.5,
        "names": -0.67,
        "answer": 5.7,
        "": -8.3,
    }
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, the probability it rests on, and the signals behind that."""

    answerable: bool
    probability: float
    signals: dict[str, float]


def judge(
    understood: Understood, hits: Sequence[Hit], evidence: Sequence[Evidence], settings: AnswerSettings
) -> Verdict:
    """Decide whether the passages hold an answer."""
    if not hits or not understood.terms:
        return Verdict(False, 0.0, {})
    signals = measure(understood, hits, evidence)
    logit = MODEL[""] + sum(MODEL[name] * value for name, value in signals.items())
    probability = 1 / (1 + math.exp(-logit))
    return Verdict(probability >= settings.threshold, probability, signals)


def measure(understood: Understood, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> dict[str, float]:
    """The signals of a question and its passages, each about 0 to 1.

    Attributes of the result: `cosine` of the nearest passage; `words` the best BM25 score over the
    question's weight; `sentence` and `passage` the share of that weight in the best of each; `names`
    whether a name or number of the question is in no document; `answer` the cosine of the nearest
    sentence.
    """
    asked = frozenset(understood.terms)
    total = sum(understood.weights.values()) or 1.0
    passages = [frozenset(terms(f"{hit.chunk.heading} {hit.chunk.text}")) for hit in hits]
    sentences = [frozenset(terms(item.text)) for item in evidence]
    shares = [understood.coverage(found & asked) for found in sentences] or [0.0]
    best = max(shares)
    return {
        "cosine": max((hit.scores.dense or 0.0 for hit in hits), default=0.0),
        "words": max((hit.scores.words or 0.0 for hit in hits), default=0.0) / total,
        "sentence": best,
        "passage": max(understood.coverage(found & asked) for found in passages),
        "names": float(bool(understood.unknown_names)),
        "answer": max((item.cosine for item in evidence), default=0.0),
    }


def explain(unknown: Sequence[str]) -> str:
    """The text of an answer that is none; names the words that no document holds."""
    if not unknown:
        return "The documents do not say."
    words = ", ".join(f"“{word}”" for word in unknown)
    return f"The documents do not say. No document mentions {words}."
