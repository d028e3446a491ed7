"""The bytes of one file to text, blocks and metadata, whatever its format; and which marks stay.

Plain text and Markdown are read in this process and keep the file's own text; all else goes to the parser
process and comes back as canonical text.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from index.dates import normal_date
from index.decode import decode, mended
from index.errors import UnreadableSource
from index.extras import installed, missing
from index.formats import READERS, Reader
from index.formats.magic import check_content
from index.formats.parsed import Parsed
from index.front_matter import front_matter, named
from index.parser_worker import ParserWorker
from index.records import Block, Document

# Marks about what a reader of the document cannot see or does not count as text, not about its style.
_ALWAYS = frozenset({"hidden", "front_matter"})
_REPLACED = "halves of surrogate pairs, which are no characters, are replaced by U+FFFD"


def reader_of(path: str) -> Reader:
    """The reader for a document's path."""
    return READERS[PurePath(path).suffix.lower()]


def read_data(path: str, data: bytes, worker: ParserWorker) -> Parsed:
    """The content of a file, by its suffix.

    Raises:
        UnreadableSource: It is not of its format, damaged, over a limit, or needs an extra.
    """
    reader = reader_of(path)
    check_content(reader.name, data)
    if reader.foreign:
        if reader.needs and not installed(reader.needs):
            raise UnreadableSource(missing(reader.needs, reader.extra))
        return _storable(worker.parse(PurePath(path).suffix.lower(), data))
    decoded = decode(data)
    stated = front_matter(decoded.text) if reader.name == "md" else {}
    return _storable(Parsed(decoded.text, reader.blocks(decoded.text), stated, decoded.note))


def metadata_of(parsed: Parsed, given: Mapping[str, str]) -> dict[str, str]:
    """What a document states about itself, under what `metadata.jsonl` gives, which wins."""
    known = {**named(parsed.metadata), **given}
    if "date" in known:
        known["date"] = normal_date(known["date"])
    return dict(sorted(known.items()))


def unmarked(document: Document) -> Document:
    """The document as it is read with cleaning off."""
    return replace(document, blocks=tuple(_plain(block) for block in document.blocks))


def _storable(parsed: Parsed) -> Parsed:
    """Without halves of surrogate pairs, which no file or database can hold; no offset changes."""
    text = mended(parsed.text)
    told = {mended(key): mended(value) for key, value in parsed.metadata.items()}
    if text == parsed.text and told == parsed.metadata:
        return parsed
    return replace(parsed, text=text, metadata=told, note="; ".join(filter(None, (parsed.note, _REPLACED))))


def _plain(block: Block) -> Block:
    kept = block.verdict == "body" or block.reason in _ALWAYS
    return block if kept else replace(block, verdict="body", reason="")
