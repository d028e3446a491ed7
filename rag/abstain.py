"""Whether the passages hold an answer at all, decided before anything is generated.

A logistic model over a handful of signals, fitted on public questions (see `MODEL`); nothing in it was
fitted on the seeds. It tells "the topic is not in the documents" well (area under the ROC curve above 0.99
on SQuAD 2.0 dev and on CLAPnq dev) and "the topic is there, the fact is not" poorly (about 0.66 and 0.83).
For that a second model weighs what of the question nothing found says (`rag/unsaid.py`). All these figures
are printed by `rag bench abstain`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from index.words import content_terms, term_set
from rag.cells import is_answer
from rag.generators.base import Evidence
from rag.identifiers import codes, opens_with
from rag.offices import holder, office_asked
from rag.records import Conflict
from rag.retrieve import Hit
from rag.unsaid import NOTHING, Unsaid, light_terms
from rag.vocabulary import Understood, name_terms

# Weights of the signals and the intercept: L2 logistic on SQuAD 2.0 dev and CLAPnq dev cut into small
# folders, answerable questions against questions about other folders; `rag bench abstain` fits it again.
MODEL = MappingProxyType(
    {
        "cosine": 6.38,
        "words": 2.95,
        "sentence": 1.38,
        "passage": 2.01,
        "names": -0.6,
        "named": 1.02,
        "answer": 5.83,
        "": -9.2,
    }
)

# Whether the fact is there, too: weights of the log odds that its topic is, of what of the question was not
# found (`rag/unsaid.py`), and the intercept. L2 logistic on the half of SQuAD 2.0 dev that no figure is told
# of, CLAPnq dev, MTRAG's questions, and questions to folders of mixed files, asked again with the passages of
# their answer passed over; each set counts alike. `rag bench abstain` fits it again on the sets it is given
# and judges both on the other half of their titles; the weight of "unfit" is from such a fit.
FACT = MappingProxyType(
    {
        "topic": 0.16,
        "unknown": -1.5,
        "missing": -1.8,
        "apart": -0.5,
        "swapped": -1.1,
        "unfit": -0.35,
        "denied": -2.7,
        "untyped": -0.75,
        "nearness": 2.0,
        "": -1.1,
    }
)
# Below the first a question is refused, below the second its answer tells what it leaves open.
_REFUSED, _DOUBTED = 0.12, 0.2
# Where the fact is there this probably, its topic may be this much less sure, in log odds. On the half of the
# articles of SQuAD 2.0 dev that chose it, as many more questions with an answer are answered as others (one
# in a hundred each); a threshold lower for all questions answers five others for each.
_STATED, _SPARED = 0.4, 1.3

# What is asked about a code, whatever its documents call it.
_OF_CODES = (
    "mean meaning stand error fault code message alarm warning status exit fix solve resolve clear do get"
)

# Weight of the log odds that there is an answer, and the intercept: how often an extractive answer then has
# the gold answer. Fitted on half the articles of SQuAD 2.0 dev, each question asked again with its article
# passed over; `rag bench answers --whole` tells how far off it is on the other half.
_RIGHT = (0.848, -1.458)
# The threshold of a folder that has none of its own (`rag/calibrate.py`).
UNCALIBRATED = 0.2


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, and why.

    Attributes:
        probability: What the model makes of the signals; the decision, but for the names below.
        signals: By name.
        unheard: Names of the question that nothing in the documents explains; with any, there is no answer.
        unpinned: Years and identifiers that no passage found speaks of; the same.
        stated: The probability that the fact is there and not only its topic; where it is least, there is no
            answer either.
        denied: It is asked for what is not, and nothing found says what is not.
        unsaid: What of the question an answer leaves open, in its words.
        elsewhere: Those of them that passages found do hold, though not with the rest; told of a refusal.
        unfit: What asks for a count, a price or the like that nothing found has.
    """

    answerable: bool
    probability: float
    signals: dict[str, float]
    unheard: tuple[str, ...] = ()
    unpinned: tuple[str, ...] = ()
    stated: float = 1.0
    denied: bool = False
    unsaid: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()


def judge(
    understood: Understood,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    threshold: float,
    unheard: tuple[str, ...] = (),
    unpinned: tuple[str, ...] = (),
    unsaid: Unsaid = NOTHING,
) -> Verdict:
    """Decide whether the passages hold an answer.

    Args:
        threshold: The least probability that is answered; with 0, all that is not ruled out by a name is,
            with 1, nothing. Below that a row, a code or an office that says just what is asked is sure.
        unheard: Names that no document holds; with any, there is no answer.
        unpinned: Years and identifiers that no passage found speaks of; the same.
        unsaid: What of the question was not found.
    """
    if not hits or not understood.terms:
        return Verdict(False, 0.0, {})
    signals = measure(understood, hits, evidence)
    logit = MODEL[""] + sum(MODEL[name] * value for name, value in signals.items())
    probability = probability_of(logit)
    stated = _stated(probability, unsaid)
    near = probability >= (least(threshold) if stated >= _STATED else threshold)
    # Looking through rows takes long, and mostly nothing hangs on it.
    plain = near and stated >= _DOUBTED
    found = not plain and threshold < 1 and any(has(understood, evidence) for has in _SURE)
    held = found or (near and (stated >= _REFUSED or not threshold))
    held = held and not unheard and not unpinned
    told = unsaid.told
    if (plain or found) and not unsaid.premised:
        told = unsaid.swapped if found else unsaid.standing
    elsewhere = () if held else _held_by_one(told, hits, evidence)
    return Verdict(
        held, probability, signals, unheard, unpinned, stated, unsaid.denied, told, elsewhere, unsaid.unfit
    )


def least(threshold: float) -> float:
    """The probability that is enough where nothing of the question seems to be left open."""
    return min(threshold, max(UNCALIBRATED, probability_of(log_odds(threshold) - _SPARED)))


def _held_by_one(told: Sequence[str], hits: Sequence[Hit], evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Which words, or pairs of them, one of the passages found holds, its heading and title included."""
    titles = {item.passage: term_set(item.title) for item in evidence}
    held = [
        term_set(hit.chunk.heading) | term_set(hit.chunk.text) | titles.get(at, frozenset())
        for at, hit in enumerate(hits)
    ]
    return tuple(word for word in told if any(map(term_set(word).issubset, held)))


def _stated(probability: float, unsaid: Unsaid) -> float:
    """The probability that the fact is there, given that of its topic."""
    weighed = sum(FACT[name] * value for name, value in unsaid.signals.items())
    return probability_of(FACT[""] + FACT["topic"] * log_odds(probability) + weighed)


def _has_row(understood: Understood, evidence: Sequence[Evidence]) -> bool:
    """Whether a row of a table has the cell asked for, and all that is asked but words that say nothing.

    "Who works in Physics?" is answered by "Name: Nora Kell; Department: Physics", whatever the cosine.
    """
    unknown = {term for word in understood.unknown for term in content_terms(word)}
    wanted = frozenset(understood.terms) - (unknown & light_terms())
    return any(wanted <= term_set(e.text) and is_answer(understood.query, e.text) for e in evidence)


def _has_code(understood: Understood, evidence: Sequence[Evidence]) -> bool:
    """Whether a sentence opens with the code asked about, and nothing else is asked.

    "What does E417 mean?" is answered by "E417 clock skew: …".
    """
    named = codes(understood.query)
    told = frozenset(term for code in named for term in content_terms(code.name))
    return frozenset(understood.terms) <= told | term_set(_OF_CODES) and any(
        opens_with(code, item.text) for code in named for item in evidence if item.relevance
    )


def _has_holder(understood: Understood, evidence: Sequence[Evidence]) -> bool:
    """Whether a sentence names who holds the office asked about: the president of Norway, a Norwegian one."""
    office = office_asked(understood.query)
    return office is not None and any(item.relevance and holder(office, item.text) for item in evidence)


_SURE = (_has_row, _has_code, _has_holder)


def measure(understood: Understood, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> dict[str, float]:
    """The signals of a question and its passages, each about 0 to 1.

    Attributes of the result: `cosine` of the nearest passage; `words` the best BM25 score over the
    question's weight; `sentence` and `passage` the share of that weight in the best of each; `names`
    whether a name or number of the question is in no document, `named` whether one sentence holds all of
    its names; `answer` the cosine of the nearest sentence.
    """
    asked = frozenset(understood.terms)
    total = sum(understood.weights.values()) or 1.0
    passages = [term_set(hit.chunk.heading) & asked | term_set(hit.chunk.text) & asked for hit in hits]
    sentences = [term_set(item.text) for item in evidence]
    best = max(map(understood.coverage, {found & asked for found in sentences}), default=0.0)
    return {
        "cosine": max((hit.scores.dense or 0.0 for hit in hits), default=0.0),
        "words": max((hit.scores.words or 0.0 for hit in hits), default=0.0) / total,
        "sentence": best,
        "passage": max(map(understood.coverage, passages)),
        "names": float(bool(understood.unknown_names)),
        "named": _named(understood.query, sentences),
        "answer": max((item.cosine for item in evidence), default=0.0),
    }


def _named(query: str, sentences: Sequence[frozenset[str]]) -> float:
    """Whether one sentence holds all the names of a question, of which there is one at least."""
    names = name_terms(query)
    return float(bool(names) and any(map(names.issubset, sentences)))


def confidence(verdicts: Sequence[Verdict], conflicts: Sequence[Conflict] = ()) -> float:
    """How likely an extractive answer is right, of a question whose topic may be absent or present.

    It is blind where the topic is there and the fact is not. Of several parts the least. Of sides that differ
    one is right at most, and nothing tells which.
    """
    weight, intercept = _RIGHT
    right = probability_of(weight * log_odds(min(verdict.probability for verdict in verdicts)) + intercept)
    return right / max([len(conflict.values) for conflict in conflicts], default=1)


def probability_of(odds: float) -> float:
    """The probability that some log odds stand for."""
    return 1 / (1 + math.exp(-odds))


def log_odds(probability: float) -> float:
    """The log odds of a probability; of what is as good as 0 or 1, those of a millionth from it."""
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


def explain(verdicts: Sequence[Verdict], unknown: Sequence[str]) -> str:
    """The text of an answer that is none.

    It tells the names nothing explains, else years and identifiers that no passage found speaks of, else that
    nothing found has the "not" of the question, else the words that no document holds, else the count, price
    or the like that is not told, else the words that no passage found holds, else those that stand in one,
    but not with the rest.
    """
    if unheard := [name for verdict in verdicts for name in verdict.unheard]:
        return f"The documents do not say. No document mentions {_listed(unheard)}."
    if unpinned := [name for verdict in verdicts for name in verdict.unpinned]:
        return f"The documents do not say. No passage found on this speaks of {_listed(unpinned)}."
    if any(verdict.denied for verdict in verdicts):
        return "The documents do not say. What was found says it without the “not” of the question."
    if told := [word for word in unknown if not light_terms().issuperset(content_terms(word))]:
        return f"The documents do not say. No document mentions {_listed(told)}."
    refused = [verdict for verdict in verdicts if verdict.probability]
    if lacked := [asked for verdict in refused for asked in verdict.unfit]:
        return f"The documents do not say. What was found does not tell {_listed(lacked)}."
    if unsaid := [word for each in refused for word in each.unsaid if word not in each.elsewhere]:
        return f"The documents do not say. No passage found on this speaks of {_listed(unsaid)}."
    if apart := [word for verdict in refused for word in verdict.elsewhere]:
        return f"The documents do not say. The passages found hold {_listed(apart)}, but not with the rest."
    return "The documents do not say."


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in dict.fromkeys(words))
