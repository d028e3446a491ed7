"""What the source panel shows: the list of one turn's sources, and a document around one of them.

The page asks with `KEY` for a list and with `KEY-3` (citation 3) or `KEY-p2` (passage 2) for a text.
Both are strings from outside and are checked here; everything else comes from what was kept.
"""

import re
from typing import TYPE_CHECKING, Any

from index.errors import DocumentUnknown
from index.records import Document
from rag.records import Citation, Passage
from ui.kept import Kept, KeptTurns

if TYPE_CHECKING:
    from rag import Rag

WHOLE_LIMIT = 200_000
WINDOW = 20_000
CARD_LIMIT = 400
# Cosine similarity; the fused score is relative to the other passages of the same question.
STRONG, FAIR = 0.55, 0.35
_KEY = re.compile(r"[0-9a-f]{16}")
_REF = re.compile(r"([0-9a-f]{16})-(p?)([1-9][0-9]{0,3})")

Payload = dict[str, Any]


def empty_list() -> Payload:
    """The list before the first question."""
    return {"phase": "empty", "cited": [], "others": []}


def source_list(rag: "Rag", turns: KeptTurns, key: object) -> Payload:
    """The list of one turn's sources: those cited, then what else was found."""
    valid = isinstance(key, str) and _KEY.fullmatch(key)
    kept = turns.get(str(key)) if valid else Kept("gone")
    cited = [_card(rag, f"{key}-{c.number}", c, _around(c, kept.passages)) for c in kept.citations]
    others = [
        _card(rag, f"{key}-p{place}", passage, passage)
        for place, passage in enumerate(kept.passages, 1)
        if not any(_inside(c, passage) for c in kept.citations)
    ]
    return {"phase": kept.phase, "cited": cited, "others": others}


def source_view(rag: "Rag", turns: KeptTurns, ref: object) -> Payload:
    """The document around one reference, or why it cannot be shown: `gone` or `stale`."""
    match = _REF.fullmatch(ref) if isinstance(ref, str) else None
    if match is None:
        return {"state": "gone"}
    kept, number = turns.get(match[1]), int(match[3])
    known: dict[int, Citation | Passage] = (
        dict(enumerate(kept.passages, 1)) if match[2] else {c.number: c for c in kept.citations}
    )
    source = known.get(number)
    if source is None:
        return {"state": "gone"}
    order = [f"{match[1]}-{match[2]}{n}" for n in known]
    place = order.index(match[0])
    document = _document(rag, source)
    return {
        "number": source.number if isinstance(source, Citation) else None,
        "previous": order[place - 1] if place else None,
        "next": order[place + 1] if place + 1 < len(order) else None,
        "title": _title(source, document),
        "document": source.document,
        "date": document.date if document else "",
        "quote": _quote(source),
        "start": source.start,
        "end": source.end,
        **_text(source, document),
    }


def _text(source: Citation | Passage, document: Document | None) -> Payload:
    """The text around the span, or `stale` when the document no longer holds exactly these words there."""
    if document is None or document.text[source.start : source.end] != _quote(source):
        return {"state": "stale"}
    if isinstance(source, Citation) and document.sha256 != source.sha256:
        return {"state": "stale"}
    first, last = _window(len(document.text), source.start, source.end)
    return {"state": "ok", "text": document.text[first:last], "offset": first, "length": len(document.text)}


def _window(length: int, start: int, end: int) -> tuple[int, int]:
    if length <= WHOLE_LIMIT:
        return 0, length
    first = max(0, start - WINDOW // 2)
    return first, min(length, max(end, first + WINDOW))


def _card(rag: "Rag", ref: str, source: Citation | Passage, passage: Passage | None) -> Payload:
    document = _document(rag, source)
    return {
        "ref": ref,
        "number": source.number if isinstance(source, Citation) else None,
        "title": _title(source, document),
        "document": source.document,
        "date": document.date if document else "",
        "quote": " ".join(_quote(source).split())[:CARD_LIMIT],
        "match": _match(passage),
    }


def _document(rag: "Rag", source: Citation | Passage) -> Document | None:
    try:
        return rag.document(source.document)
    except DocumentUnknown:
        return None


def _title(source: Citation | Passage, document: Document | None) -> str:
    own = source.title if isinstance(source, Citation) else ""
    return own or (document.title if document else "") or source.document


def _quote(source: Citation | Passage) -> str:
    return source.quote if isinstance(source, Citation) else source.text


def _inside(citation: Citation, passage: Passage) -> bool:
    same = citation.document == passage.document
    return same and passage.start <= citation.start and citation.end <= passage.end


def _around(citation: Citation, passages: tuple[Passage, ...]) -> Passage | None:
    return next((p for p in passages if _inside(citation, p)), None)


def _match(passage: Passage | None) -> str:
    """How closely the passage matches the question, in words."""
    if passage is None or passage.scores.dense is None:
        return ""
    score = passage.scores.dense
    return "Strong match" if score >= STRONG else "Fair match" if score >= FAIR else "Weak match"
