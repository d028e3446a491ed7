"""The document view: the text around a reference, more of it on demand, and where it holds some words. Pure.

A reference is one of a turn's sources (`ui/sources.py`) or `d-` and a digest: a document of the list. All
offsets are code points into the document's text.
"""

import hashlib
import re
from typing import TYPE_CHECKING

from index.records import Document
from rag.records import Citation, Passage
from ui.sources import Payload, document_of, is_stale, place_of, quote_of, title_of
from ui.turns import Turn

if TYPE_CHECKING:
    from rag import Rag

WHOLE_LIMIT = 200_000
WINDOW = 20_000
FOUND_LIMIT = 500
SEARCH_LIMIT = 100
_REF = re.compile(r"([0-9a-f]{16})-(p?)([1-9][0-9]{0,3})")
_DOCUMENT = re.compile(r"d-[0-9a-f]{16}")


def key_of(ref: str) -> str | None:
    """The turn that a reference belongs to; "" for a document of the list; None if it is no reference."""
    if _DOCUMENT.fullmatch(ref):
        return ""
    match = _REF.fullmatch(ref)
    return match[1] if match else None


def document_ref(path: str) -> str:
    """The reference of a document in the list."""
    return f"d-{hashlib.sha256(path.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def source_view(rag: "Rag", turn: Turn | None, ref: str) -> Payload:
    """The document around one reference, or why it cannot be shown: `gone` or `stale`."""
    if turn is None:
        document = _listed(rag, ref)
        return _opened(document) if document else {"state": "gone"}
    known = _sources(turn, ref)
    source = known.get(ref)
    if source is None:
        return {"state": "gone"}
    order = list(known)
    place = order.index(ref)
    document = document_of(rag, source.document)
    view: Payload = {
        "number": source.number if isinstance(source, Citation) else None,
        "of": len(order),
        "at": place + 1,
        "previous": order[place - 1] if place else None,
        "next": order[place + 1] if place + 1 < len(order) else None,
        "title": title_of(source, document),
        "document": source.document,
        "date": document.date if document else "",
        "place": place_of(source, document),
        "quote": quote_of(source),
        "start": source.start,
        "end": source.end,
    }
    if document is None or is_stale(source, document):
        words = find_in(document, view["quote"]) if document else []
        told = "removed" if document is None else "moved" if words else "changed"
        return {**view, "state": "stale", "happened": told, "now": document and document_ref(document.path)}
    first, last = _window(len(document.text), source.start, source.end)
    return {**view, "state": "ok", **_part(document, first, last)}


def text_part(rag: "Rag", turn: Turn | None, ref: str, start: int) -> Payload | None:
    """The window of the document's text from a place on; None if the reference opens nothing."""
    document = _document(rag, turn, ref)
    if document is None:
        return None
    first = min(max(0, start), len(document.text))
    return _part(document, first, min(len(document.text), first + WINDOW))


def find_words(rag: "Rag", turn: Turn | None, ref: str, words: str) -> list[tuple[int, int]] | None:
    """Where the document holds these words, whatever their case and the white space between them."""
    document = _document(rag, turn, ref)
    return None if document is None else find_in(document, words[:SEARCH_LIMIT])


def find_in(document: Document, words: str) -> list[tuple[int, int]]:
    """Where the document holds these words, whatever their case and the white space between them."""
    parts = [re.escape(word) for word in words.split()]
    if not parts:
        return []
    found = re.finditer(r"\s+".join(parts), document.text, re.IGNORECASE)
    return [(m.start(), m.end()) for m, _ in zip(found, range(FOUND_LIMIT), strict=False)]


def path_of(rag: "Rag", turn: Turn | None, ref: str) -> str | None:
    """The path of the document that a reference opens."""
    document = _document(rag, turn, ref)
    return document.path if document else None


def _document(rag: "Rag", turn: Turn | None, ref: str) -> Document | None:
    if turn is None:
        return _listed(rag, ref)
    source = _sources(turn, ref).get(ref)
    return document_of(rag, source.document) if source else None


def _listed(rag: "Rag", ref: str) -> Document | None:
    path = next((path for path in rag.documents if document_ref(path) == ref), None)
    return document_of(rag, path) if path is not None else None


def _sources(turn: Turn, ref: str) -> dict[str, Citation | Passage]:
    """The sources among which a reference is one, in their order."""
    match = _REF.fullmatch(ref)
    if match is None or match[1] != turn.key:
        return {}
    if match[2]:
        return {f"{turn.key}-p{place}": p for place, p in enumerate(turn.answer.passages, 1)}
    return {f"{turn.key}-{c.number}": c for c in turn.answer.citations}


def _opened(document: Document) -> Payload:
    view = {
        "number": None,
        "previous": None,
        "next": None,
        "title": document.title or document.path,
        "document": document.path,
        "date": document.date,
        "place": "",
        "quote": "",
        "start": 0,
        "end": 0,
        "state": "ok",
    }
    return {**view, **_part(document, *_window(len(document.text), 0, 0))}


def _part(document: Document, first: int, last: int) -> Payload:
    return {"text": document.text[first:last], "offset": first, "length": len(document.text)}


def _window(length: int, start: int, end: int) -> tuple[int, int]:
    if length <= WHOLE_LIMIT:
        return 0, length
    first = max(0, start - WINDOW // 2)
    return first, min(length, max(end, first + WINDOW))
