"""Questions to begin with, made from the documents by patterns, without a model; each one is tried first.

A question is only shown if the program answers it, so a pattern may be wrong often; it may not be slow.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from index.records import Document

if TYPE_CHECKING:
    from rag import Rag

SHOWN = 4
_TRIED = 16
_READ = 24
_SENTENCES = 120
_LONGEST = 90

_WORD = r"[A-Z][\w’'-]+"
_NAME = rf"(?P<name>{_WORD}(?: (?:[A-Z]\.|{_WORD})){{1,2}})"
_COUNT = re.compile(
    r"\b\d[\d,.]* (?P<what>(?:[a-z]+ ){0,2}[a-z]+s) (?P<verb>were|are|have been) "
    r"(?P<rest>[a-z]+(?: [^\s,.;:()]+){0,5})"
)
_SAID = re.compile(
    # After a preposition stands a place: "the ambassador to Lund Ada Kern said".
    rf"\b(?<!\bto )(?<!\bin )(?<!\bof )(?<!\bfor )(?<!\bfrom ){_NAME},? "
    r"(?:said|told|says|stated|argued|explained|announced|warned|claimed|wrote)\b"
)
_ROLE = re.compile(rf"(?:^|[,:;] ){_NAME}, (?:an?|the) [a-z]")
_SHORT = re.compile(
    rf"\b(?:[Tt]he )?(?P<what>{_WORD}(?: (?:(?:and|of|for|the) )?{_WORD}){{1,5}}) \((?P<short>[A-Z]{{3,6}})\)"
)
_IS = re.compile(
    r"^(?:The |An? )?(?P<what>[A-Za-z][\w-]+(?: [\w-]+){0,3}) (?P<verb>is|are) (?:an?|the) [a-z]"
)
_PLAIN = frozenset("this that these those it there he she they we you i here what which who".split())
_OPENERS = _PLAIN | frozenset(
    "the a an in on at by for with from as after before since when while if but and".split()
)
_HEADING = range(2, 9)


def suggestions(rag: "Rag") -> tuple[str, ...]:
    """Some questions that these documents answer, from as many of them as possible."""
    shown: list[str] = []
    per_document = [iter(questions_of(document)) for document in _documents(rag)]
    tried = 0
    while per_document and len(shown) < SHOWN and tried < _TRIED:
        for candidates in list(per_document):
            question = next(candidates, None)
            if question is None:
                per_document.remove(candidates)
                continue
            tried += 1
            if question not in shown and rag.ask(question).status == "answered":
                shown.append(question)
            if len(shown) == SHOWN or tried == _TRIED:
                break
    return tuple(shown)


def questions_of(document: Document) -> list[str]:
    """The questions that the patterns make of one document, the likeliest first."""
    body = [b for b in document.blocks if b.verdict == "body"]
    texts = [" ".join(document.text[b.start : b.end].split()) for b in body]
    headings = [t for t, b in zip(texts, body, strict=True) if b.kind == "heading"]
    titles = frozenset(headings)
    split = (s for t in texts if t not in titles for s in re.split(r"(?<=[.!?]) +", t))
    sentences = list(islice(split, _SENTENCES))
    asked = [heading for heading in headings if heading.endswith("?")]
    kinds = [
        _people(sentences),
        _counts(sentences),
        _things(sentences),
        _headings(headings),
        _speakers(sentences),
    ]
    found = [*asked, *(q for same_rank in _in_turn(kinds) for q in same_rank)]
    return [q for q in dict.fromkeys(found) if len(q) <= _LONGEST]


def _documents(rag: "Rag") -> Iterator[Document]:
    """Some documents, spread over the whole list."""
    paths = rag.documents
    step = max(1, len(paths) // _READ)
    for path in islice(paths, 0, None, step):
        yield rag.document(path)


def _in_turn(kinds: list[list[str]]) -> Iterator[list[str]]:
    """The first of every kind, then the second of every kind, …"""
    for place in range(max(map(len, kinds), default=0)):
        yield [kind[place] for kind in kinds if place < len(kind)]


def _people(sentences: list[str]) -> list[str]:
    found = (_ROLE.search(sentence) for sentence in sentences)
    return [f"Who is {m['name']}?" for m in found if m and _is_name(m["name"])]


def _speakers(sentences: list[str]) -> list[str]:
    found = (_SAID.search(sentence) for sentence in sentences)
    return [f"What did {m['name']} say?" for m in found if m and _is_name(m["name"])]


def _is_name(words: str) -> bool:
    """Whether the first word has its capital for another reason than opening a sentence."""
    return words.split()[0].lower() not in _OPENERS


def _counts(sentences: list[str]) -> list[str]:
    found = (_COUNT.search(sentence) for sentence in sentences)
    return [f"How many {m['what']} {m['verb']} {m['rest']}?" for m in found if m]


def _things(sentences: list[str]) -> list[str]:
    named = [
        f"What is the {m['what']}?" for s in sentences if (m := _SHORT.search(s)) and _is_name(m["what"])
    ]
    found = (_IS.match(sentence) for sentence in sentences)
    good = (m for m in found if m and not _PLAIN & set(m["what"].lower().split()))
    return named + [f"What {m['verb']} {m['what']}?" for m in good]


def _headings(headings: list[str]) -> list[str]:
    short = (h for h in headings if len(h.split()) in _HEADING and h[-1].isalnum())
    return [f"What is said about “{heading}”?" for heading in short]
