"""Documents to chunks: whole sentences of body text, about 128 tokens, never across a heading.

The title and heading are prepended for the encoder only; the stored span stays the source's own. No
chunk exceeds what the encoder reads: MiniLM drops everything after 256 wordpieces without a word.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.columns import Table, columns_within, tables_of
from index.counting import Counter
from index.encode import Encoder, Piece
from index.records import Block, Chunk, Document, Span
from index.sentences import sentence_spans, trimmed
from index.unseen import searchable

# Part of the index fingerprint: change it whenever chunks can come out differently.
RULES = "sentences-rows-seen-7"
_LONGEST_PREFIX = 64
# Wordpieces that stand for no character: what models put at the ends of a text.
_ENDS = 4
# Every chunk under a heading repeats it.
_LONGEST_HEADING = 200
# Longer texts are not even counted: a token is rarely over twenty characters, counting one endless line
# again and again would be quadratic, and tiktoken gives up on millions of spaces.
_CHARACTERS_A_TOKEN = 20


@dataclass(frozen=True, slots=True)
class _Limits:
    """How long a chunk may be, in the counter's tokens and in the encoder's wordpieces."""

    tokens: int
    count: Callable[[str], int]
    wordpieces: int
    pieces: Callable[[str], int]

    def allow(self, text: str) -> bool:
        """Whether a chunk of this text is short enough."""
        return self.allow_tokens(text) and self.allow_pieces(text)

    def allow_tokens(self, text: str) -> bool:
        """Whether the counter agrees. No ASCII character is more than one token, whoever counts."""
        surely_short = len(text) <= self.tokens - _ENDS and text.isascii()
        return surely_short or (
            len(text) <= self.tokens * _CHARACTERS_A_TOKEN and self.count(text) <= self.tokens
        )

    def allow_pieces(self, text: str) -> bool:
        """Whether the encoder reads it whole. No ASCII character is more than one wordpiece."""
        surely_short = len(text) <= self.wordpieces - _ENDS and text.isascii()
        return surely_short or self.pieces(text) <= self.wordpieces


def chunk(document: Document, tokens: int, counter: Counter, encoder: Encoder) -> tuple[Chunk, ...]:
    """The chunks of a document's body text; together they hold every body sentence exactly once."""
    wordpieces = encoder.max_wordpieces - _longest_prefix(encoder)
    # Splitting, packing and the finished chunk ask for the same few texts in a row.
    count, pieces = lru_cache(maxsize=64)(counter.count), lru_cache(maxsize=8)(encoder.wordpieces)
    limits = _Limits(tokens, count, wordpieces, pieces)
    tables = tables_of(document)
    return tuple(
        _with_columns(piece, tables)
        for heading, spans in _sections(document, limits)
        for piece in _packed(document, heading, spans, limits)
    )


def embedded_text(title: str, chunk: Chunk, encoder: Encoder) -> str:
    """What is embedded and indexed of a chunk, as written: title, heading and columns, then its text."""
    heading = "" if chunk.text.startswith(chunk.heading) else chunk.heading
    columns = "" if chunk.columns in chunk.text else chunk.columns
    parts = dict.fromkeys((title, heading, columns))
    prefix = "\n".join(part[:_LONGEST_HEADING] for part in parts if part)
    longest = _longest_prefix(encoder)
    # No ASCII character is more than one wordpiece, so most prefixes need no counting.
    surely_short = prefix.isascii() and len(prefix) <= longest - _ENDS
    while prefix and not surely_short and encoder.wordpieces(prefix) > longest:
        prefix = prefix[: len(prefix) // 2]
    return f"{prefix}\n{chunk.text}" if prefix else chunk.text


def embedded_piece(title: str, chunk: Chunk, encoder: Encoder) -> Piece:
    """What the encoder reads of a chunk, without what cannot be seen, and the chunk's sentences in it."""
    text = embedded_text(title, chunk, encoder)
    by = len(text) - len(chunk.text) - chunk.start
    parts, length, at = [], 0, 0
    spans: list[Span] = []
    for span in chunk.sentences:
        between, own = (
            searchable(text[at : span.start + by]),
            searchable(text[span.start + by : span.end + by]),
        )
        start = length + len(between)
        spans.append(Span(start, start + len(own)))
        parts += [between, own]
        length, at = start + len(own), span.end + by
    return Piece("".join([*parts, searchable(text[at:])]), tuple(spans))


def _with_columns(piece: Chunk, tables: Sequence[Table]) -> Chunk:
    columns = columns_within(tables, piece.start, piece.end)
    return replace(piece, columns=columns) if columns else piece


def _longest_prefix(encoder: Encoder) -> int:
    return min(_LONGEST_PREFIX, encoder.max_wordpieces // 4)


def _sections(document: Document, limits: _Limits) -> Iterator[tuple[str, list[Span]]]:
    """Runs of sentences that may share a chunk: a new heading or a marked block ends a run."""
    heading = ""
    spans: list[Span] = []
    only_headings = True
    for block in document.blocks:
        body = block.verdict == "body"
        if spans and (not body or (block.kind == "heading" and not only_headings)):
            yield heading, spans
            spans, only_headings = [], True
        if not body:
            continue
        if block.kind == "heading":
            heading = document.text[block.start : min(block.end, block.start + _LONGEST_HEADING)]
        else:
            only_headings = False
        spans.extend(_spans(document.text, block, limits))
    if spans:
        yield heading, spans


def _spans(text: str, block: Block, limits: _Limits) -> tuple[Span, ...]:
    """The sentences of a block; a row of a table is one, unless it alone is over the limits."""
    row = block.kind == "row" and block.end - block.start <= limits.tokens * _CHARACTERS_A_TOKEN
    if row and limits.allow(text[block.start : block.end]):
        return (Span(block.start, block.end),)
    return sentence_spans(text, block.start, block.end)


def _packed(document: Document, heading: str, spans: list[Span], limits: _Limits) -> Iterator[Chunk]:
    """Sentences packed greedily, in order, into chunks within the limits."""
    parts = [part for whole in spans for part in _split(document.text, whole, limits)]
    apart = [limits.count(document.text[part.start : part.end]) for part in parts]
    first = 0
    while first < len(parts):
        start, past, tokens = parts[first].start, first + 1, apart[first]
        while past < len(parts):
            # Apart, sentences have about the tokens they have together; near the limit they are counted so.
            tokens += apart[past] + len(document.text[parts[past - 1].end : parts[past].start]) + 1
            if tokens > limits.tokens and not limits.allow_tokens(document.text[start : parts[past].end]):
                break
            past += 1
        # Where the tokens fit, the wordpieces nearly always do: they are counted once a chunk.
        while past > first + 1 and not limits.allow_pieces(document.text[start : parts[past - 1].end]):
            past -= 1
        yield _chunk(document, heading, parts[first:past], limits)
        first = past


def _chunk(document: Document, heading: str, spans: list[Span], limits: _Limits) -> Chunk:
    start, end = spans[0].start, spans[-1].end
    text = document.text[start:end]
    return Chunk(
        0, document.path, start, end, text, heading, limits.count(text), tuple(spans), document.page_at(start)
    )


def _split(text: str, span: Span, limits: _Limits) -> Iterator[Span]:
    """A sentence over the limits, cut at clause marks, else at spaces, else anywhere."""
    while len(span):
        if limits.allow(text[span.start : span.end]):
            yield span
            return
        size = _fitting(text, span, limits)
        cut = span.start + size
        for mark in (";", ":", ",", " "):
            at = text.rfind(mark, span.start + size // 2, cut)
            # A shorter text may count as more tokens, where the cut falls inside a token.
            if at > 0 and limits.allow(text[span.start : at + 1]):
                cut = at + 1
                break
        yield trimmed(text, span.start, cut)
        span = trimmed(text, cut, span.end)


def _fitting(text: str, span: Span, limits: _Limits) -> int:
    """The longest prefix in characters that the limits allow (by bisection; at least one character)."""
    low, high = 1, min(len(span), limits.tokens * _CHARACTERS_A_TOKEN)
    while low < high:
        # Four characters a token is usual, so the search starts low, where counting is cheap.
        middle = low + max(1, (high - low) // 4)
        if limits.allow(text[span.start : span.start + middle]):
            low = middle
        else:
            high = middle - 1
    return low
