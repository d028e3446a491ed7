"""Whose word a question asks for ("according to Ferreira, …"), and whose word a document is.

The writer of a document is the author its metadata name, the sender of a mail, or the line of names under
its title; of what a mail repeats, who the line above it names.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from index import Document
from index.quoted import is_quoted
from index.words import content_terms, term_set
from rag.generators.base import Evidence
from rag.relevance import OWN
from rag.values import UPPER
from rag.vocabulary import Understood

_READ = 400
_PERSON = (
    rf"(?:[{UPPER}]\.(?:[ -]?[{UPPER}]\.)* ?[{UPPER}][\w’'-]+(?: [{UPPER}][\w’'-]+)?"
    rf"|[{UPPER}][\w’'-]+, (?:[{UPPER}]\. ?)+)"
)
_FULL_NAME = rf"[{UPPER}][\w’'.-]+(?: [{UPPER}][\w’'.-]+){{1,3}}"
_BYLINE = re.compile(
    rf"^[ \t]*(?:#+ )?(?:(?P<people>{_PERSON}(?:(?:, |,? and |,? & |; ){_PERSON})*(?:,? et al\.?)?)"
    rf"(?:,? \(?\d{{4}}\)?)?|(?i:by|authors?:|written by|from:) (?P<named>"
    rf"{_FULL_NAME}(?:(?:, |,? and |,? & ){_FULL_NAME})*))[ \t.]*$",
    re.MULTILINE,
)
_CAPITAL = rf"[{UPPER}][\w-]+"
_NAME = (
    r"(?:(?:[Tt]he|[Dd]r\.?|[Pp]rof\.?|[Mm]rs?\.?|[Mm]s\.?) )?"
    rf"(?P<name>{_CAPITAL}(?: et al\.?|(?:,? (?:and|&))? {_CAPITAL}){{0,3}})"
)
_ASKED = (
    re.compile(rf"\b(?:[Aa]ccording to|[Ii]n the (?:view|opinion|words) of) {_NAME}"),
    re.compile(
        rf"\b(?i:do|does|did|has|have) {_NAME} (?:say|said|think|thought|find|found|report|claim|state|write"
        r"|wrote|written|conclude|argue|attribute|propose|suggest|measured?|use|used|observed?)\b"
    ),
    re.compile(
        rf"\b{_NAME}(?:['’]s|['’]) (?:\w+ )?(?:study|paper|report|article|sample|e?-?mail|letter|message|work"
        r"|view|opinion|results?|data|findings?)\b"
    ),
)
_NOT_NAMED = 0.6
_NAMED_IN = 0.7
_LITTLE = 0.5
_SENDER = re.compile(r"(?:from|to|cc|date|sent|subject|authors?|by): ", re.IGNORECASE)


@lru_cache(maxsize=1024)
def speaker(question: str) -> frozenset[str]:
    """The terms of the name of whom a question asks; none where it asks nobody's word."""
    found = next((match for shape in _ASKED if (match := shape.search(question))), None)
    name = re.sub(r"\bet al\b\.?|\band\b", " ", found["name"]) if found else ""
    return frozenset(content_terms(name))


def writer(document: Document, heading: str) -> str:
    """The names of who wrote what stands under a heading; "" where the document does not tell."""
    if is_quoted(heading):
        return heading
    return document.metadata.get("author") or _byline(document.text[:_READ])


@lru_cache(maxsize=4096)
def _byline(opening: str) -> str:
    match = _BYLINE.search(opening)
    return (match["people"] or match["named"]) if match else ""


def spoken(understood: Understood, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence; where a question asks the word of one who wrote some of it, the rest hardly counts."""
    asked = speaker(understood.query)
    own = [item.relevance for item in evidence if asked and wrote(asked, item.writer)]
    if not own:
        return tuple(evidence)
    # What others say is another's word; it is read only where the one asked for says next to nothing of it.
    others = _NOT_NAMED if max(own) < _LITTLE * max(item.relevance for item in evidence) else 0.0
    told = []
    for item in evidence:
        relevance = item.relevance
        if _BYLINE.fullmatch(item.text) or _SENDER.match(item.text):
            relevance = 0.0  # it only says who speaks
        elif not wrote(asked, item.writer):
            relevance *= _NAMED_IN if asked <= term_set(item.text) else others
        elif relevance:
            # Who writes "we" need not say the own name.
            relevance += OWN * understood.coverage(asked - term_set(item.text))
        told.append(item._replace(relevance=relevance))
    return tuple(told)


def heard(understood: Understood, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence by one whose word is asked for; all of it where nobody's is, or none is by that one."""
    asked = speaker(understood.query)
    return tuple(item for item in evidence if asked and wrote(asked, item.writer)) or tuple(evidence)


def wrote(asked: frozenset[str], by: str) -> bool:
    """Whether one whose name has these terms is among the writers."""
    return bool(by) and asked <= term_set(by)
