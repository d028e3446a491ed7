"""Which blocks of a page are its article: trafilatura's choice, matched to our blocks by their words.

Losing body text is worse than keeping an advert. Trafilatura drops code, captions, short lists and such as
hold links, questions on buttons, and short paragraphs with a frame of their own. So what stands between kept
blocks stays body where it looks like the article; a heading goes with the text below it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.records import BlockKind

OUTSIDE = "outside_article"
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")
_FEWEST = 25
_SHORT = 6
_PROSE = 25
_SHINGLE = 4
_MOSTLY = 0.7
_GAP = 3
_LINKED = 0.35


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a page before its verdict.

    Attributes:
        context: What the elements around it say it is; "" for plain content.
        hidden: Not shown to a reader of the page.
        raw: Its words as on the page, without the column names of a row.
        linked: Share of it that is links.
        container: Number of the element that holds it, lists and tables not counted.
    """

    text: str
    kind: BlockKind
    context: str
    hidden: bool
    raw: str
    verbatim: bool = False
    linked: float = 0.0
    container: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """What trafilatura found. `lines` and `comments` are normalised; no lines: no article."""

    lines: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


def article_of(text: str) -> Article:
    """Trafilatura's article and metadata of a page; empty when it finds none."""
    import trafilatura

    try:
        found = trafilatura.bare_extraction(
            text,
            with_metadata=True,
            include_comments=True,
            include_tables=True,
            # Its search for a date in the running text guesses; what the page states is enough.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except (ValueError, TypeError, AttributeError, RecursionError):  # odd trees break it here and there
        return Article()
    if found is None or isinstance(found, dict):
        return Article()
    names = ("title", "date", "author", "url", "language")
    metadata = {name: str(value) for name in names if (value := getattr(found, name, None))}
    lines = _lines(found.text)
    if sum(line.count(" ") + 1 for line in lines) < _FEWEST:
        lines = ()
    return Article(lines, _lines(found.comments), metadata)


def verdicts(pieces: Sequence[Piece], article: Article) -> list[str]:
    """The reason why each block is boilerplate; "" for body text."""
    if not article.lines:
        return ["hidden" if piece.hidden else "" for piece in pieces]
    inside, said = _Words(article.lines), _Words(article.comments)
    keys = [_key(piece.raw) for piece in pieces]
    kept = [not piece.hidden and inside.hold(key) for piece, key in zip(pieces, keys, strict=True)]
    for at, key in enumerate(keys):
        beside = kept[max(0, at - 1) : at + 2]
        if not kept[at] and any(beside) and not pieces[at].hidden and inside.hold_part(key):
            kept[at] = True
    _keep_more(pieces, keys, kept, _key(article.metadata.get("title", "")))
    return [
        "hidden"
        if piece.hidden
        else ""
        if keep
        else "comments"
        if said.hold(key)
        else piece.context or OUTSIDE
        for piece, key, keep in zip(pieces, keys, kept, strict=True)
    ]


def _keep_more(pieces: Sequence[Piece], keys: Sequence[str], kept: list[bool], title: str) -> None:
    """Headings over kept text, the title, and what belongs to the article by where it stands."""
    if True not in kept:
        return
    first, last = kept.index(True), len(kept) - 1 - kept[::-1].index(True)
    prose = {p.container for p, keep in zip(pieces, kept, strict=True) if keep and p.kind == "text"}
    open_to = [not (piece.hidden or piece.context) for piece in pieces]
    for at in range(len(pieces)):
        if not kept[at] and open_to[at]:
            kept[at] = _listed(pieces, kept, at, first < at < last, prose)
    _keep_gaps(pieces, keys, kept)
    for at in range(len(pieces) - 1, -1, -1):
        piece, below = pieces[at], kept[at + 1 : at + 2] == [True]
        if kept[at] or not open_to[at]:
            continue
        if piece.kind == "heading":
            kept[at] = keys[at] == title or below
        elif below and not piece.linked and piece.text.rstrip().endswith("?"):
            kept[at] = True  # a question over its answer
        elif first < at < last:
            ends, words = bool(_SENTENCE_END.search(piece.text)), keys[at].count(" ")
            among = piece.container in prose and not piece.linked
            kept[at] = words >= _SHORT - 1 if among else ends and words >= _PROSE


def _listed(pieces: Sequence[Piece], kept: Sequence[bool], at: int, within: bool, prose: set[int]) -> bool:
    """Whether a row, an item or a block of code belongs to the article."""
    piece = pieces[at]
    if piece.kind not in {"item", "row"}:
        return within and piece.verbatim
    if not (within or piece.container in prose or _joins(pieces, kept, at)):
        return False
    # Related stories inside an article are links alone, unless the text announces them as a list.
    announced = piece.kind == "item" and at > 0 and kept[at - 1] and _announces(pieces[at - 1])
    return piece.linked < _MOSTLY or announced


def _joins(pieces: Sequence[Piece], kept: Sequence[bool], at: int) -> bool:
    """Whether a row or item stands beside a kept one of its own table or list."""
    return any(
        kept[other]
        and (pieces[other].kind, pieces[other].container) == (pieces[at].kind, pieces[at].container)
        for other in (at - 1, at + 1)
        if 0 <= other < len(pieces)
    )


def _keep_gaps(pieces: Sequence[Piece], keys: Sequence[str], kept: list[bool]) -> None:
    """Sentences of which only a few in a row are missing between kept blocks: no widget is so small."""
    inside = [at for at, keep in enumerate(kept) if keep]
    for before, after in pairwise(inside):
        gap = [at for at in range(before + 1, after) if pieces[at].kind != "heading"]
        if len(gap) > _GAP or any(pieces[at].context or pieces[at].hidden for at in gap):
            continue
        for at in gap:
            sentence = _SENTENCE_END.search(pieces[at].text) and keys[at].count(" ") >= _SHORT - 1
            kept[at] = bool(sentence) and pieces[at].linked < _LINKED


def _announces(piece: Piece) -> bool:
    """Whether a list belongs to the block before it: a sentence that ends in a colon, or an item kept."""
    opened = piece.text.rstrip().endswith(":") and piece.text.count(" ") >= _SHORT - 1
    return opened or piece.kind == "item"


class _Words:
    """Normalised lines, to be asked whether a block is among them."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = frozenset(lines)
        self._whole = f" {' '.join(lines)} "
        self._shingles = frozenset(_shingles(self._whole.split()))

    def hold(self, key: str) -> bool:
        """Whether a block is a line, lies inside one, or for the most part does."""
        if not key or key in self._lines:
            return bool(key)
        words = key.split()
        if len(words) < _SHORT:
            return False
        own = list(_shingles(words))
        found = sum(1 for shingle in own if shingle in self._shingles)
        return found == len(own) or (len(words) >= 2 * _SHORT and found >= _MOSTLY * len(own))

    def hold_part(self, key: str) -> bool:
        """Whether the words of a short block occur anywhere; trafilatura joins what a page parts."""
        return bool(key) and key.count(" ") < _SHORT and f" {key} " in self._whole


def _shingles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(key for line in (text or "").splitlines() if (key := _key(line)))


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
