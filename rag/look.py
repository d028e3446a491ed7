"""One stand-alone question to what the documents hold on it: passages, rated sentences, a verdict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import Document
from index.quoted import is_quoted, quoted_date
from rag.abstain import Verdict, judge
from rag.conversation import Cited
from rag.generators import Evidence
from rag.pinned import pinned
from rag.relevance import UNRATED, Rating, rate
from rag.retrieve import Hit, Scope, retrieve, retrieve_follow_up
from rag.speakers import speaker, spoken, writer, wrote
from rag.standing import dated
from rag.told import Told, sentences_of
from rag.unknown_names import unheard_names
from rag.unsaid import unsaid
from rag.vocabulary import Lexicon, Understood, understand

# Of what one writer says, passages of lower ranks are read too.
_AMONG = 3

Source = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class Stated:
    """The few words of a document that the reader takes for the answer."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found for one part of a question, and whether it holds an answer.

    Attributes:
        stated: The answer in a few words, where the reader was asked and found one.
    """

    understood: Understood
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    verdict: Verdict
    stated: Stated | None = None


def look(
    question: str,
    scope: Scope,
    source: Source,
    *,
    threshold: float,
    first: int = 1,
    asked: str = "",
    cited: Sequence[Cited] = (),
) -> Looked:
    """Retrieve, rate and judge.

    Args:
        source: Gives a document by its path.
        threshold: The probability above which there is an answer.
        first: Number of the first piece of evidence.
        asked: The question before it was completed from the conversation, which is searched too.
        cited: What the answer before it cited, which is looked at again.
    """
    index, lexicon = scope.index, Lexicon(scope.index, scope.without)
    understood = understand(question, lexicon)
    hits = passages_for(scope, understood, scope.settings.k, asked, cited)
    if whose := speaker(question):
        hits += tuple(
            hit
            for hit in passages_for(scope, understood, _AMONG * scope.settings.k, asked, cited)
            if hit not in hits and wrote(whose, writer(source(hit.chunk.document), hit.chunk.heading))
        )
    told = [index.fact(sentences_of, hit.chunk.id) for hit in hits]
    evidence = spoken(understood, evidence_of(hits, source, told, first, rate(understood, hits, told, index)))
    unheard = unheard_names(understood, [hit.chunk.text for hit in hits], lexicon)
    pins = pinned(question, hits, source)
    if pins.apart:
        evidence = tuple(e._replace(relevance=0.0) if e.document in pins.apart else e for e in evidence)
    verdict = judge(
        understood, hits, evidence, threshold, unheard, pins.missing, unsaid(understood, evidence, lexicon)
    )
    return Looked(understood, hits, evidence, verdict)


def passages_for(
    scope: Scope, understood: Understood, k: int, asked: str = "", cited: Sequence[Cited] = ()
) -> tuple[Hit, ...]:
    """The `k` best chunks for a question, and for how it was put where it had to be completed; see `look`.

    Raises:
        UsageError: `k` is below 1.
    """
    if not asked or asked == understood.query:
        return retrieve(scope, understood, k)
    raw = understand(asked, Lexicon(scope.index, scope.without))
    return retrieve_follow_up(scope, understood, raw, k, cited)


def evidence_of(
    hits: Sequence[Hit],
    source: Source,
    told: Sequence[Sequence[Told]],
    first: int = 1,
    ratings: Sequence[Sequence[Rating]] | None = None,
) -> tuple[Evidence, ...]:
    """The sentences that the passages tell, numbered from `first` in the order of the passages."""
    evidence: list[Evidence] = []
    for at, hit in enumerate(hits):
        document, heading, score = source(hit.chunk.document), hit.chunk.heading, hit.score
        date = quoted_date(heading) if is_quoted(heading) else dated(document)
        by = writer(document, heading)
        own = ratings[at] if ratings else [UNRATED] * len(told[at])
        for line, rating in zip(told[at], own, strict=True):
            evidence.append(
                Evidence(
                    first + len(evidence),
                    at,
                    document.path,
                    document.title,
                    date,
                    heading,
                    line.start,
                    line.end,
                    line.text,
                    score,
                    line.kind,
                    rating.relevance,
                    rating.cosine,
                    line.page,
                    line.reading,
                    line.bears,
                    by,
                )
            )
    return tuple(evidence)
