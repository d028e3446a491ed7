"""Whose word a question asks for ("according to Ferreira, …"), and whose word a document is.

The writer of a document is the author its metadata name, the sender of a mail, or the line of names under
its title; of what a mail repeats, who the line above it names.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from index import Document
from index.quoted import is_quoted
from index.words import content_terms, term_set
from rag.generators.base import Evidence
from rag.values import UPPER

_READ = 400
_PERSON = (
    rf"(?:[{UPPER}]\.(?:[ -]?[{UPPER}]\.)* ?[{UPPER}][\w’'-]+(?: [{UPPER}][\w’'-]+)?"
    rf"|[{UPPER}][\w’'-]+, (?:[{UPPER}]\. ?)+)"
)
_NAMED = rf"[{UPPER}][\w’'.-]+(?: [{UPPER}][\w’'.-]+){1,3}"
_BYLINE = re.compile(
    rf"^[ \t]*(?:#+ )?(?:(?P<people>{_PERSON}(?:(?:, |,? and |,? & |; ){_PERSON})*(?:,? et al\.?)?)"
    rf"(?:,? \(?\d{{4}}\)?)?|(?i:by|authors?:|written by|from:) (?P<named>{_NAMED}(?:(?:, |,? and |,? & ){_NAMED})*))"
    r"[ \t.]*$",
    re.MULTILINE,
)
_CAPITAL = rf"[{UPPER}][\w-]+"
_NAME = rf"(?:(?:[Tt]he|[Dd]r\.?|[Pp]rof\.?|[Mm]rs?\.?|[Mm]s\.?) )?(?P<name>{_CAPITAL}(?:(?: et al\.?)|(?:,? (?:and|&))? {_CAPITAL}){{0,3}})"
_ASKED = (
    re.compile(rf"\b(?:[Aa]ccording to|[Ii]n the (?:view|opinion|words) of) {_NAME}"),
    re.compile(
        rf"\b(?:do|does|did|has|have) {_NAME} (?:say|said|think|thought|find|found|report|claim|state|write|wrote"
        r"|written|conclude|argue|attribute|propose|suggest|measured?|use|used|observed?)\b"
    ),
    re.compile(rf"\b{_NAME}(?:['’]s|['’]) (?:\w+ )?(?:study|paper|report|article|sample|e?-?mail|letter|message|work"
               r"|view|opinion|results?|data|findings?)\b"),
)
_NOT_NAMED = 0.6
_ONLY_NAMES = 0.3


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


def spoken(question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence, that of others less relevant, where a question asks the word of one who wrote some of it."""
    asked = speaker(question)
    if not asked or not any(_wrote(item, asked) for item in evidence):
        return tuple(evidence)
    told = []
    for item in evidence:
        share = 1.0
        if term_set(item.text) <= term_set(item.writer) | asked | {""} or _BYLINE.fullmatch(item.text):
            share = _ONLY_NAMES
        elif not _wrote(item, asked):
            share = _NOT_NAMED if not asked <= term_set(item.text) else (1 + _NOT_NAMED) / 2
        told.append(item if share == 1.0 else replace(item, relevance=item.relevance * share))
    return tuple(told)


def _wrote(item: Evidence, asked: frozenset[str]) -> bool:
    return bool(item.writer) and asked <= term_set(item.writer)
