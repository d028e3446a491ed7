"""A question to ranked passages: vectors and words fused, perhaps reranked, copies left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Chunk, Index
from index.errors import UsageError
from index.filters import Allowed
from rag.conversation import Cited
from rag.fuse import blended, convex
from rag.records import Passage, Scores
from rag.rerank import open_reranker
from rag.settings import RetrievalSettings
from rag.varied import varied
from rag.vocabulary import Understood

# How many times as many are looked at as are kept: copies and a document's further passages fall away.
_LOOKED_AT = 3
_MOST_CITED = 4


@dataclass(frozen=True, slots=True)
class Scope:
    """What is searched, and how.

    Attributes:
        allowed: What filters leave to be searched; None for everything.
        without: Chunks that are passed over, as if they were not there; a few hundred at most.
    """

    index: Index
    settings: RetrievalSettings
    allowed: Allowed | None = None
    without: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk with its scores."""

    chunk: Chunk
    scores: Scores

    @property
    def score(self) -> float:
        """The score it is ranked by, 0 to 1."""
        return (self.scores.fused if self.scores.rerank is None else self.scores.rerank) or 0.0

    def passage(self) -> Passage:
        """The chunk as it appears in an answer."""
        chunk = self.chunk
        return Passage(chunk.document, chunk.start, chunk.end, chunk.text, self.score, self.scores)


def retrieve(scope: Scope, understood: Understood, k: int) -> tuple[Hit, ...]:
    """The `k` best chunks for a question, best first; ties in the order of chunk ids.

    Raises:
        UsageError: `k` is below 1.
        SettingsError: The settings name no reranker that is known.
        ModelMissing: The reranker is not there.
    """
    if k < 1:
        raise UsageError(f"k is the number of passages wanted, 1 or more; got {k}")
    index, settings = scope.index, scope.settings
    depth = max(settings.candidates, min(k, len(index)))  # the searches set aside room for all they may give
    vector = index.vectors_of([understood.query], query=True)[0]
    deeper = depth + len(scope.without)
    dense = _left(index.nearest(vector, deeper, scope.allowed), scope.without, depth)
    words = _left(index.matching(list(understood.terms), deeper, scope.allowed), scope.without, depth)
    fused = convex(dense, words, settings.dense_weight, depth)[: _LOOKED_AT * k]
    chunks = index.chunks_by_id([chunk for chunk, _ in fused])
    ranked = [chunks[number] for number, _ in fused]
    reranked: dict[int, float] = {}
    if reranker := open_reranker(settings.reranker):
        given = reranker.scores(understood.query, [chunk.text for chunk in ranked])
        reranked = {chunk.id: score for chunk, score in zip(ranked, given, strict=True)}
        ranked.sort(key=lambda chunk: (-reranked[chunk.id], chunk.id))
    kept = varied(ranked, k, settings.per_document)
    parts = [dict(dense), dict(words), dict(fused), reranked]
    hits = [Hit(chunk, Scores(*(part.get(chunk.id) for part in parts))) for chunk in kept]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id)))


def retrieve_follow_up(
    scope: Scope, understood: Understood, asked: Understood, k: int, cited: Sequence[Cited] = ()
) -> tuple[Hit, ...]:
    """The `k` best chunks for a follow-up: as completed, and as asked; scores are those of the former.

    Args:
        cited: What the answer before cited: the chunks it stands in come along, beyond the `k`.

    Raises:
        UsageError: `k` is below 1.
    """
    depth = _LOOKED_AT * k
    found = retrieve(scope, understood, depth)
    more = retrieve(scope, asked, depth)
    hits = {hit.chunk.id: Hit(hit.chunk, Scores()) for hit in more} | {hit.chunk.id: hit for hit in found}
    fused = blended([(h.chunk.id, h.score) for h in found], [(h.chunk.id, h.score) for h in more])
    scored = {chunk: Hit(hits[chunk].chunk, _blended(hits[chunk].scores, score)) for chunk, score in fused}
    kept = {chunk.id for chunk in varied((scored[n].chunk for n, _ in fused), k, scope.settings.per_document)}
    for chunk in _cited_chunks(scope.index, cited, scope.allowed):
        if chunk.id not in scope.without:
            kept.add(chunk.id)
            scored.setdefault(chunk.id, Hit(chunk, Scores()))
    return tuple(sorted((scored[number] for number in kept), key=lambda hit: (-hit.score, hit.chunk.id)))


def _cited_chunks(index: Index, cited: Sequence[Cited], allowed: Allowed | None) -> tuple[Chunk, ...]:
    """The chunks that citations begin in, a few at most; documents that have gone are passed over."""
    known = set(index.documents)
    found: dict[int, Chunk] = {}
    for one in cited:
        for chunk in index.chunks(one.document) if one.document in known else ():
            if chunk.start <= one.start < chunk.end and (allowed is None or chunk.id in allowed.chunks):
                found[chunk.id] = chunk
    return tuple(found.values())[:_MOST_CITED]


def _blended(scores: Scores, score: float) -> Scores:
    """Where a reranker ranked, its score is what was blended."""
    return replace(scores, fused=score) if scores.rerank is None else replace(scores, rerank=score)


def _left(ranked: list[tuple[int, float]], without: frozenset[int], depth: int) -> list[tuple[int, float]]:
    return [hit for hit in ranked if hit[0] not in without][:depth] if without else ranked
