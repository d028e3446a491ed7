"""Find what documents repeat at their beginning or end: menus, signatures, footers, legal notes.

Only such edges are looked at, and only lines that are no full sentences (or that read like a legal note), no
stated headings, table rows or `key: value` facts. Lines are compared as a sequence from the edge inwards, so
a label shared by many documents does not take the values below it along. Nothing becomes unfindable: the
first document that has a line keeps it as body text, and a document that would lose much keeps everything.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from index.load import title_of
from index.page_lines import SHORT, look
from index.reading import reader_of
from index.records import Document

# Part of the index fingerprint: change it whenever other lines can be found.
RULES = "edges-1"
REASON = "repeated"
# Of a line that others repeat, in the document that keeps it.
KEPT = "repeated, kept here"
DOCUMENTS = 3
_SHARE, _SURELY = 0.1, 50
# A line or two could be chance, unless most documents of the folder have them.
_LINES, _WIDE_SHARE, _WIDE_WORDS = 3, 2 / 3, 3
# Lines that are followed by different ones are labels or categories, not furniture.
_STAYS_TOGETHER = 0.75
_DEEPEST = 16
_WORDS, _SENTENCE, _OF_A_SENTENCE = 9, 4, 0.3
# A "word" so long on average is a sentence in a script without spaces.
_UNSPACED = 8
_LONGEST = 600
_MOST_OF_BODY = 1 / 3
# "Status: closed" is a fact about its document; "Tel: 030 1234" may close all letters of a house.
_VALUE = re.compile(
    r"(?!(?:tel(?:ephone)?|phone|mobile|fax|e-?mail|web(?:site)?|internet)\b)"
    r"[^\W\d][\w’'./-]*(?: [\w’'./-]+){0,3}: ?(?!//)\S"
)
_LEGAL = re.compile(
    r"confidential|privileged|intended (?:solely |only )?(?:for|recipient)|addressee"
    r"|all rights reserved|©|copyright"
    r"|disclaimer|unsubscribe"
    r"|(?:prior|written) (?:written )?(?:permission|consent)|liability|trademark"
    r"|registered (?:office|in|number)|notify the sender|unauthori[sz]ed|do not (?:copy|print|distribute)"
    r"|vertraulich|haftung|alle rechte vorbehalten|confidentiel|tous droits réservés|reservados",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Edge:
    """One line of a document's edge.

    Attributes:
        block: Its place among the document's blocks.
        digest: Of the line and all lines between it and the edge.
        before: The digest of the line before it on the way from the edge; empty for the outermost.
        legal: It reads like a legal note.
        words: How many words it has.
    """

    block: int
    digest: bytes
    before: bytes
    legal: bool
    words: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A line, known by its digest, that enough documents have.

    Attributes:
        keeper: The document that keeps it, the first by path.
        wide: Most documents of the folder have it.
    """

    keeper: str
    wide: bool


def enough(documents: int) -> int:
    """In how many documents of so many a line must stand."""
    return max(DOCUMENTS, min(math.ceil(documents * _SHARE), _SURELY))


def repeats(found: Iterable[tuple[bytes, bytes, int, str]], documents: int) -> dict[bytes, Repeat]:
    """The lines that count as repeated.

    Args:
        found: (digest, digest before it, documents that have it, first of them), each in enough documents.
    """
    rows = {digest: (before, count, keeper) for digest, before, count, keeper in found}
    together: dict[bytes, Repeat] = {}
    # A line stands in no more documents than the one before it, and equal counts have a row each.
    for digest in rows:
        way = [digest]
        while (before := rows[way[-1]][0]) and before in rows:
            way.append(before)
        pairs = pairwise(way)
        if all(rows[inner][1] >= _STAYS_TOGETHER * rows[outer][1] for inner, outer in pairs):
            _, count, keeper = rows[digest]
            together[digest] = Repeat(keeper, count >= _WIDE_SHARE * documents)
    return together


def edges(document: Document) -> tuple[Edge, ...]:
    """The lines at the beginning and end of a document that might be repeated, outermost first."""
    stated = reader_of(document.path).headings_stated
    head = list(_walk(document, range(len(document.blocks)), b"head", stated))
    last = head[-1].block if head else -1
    foot = list(_walk(document, range(len(document.blocks) - 1, last, -1), b"foot", stated))
    return (*head, *foot)


def core_of(document: Document, edge: Iterable[Edge]) -> bytes:
    """A digest of the rest of the body, equal in copies of one text; empty where there is no rest."""
    taken = {line.block for line in edge}
    digest, some = hashlib.sha256(), False
    for at, block in enumerate(document.blocks):
        if at not in taken and block.verdict == "body":
            some = True
            digest.update(_normal(document.text[block.start : block.end]).encode("utf-8", "surrogatepass"))
    return digest.digest()[:8] if some else b""


def marked(document: Document, known: Mapping[bytes, Repeat]) -> Document:
    """The document with what others repeat marked, and what was marked before and is no longer, unmarked."""
    plain = unmarked(document)
    found = [line for run in _runs(edges(plain), known) for line in run]
    reasons = {line.block: KEPT if known[line.digest].keeper == plain.path else REASON for line in found}
    lost = {at for at, reason in reasons.items() if reason == REASON}
    sizes = [block.end - block.start if block.verdict == "body" else 0 for block in plain.blocks]
    if sum(sizes[at] for at in lost) > _MOST_OF_BODY * sum(sizes):
        reasons = {}
    blocks = tuple(
        block
        if at not in reasons
        else replace(block, verdict="boilerplate" if reasons[at] == REASON else "body", reason=reasons[at])
        for at, block in enumerate(plain.blocks)
    )
    if blocks == document.blocks:
        return document
    made = replace(document, blocks=blocks)
    # A title that was found in the body is found again, now below a menu.
    found_title = document.title == title_of(replace(document, title=""))
    return replace(made, title=title_of(replace(made, title=""))) if found_title else made


def unmarked(document: Document) -> Document:
    """The document as it was before other documents were looked at."""
    if not any(block.reason in (REASON, KEPT) for block in document.blocks):
        return document
    return replace(
        document,
        blocks=tuple(
            replace(block, verdict="body", reason="") if block.reason in (REASON, KEPT) else block
            for block in document.blocks
        ),
    )


def _walk(document: Document, places: Iterable[int], side: bytes, stated: bool) -> Iterator[Edge]:
    """From an edge inwards, past what is marked already, to the first line that is the document's own."""
    before, seen, taken = b"", side, 0
    for at in places:
        block = document.blocks[at]
        if block.verdict == "boilerplate":
            continue
        text = _normal(document.text[block.start : min(block.end, block.start + _LONGEST + 1)])
        legal = len(_LEGAL.findall(text)) >= 2
        own = block.reason or block.kind == "row" or (block.kind == "heading" and stated)
        if own or len(text) > _LONGEST or not (legal or _says_nothing(text)) or taken == _DEEPEST:
            return
        seen = hashlib.sha256(seen + b"\0" + text.encode("utf-8", "surrogatepass")).digest()[:12]
        yield Edge(at, seen, before, legal, len(text.split()))
        before, taken = seen, taken + 1


def _says_nothing(text: str) -> bool:
    """A short line that is no sentence, with or without a full stop, and no `key: value`."""
    if len(text) > SHORT or _VALUE.match(text) or text.endswith(":"):
        return False
    line = look(text)
    if not line.words:
        return not any(character.isalnum() for character in text)
    ends = line.ends_sentence and (len(line.words) >= _SENTENCE or line.word_length > _UNSPACED)
    runs_on = len(line.words) > _SENTENCE and line.function_share >= _OF_A_SENTENCE
    return not ends and not runs_on and len(line.words) <= _WORDS


def _runs(found: Iterable[Edge], known: Mapping[bytes, Repeat]) -> Iterator[list[Edge]]:
    """The repeated lines of each edge, where they are more than chance."""
    sides: list[list[Edge]] = []
    for line in found:
        if not line.before:
            sides.append([])
        if line.digest in known and (not line.before or sides[-1]):
            sides[-1].append(line)
    for run in sides:
        wide = [known[line.digest].wide and line.words >= _WIDE_WORDS for line in run]
        if len(run) >= _LINES or any(line.legal for line in run) or (run and all(wide)):
            yield run


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()
