"""The thresholds of the support check, refitted to how one generator words its sentences.

Pairs come from answers to questions with known answers. Carried: a sentence that states an expected answer,
with what it cites, where that is labelled evidence. Not carried: the same sentence with the sentence of the
passages found that holds most of its words without being evidence or stating the answer. Pairs that figures,
names or quoted words decide need no threshold and are only counted; so are sentences quoted word for word,
which is all that the extractive generator writes.

Half of the groups choose the threshold, by balanced accuracy; the other half judges it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.metrics.citations import is_on
from eval.normal import contains
from eval.runner import ItemResult
from index.sentences import sentence_spans
from rag import Rag
from rag.records import Answer, Support
from rag.settings import AnswerSettings

FEWEST = 20
"""Pairs of each kind, in each half, below which nothing is fitted."""
_BY_COVERAGE = frozenset({"coverage", "negation"})
_PARTLY = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and a text that carries it or not: its coverage, and whether that is what decides."""

    group: str
    carried: bool
    by_coverage: bool
    score: float


@dataclass(frozen=True, slots=True)
class SupportFit:
    """What was found for one generator.

    Attributes:
        carried: Pairs of sentences and the evidence they cite, decided by a threshold.
        others: Pairs of the same sentences and other text, decided by a threshold.
        elsewise: Pairs that are decided by figures, names, quotes or verbatim text.
        support: The threshold of `supported` in force, and `best` the one found; None where there are too few
            pairs to find one.
        partly: The same for `partly`: what 19 of 20 carried sentences reach.
        now: Balanced accuracy of the threshold in force on the half that judges, and `then` of the one found.
    """

    generator: str
    carried: int
    others: int
    elsewise: int
    groups: int
    support: float
    partly: float
    best: float | None = None
    best_partly: float | None = None
    now: float | None = None
    then: float | None = None


def fit_support(
    items: Sequence[ItemResult], rag: Rag, generator: str, settings: AnswerSettings
) -> SupportFit:
    """Refit the thresholds on answers whose unsupported sentences were not left out."""
    every = [pair for item in items for pair in _pairs(item, rag)]
    pairs = [pair for pair in every if pair.by_coverage]
    carried = sum(pair.carried for pair in pairs)
    names = list(dict.fromkeys(pair.group for pair in pairs))
    found = SupportFit(
        generator, carried, len(pairs) - carried, len(every) - len(pairs), len(names),
        settings.support, settings.partly,
    )  # fmt: skip
    chosen = frozenset(names[::2])
    choosing = [pair for pair in pairs if pair.group in chosen]
    judging = [pair for pair in pairs if pair.group not in chosen]
    counts = [
        sum(pair.carried is kind for pair in half) for half in (choosing, judging) for kind in (True, False)
    ]
    if min(counts) < FEWEST:
        return found
    best = _best(choosing)
    scores = sorted(pair.score for pair in choosing if pair.carried)
    low = min(best, round(scores[int(_PARTLY * len(scores))], 2))
    return SupportFit(
        generator, carried, len(pairs) - carried, found.elsewise, len(names), settings.support,
        settings.partly, best, low, balanced(judging, settings.support), balanced(judging, best),
    )  # fmt: skip


def balanced(pairs: Sequence[Pair], threshold: float) -> float:
    """The mean of the shares of carried pairs at or above a threshold, and of others below it."""
    above = [pair.score >= threshold for pair in pairs if pair.carried]
    below = [pair.score < threshold for pair in pairs if not pair.carried]
    return (sum(above) / len(above) + sum(below) / len(below)) / 2


def fit_told(found: SupportFit) -> str:
    """What was found, and what to write into the settings."""
    told = (
        f"{found.carried} sentences with the evidence they cite and {found.others} with other text, in "
        f"{found.groups} groups, rest on a threshold; {found.elsewise} pairs on figures, names or exact words"
    )
    if found.best is None:
        return f"{told}. Too few to fit: {FEWEST} of each are needed in each half. Nothing is to be changed."
    return (
        f"{told}. Balanced accuracy on the half that judges: {found.now:.3f} with answer.support = "
        f"{found.support:g}, {found.then:.3f} with {found.best:g}. For this generator, where the second is "
        f"clearly higher, write into rag.toml:\n[answer]\nsupport = {found.best:g}\npartly = "
        f"{found.best_partly:g}"
    )


def _best(pairs: Sequence[Pair]) -> float:
    """The threshold of the best balanced accuracy; of equals the middle one, which is safest."""
    tried = [at / 100 for at in range(1, 101)]
    reached = [balanced(pairs, threshold) for threshold in tried]
    tops = [
        threshold for threshold, value in zip(tried, reached, strict=True) if value >= max(reached) - 1e-9
    ]
    return tops[len(tops) // 2]


def _pairs(item: ItemResult, rag: Rag) -> Iterator[Pair]:
    answer = item.answer
    if answer is None or not item.question.answers:
        return
    quotes = {cited.number: cited for cited in answer.citations}
    for said in answer.sentences:
        if not any(contains(said.text, alias) for alias in item.question.answers):
            continue
        cited = [quotes[number] for number in said.citations]
        if any(is_on(one, gold) for one in cited for gold in item.question.evidence):
            yield _pair(item, True, rag.support(said.text, [one.quote for one in cited]))
            if (other := _nearest_other(said.text, item, answer, rag)) is not None:
                yield _pair(item, False, other)


def _pair(item: ItemResult, carried: bool, found: Support) -> Pair:
    return Pair(item.question.group, carried, found.reason in _BY_COVERAGE, found.score or 0.0)


def _nearest_other(sentence: str, item: ItemResult, answer: Answer, rag: Rag) -> Support | None:
    """The check of a sentence against the nearest text that does not carry it."""
    question = item.question
    found: list[Support] = []
    for passage in answer.passages:
        for span in sentence_spans(passage.text, 0, len(passage.text)):
            start, end = passage.start + span.start, passage.start + span.end
            text = passage.text[span.start : span.end]
            gold = any(
                passage.document == one.doc and start < one.end and one.start < end
                for one in question.evidence
            )
            if not gold and not any(contains(text, alias) for alias in question.answers):
                found.append(rag.support(sentence, [text]))
    by_coverage = [one for one in found if one.reason in _BY_COVERAGE]
    return max(by_coverage or found, key=lambda one: one.score or 0.0, default=None)
