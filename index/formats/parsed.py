"""What a reader of a foreign format gives: canonical text, its blocks, metadata and a note.

Canonical text is what the span contract holds on for these formats: one block a line, white space inside a
block collapsed. It is made here and nowhere else, so that offsets cannot go astray.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from index.errors import UnreadableSource
from index.limits import Limits
from index.records import Block, BlockKind, Verdict

_KINDS = frozenset(get_args(BlockKind))
_VERDICTS = frozenset(get_args(Verdict))


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file as canonical text.

    Attributes:
        blocks: In reading order, not overlapping.
        metadata: `title`, `date`, `author`, `language`, `url`, as far as the file states them.
        note: What was guessed or left out.
        flaws: What could not be read, or is not as it should be; the report of a build tells it.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    flaws: str = ""


class Canonical:
    """Canonical text under construction.

    Attributes:
        limits: What it must not grow above.
    """

    def __init__(self, limits: Limits) -> None:
        """Start an empty text."""
        self.limits = limits
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def add(
        self,
        text: str,
        kind: BlockKind = "text",
        *,
        reason: str = "",
        page: int | None = None,
        verbatim: bool = False,
    ) -> None:
        """Append a block; one without text is left out.

        Args:
            reason: Why it is boilerplate; "" for body text.
            page: Page, slide, row or record, from 1.
            verbatim: Keep line breaks and runs of spaces, as in program code.

        Raises:
            UnreadableSource: The text grows over the limit.
        """
        text = text.strip() if verbatim else " ".join(text.split())
        if not text:
            return
        if self._parts:
            self._parts.append("\n")
            self._length += 1
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        if self._length > self.limits.characters:
            raise UnreadableSource(
                f"its text is above the limit of {self.limits.characters} characters (max_characters)"
            )
        self._blocks.append(
            Block(start, self._length, kind, "boilerplate" if reason else "body", reason, page)
        )

    def finish(self, metadata: Mapping[str, str] | None = None, note: str = "", flaws: str = "") -> Parsed:
        """The text as it stands; empty metadata is left out."""
        known = {key: " ".join(value.split()) for key, value in (metadata or {}).items() if value.strip()}
        return Parsed("".join(self._parts), tuple(self._blocks), known, note, flaws)


def to_plain(parsed: Parsed) -> dict[str, Any]:
    """As JSON types."""
    blocks = [(b.start, b.end, b.kind, b.verdict, b.reason, b.page) for b in parsed.blocks]
    told = {"metadata": dict(parsed.metadata), "note": parsed.note, "flaws": parsed.flaws}
    return {"text": parsed.text, "blocks": blocks, **told}


def from_plain(data: Mapping[str, Any]) -> Parsed:
    """From JSON types, checked: they come from a process that has read a hostile file.

    Raises:
        ValueError: It is not what `to_plain` gives, or a block lies outside the text.
    """
    text, note, flaws, metadata = (data[key] for key in ("text", "note", "flaws", "metadata"))
    if not (all(isinstance(told, str) for told in (text, note, flaws)) and isinstance(metadata, dict)):
        raise ValueError("a field has the wrong type")
    at = 0
    blocks: list[Block] = []
    for row in data["blocks"]:
        block = _block(row)
        if not at <= block.start < block.end <= len(text):
            raise ValueError("a block lies outside the text")
        at = block.end
        blocks.append(block)
    return Parsed(text, tuple(blocks), {str(key): str(value) for key, value in metadata.items()}, note, flaws)


def _block(row: Sequence[Any]) -> Block:
    start, end, kind, verdict, reason, page = row
    whole = type(start) is int and type(end) is int and (page is None or type(page) is int)
    if not whole or kind not in _KINDS or verdict not in _VERDICTS or not isinstance(reason, str):
        raise ValueError("a block has the wrong type")
    return Block(start, end, kind, verdict, reason, page)
