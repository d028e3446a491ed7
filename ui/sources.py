"""What the source panel lists for a turn: the sources its answer uses, then what else was found. Pure.

A reference is `KEY-3` (citation 3 of the turn KEY) or `KEY-p2` (its passage 2); the page never names a path.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from index import formats
from index.errors import DocumentUnknown
from index.records import Document
from rag.records import Answer, Citation, Passage
from ui.render import marked
from ui.turns import Turn

if TYPE_CHECKING:
    from rag import Rag

CARD_LIMIT = 400
# Cosine similarity; the fused score is relative to the other passages of the same question.
STRONG, FAIR = 0.55, 0.35

Payload = dict[str, Any]


def source_list(rag: "Rag", turn: Turn | None) -> Payload:
    """The list of one turn's sources."""
    if turn is None:
        return {"phase": "gone", "cited": [], "others": []}
    answer = turn.answer
    sides = _sides(answer)
    # What disagrees stands first and together.
    order = sorted(answer.citations, key=lambda c: (c.number not in sides, c.number))
    cited = [
        _card(rag, f"{turn.key}-{c.number}", c, _around(c, answer.passages), sides.get(c.number))
        for c in (order if sides else answer.citations)
    ]
    others = [
        _card(rag, f"{turn.key}-p{place}", passage, passage, None)
        for place, passage in enumerate(answer.passages, 1)
        if not any(_inside(c, passage) for c in answer.citations)
    ]
    return {"phase": turn.phase, "cited": cited, "others": others}


def document_of(rag: "Rag", path: str) -> Document | None:
    """A document of the index, or None."""
    try:
        return rag.document(path)
    except DocumentUnknown:
        return None


def title_of(source: Citation | Passage, document: Document | None) -> str:
    """What a source is called."""
    own = source.title if isinstance(source, Citation) else ""
    return own or (document.title if document else "") or source.document


def quote_of(source: Citation | Passage) -> str:
    """The exact words of a source."""
    return source.quote if isinstance(source, Citation) else source.text


def is_stale(source: Citation | Passage, document: Document | None) -> bool:
    """Whether the document no longer holds exactly these words there, or is another one by now."""
    if document is None or document.text[source.start : source.end] != quote_of(source):
        return True
    return isinstance(source, Citation) and document.sha256 != source.sha256


def outdated(rag: "Rag", turns: Iterable[Turn]) -> list[str]:
    """References of the citations whose document was changed or removed since the answer."""
    known: dict[str, Document | None] = {}
    out = []
    for turn in turns:
        for citation in turn.answer.citations:
            if citation.document not in known:
                known[citation.document] = document_of(rag, citation.document)
            if is_stale(citation, known[citation.document]):
                out.append(f"{turn.key}-{citation.number}")
    return out


def place_of(source: Citation | Passage, document: Document | None) -> str:
    """Page, slide, row or record, and heading, as far as they are known."""
    page = document.page_at(source.start) if document else None
    heading = ""
    if isinstance(source, Citation):
        page, heading = source.page or page, source.heading or ""
    return ", ".join(filter(None, [formats.place_of(source.document, page), heading]))


def _card(
    rag: "Rag", ref: str, source: Citation | Passage, passage: Passage | None, side: str | None
) -> Payload:
    document = document_of(rag, source.document)
    match, share, why = _match(passage)
    title, place = title_of(source, document), place_of(source, document)
    quote = " ".join(quote_of(source).split())[:CARD_LIMIT]
    return {
        "ref": ref,
        "number": source.number if isinstance(source, Citation) else None,
        "title": title,
        "document": source.document,
        "date": document.date if document else "",
        "place": "" if place == title else place,
        "quote": marked(quote, side or ""),
        "match": match,
        "share": share,
        "why": why,
        "says": side or "",
        "stale": is_stale(source, document),
    }


def _sides(answer: Answer) -> dict[int, str]:
    """Citation number to what it says, for the citations that disagree."""
    return {value.citation: value.value for conflict in answer.conflicts for value in conflict.values}


def _inside(citation: Citation, passage: Passage) -> bool:
    same = citation.document == passage.document
    return same and passage.start <= citation.start and citation.end <= passage.end


def _around(citation: Citation, passages: tuple[Passage, ...]) -> Passage | None:
    return next((p for p in passages if _inside(citation, p)), None)


def _match(passage: Passage | None) -> tuple[str, int, str]:
    """How closely the passage matches the question: in a word, in per cent, and why it was found."""
    if passage is None or passage.scores.dense is None:
        return "", 0, "Found by its words" if passage and passage.scores.words else ""
    score = passage.scores.dense
    word = "Strong match" if score >= STRONG else "Fair match" if score >= FAIR else "Weak match"
    by = ["meaning"] * (score >= FAIR) + ["words"] * bool(passage.scores.words)
    return word, round(100 * min(1.0, max(0.0, score))), f"by {' and '.join(by)}" if by else ""
