"""The frozen records that leave the index room. All offsets are code points into `Document.text`."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["body", "boilerplate"]
BlockKind = Literal["text", "heading", "item", "columns", "row"]

# Formats whose text is the decoded file itself.
_OWN_TEXT = frozenset({"txt", "md"})


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in a document's text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph of a document and what cleaning decided about it.

    Attributes:
        start: First code point.
        end: One past the last code point; line ends are not part of a block.
        kind: What the block is in the document's structure; `columns`, a row that only names columns.
        verdict: `boilerplate` blocks stay in the text but are not indexed.
        reason: Why, in one word; empty for body text that no rule touched.
        page: From 1: page or slide, in tables the row, in JSON the record; None where there are none.
    """

    start: int
    end: int
    kind: BlockKind = "text"
    verdict: Verdict = "body"
    reason: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source file as text, with its structure.

    Attributes:
        path: Path relative to the documents folder, `/` between parts.
        sha256: Of the file's bytes.
        text: The decoded file, BOM and line ends kept; for a canonical document, the text made of it.
        title: From `metadata.jsonl`, else as the document states it, else the heading it begins with; or "".
        date: Publication date as given (ISO where known), or "" when unknown.
        metadata: Further metadata as strings.
        blocks: Non-overlapping, in reading order; what lies between them is white space.
        note: Anything the reader had to guess, such as the character encoding.
        format: Name of the format it was read as.
        flaws: What of the file could not be read, or is not as it should be.
    """

    path: str
    sha256: str
    text: str = field(repr=False)
    title: str = ""
    date: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    note: str = ""
    format: str = "txt"
    flaws: str = ""

    @property
    def canonical(self) -> bool:
        """Whether offsets hold in the stored text only, not in the file."""
        return self.format not in _OWN_TEXT

    def kind_at(self, offset: int) -> BlockKind:
        """The kind of the block that holds a character; `text` between blocks."""
        at = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[at].kind if at >= 0 and offset < self.blocks[at].end else "text"

    def page_at(self, offset: int) -> int | None:
        """Page, slide, row or record of a place in the text."""
        at = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[at].page if at >= 0 else None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences that is embedded and found as one.

    Attributes:
        id: Row number in the store, never used twice; 0 before it is stored.
        document: `Document.path`.
        start: First code point.
        end: One past the last.
        text: `Document.text[start:end]`.
        heading: The heading the chunk stands under, or "".
        tokens: Length in the counter's tokens (cl100k unless the report says otherwise).
        sentences: The sentences, as spans in the document.
        page: Of its first character, as in `Block.page`.
        columns: The names of the columns of a Markdown table in it, which its rows lack; or "".
    """

    id: int
    document: str
    start: int
    end: int
    text: str
    heading: str
    tokens: int
    sentences: tuple[Span, ...]
    page: int | None = None
    columns: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, or only in part, and why.

    Attributes:
        unreadable: It ought to be a document but could not be read; a version of it that was indexed
            before stays in the index.
        partly: It is in the index; the reason says what of it is not, or not as it should be.
    """

    path: str
    reason: str
    unreadable: bool = False
    partly: bool = False


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What one build did. Paths are relative to the documents folder, sorted.

    Attributes:
        folder: The documents folder, resolved.
        index: The index folder, resolved.
        generation: Number of the generation now current; it does not move when nothing changed.
        chunks: Chunks in the index after the build.
        encoded: Chunks whose vector was computed in this build.
        counter: Name of the token counter used.
        cpu_seconds: Processor time of the build in this process.
        rebuilt: Why documents were done again that had not changed, in words; empty if none were.
        vectors: The kind of vector index, with its measured recall where that may be below 1.
    """

    folder: str
    index: str
    generation: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    chunks: int
    encoded: int
    counter: str
    cpu_seconds: float
    rebuilt: str = ""
    vectors: str = ""

    @property
    def emptied(self) -> bool:
        """Whether this build took the last document out of the index."""
        return bool(self.removed) and not (self.added or self.changed or self.unchanged)

    @property
    def nothing_changed(self) -> bool:
        """Whether the documents were all as the index already had them."""
        return not (self.added or self.changed or self.removed)
