"""One stand-alone question to what the documents hold on it: passages, rated sentences, a verdict."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index import Document, Index
from index.filters import Allowed
from index.records import Span
from rag.abstain import Verdict, judge
from rag.antecedents import leans_back
from rag.conversation import Cited
from rag.generators import Evidence
from rag.generators.base import CONTEXT
from rag.planted import is_planted
from rag.relevance import rate
from rag.retrieve import Hit, retrieve, retrieve_follow_up
from rag.settings import RagSettings, RetrievalSettings
from rag.unknown_names import unheard_names
from rag.vocabulary import Lexicon, Understood, understand

Source = Callable[[str], Document]
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LONGEST_PLANTED = 600


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found for one part of a question, and whether it holds an answer."""

    understood: Understood
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    verdict: Verdict


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
    evidence = rate(understood, hits, evidence_of(hits, source, index, first), index)
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


def evidence_of(hits: Sequence[Hit], source: Source, index: Index, first: int = 1) -> tuple[Evidence, ...]:
    """The sentences of the passages, numbered from `first` in the order of the passages.

    A passage that opens with "He" or "This" comes with the sentence before it, as context. Orders to a
    program that reads them are left out.
    """
    evidence: list[Evidence] = []
    for at, hit in enumerate(hits):
        document = source(hit.chunk.document)
        for span, kind in _spans(hit, document, index):
            evidence.append(
                Evidence(
                    number=first + len(evidence),
                    passage=at,
                    document=document.path,
                    title=document.title,
                    date=document.date,
                    heading=hit.chunk.heading,
                    start=span.start,
                    end=span.end,
                    text=document.text[span.start : span.end],
                    score=hit.score,
                    page=document.page_at(span.start),
                    kind=kind,
                )
            )
    return tuple(evidence)


def _spans(hit: Hit, document: Document, index: Index) -> Iterator[tuple[Span, str]]:
    sentences = hit.chunk.sentences
    before = index.chunk_before(hit.chunk)
    earlier = before.sentences if before is not None else ()
    planted_to = -1
    for span in earlier:
        planted_to = max(planted_to, _planted_to(document, span))
    leaning = sentences and leans_back(document.text[sentences[0].start : sentences[0].end])
    near = before is not None and earlier and before.heading == hit.chunk.heading
    if leaning and near and earlier[-1].start >= planted_to:
        yield earlier[-1], CONTEXT
    for span in sentences:
        planted_to = max(planted_to, _planted_to(document, span))
        if span.start >= planted_to:
            yield span, document.kind_at(span.start)


def _planted_to(document: Document, span: Span) -> int:
    """How far what a sentence orders a program to do may reach; -1 if it orders nothing."""
    return _paragraph_end(document, span) if is_planted(document.text[span.start : span.end]) else -1


def _paragraph_end(document: Document, span: Span) -> int:
    """The next empty line, at most some sentences on; a row of a table ends with itself."""
    if document.kind_at(span.start) == "row":
        return span.end
    blank = _BLANK_LINE.search(document.text, span.end, span.end + _LONGEST_PLANTED)
    return blank.start() if blank else min(span.end + _LONGEST_PLANTED, len(document.text))
