"""One stand-alone question to what the documents hold on it: passages, rated sentences, a verdict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import Document, Index
from index.filters import Allowed
from rag.abstain import Verdict, judge
from rag.conversation import Cited
from rag.generators import Evidence
from rag.relevance import UNRATED, Rating, rate
from rag.retrieve import Hit, retrieve, retrieve_follow_up
from rag.settings import RagSettings, RetrievalSettings
from rag.told import sentences_of
from rag.unknown_names import unheard_names
from rag.vocabulary import Lexicon, Understood, understand

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
    index: Index,
    settings: RagSettings,
    source: Source,
    *,
    threshold: float,
    allowed: Allowed | None = None,
    without: frozenset[int] = frozenset(),
    first: int = 1,
    asked: str = "",
    cited: Sequence[Cited] = (),
) -> Looked:
    """Retrieve, rate and judge.

    Args:
        source: Gives a document by its path.
        threshold: The probability above which there is an answer.
        allowed: What filters leave to be searched.
        without: Chunks that are passed over.
        first: Number of the first piece of evidence.
        asked: The question before it was completed from the conversation, which is searched too.
        cited: What the answer before it cited, which is looked at again.
    """
    lexicon = Lexicon(index, without)
    understood = understand(question, lexicon)
    own = settings.retrieval
    hits = passages_for(understood, asked, lexicon, own.k, own, allowed, without, cited)
    told = [index.fact(sentences_of, hit.chunk.id) for hit in hits]
    evidence = evidence_of(hits, source, index, first, rate(understood, hits, told, index))
    unheard = unheard_names(understood, [hit.chunk.text for hit in hits], lexicon)
    return Looked(understood, hits, evidence, judge(understood, hits, evidence, threshold, unheard))


def passages_for(
    understood: Understood,
    asked: str,
    lexicon: Lexicon,
    k: int,
    settings: RetrievalSettings,
    allowed: Allowed | None = None,
    without: frozenset[int] = frozenset(),
    cited: Sequence[Cited] = (),
) -> tuple[Hit, ...]:
    """The `k` best chunks for a question, and for how it was put where it had to be completed; see `look`.

    Raises:
        UsageError: `k` is below 1.
    """
    if not asked or asked == understood.query:
        return retrieve(lexicon.index, understood, k, settings, allowed, without)
    raw = understand(asked, lexicon)
    return retrieve_follow_up(lexicon.index, understood, raw, k, settings, allowed, without, cited)


def evidence_of(
    hits: Sequence[Hit],
    source: Source,
    index: Index,
    first: int = 1,
    ratings: Sequence[Sequence[Rating]] | None = None,
) -> tuple[Evidence, ...]:
    """The sentences of the passages (`rag/told.py`), numbered from `first` in the order of the passages."""
    evidence: list[Evidence] = []
    for at, hit in enumerate(hits):
        document, heading, score = source(hit.chunk.document), hit.chunk.heading, hit.score
        told = index.fact(sentences_of, hit.chunk.id)
        for line, rating in zip(told, ratings[at] if ratings else [UNRATED] * len(told), strict=True):
            evidence.append(
                Evidence(
                    first + len(evidence),
                    at,
                    document.path,
                    document.title,
                    document.date,
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
                )
            )
    return tuple(evidence)
