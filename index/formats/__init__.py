"""Readers by suffix: the dispatch table.

Plain text and Markdown are read here as they are. Every other format is foreign: its reader runs in the
parser process and gives canonical text, so only the name of its module stands in this table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from index.formats import markdown, plain_text
from index.records import Block

# Part of the index fingerprint: change it whenever a file can be read differently.
RULES = "formats-10"


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read.

    Attributes:
        name: Of the format; `Document.format`.
        headings_stated: The format says what is a heading; else it is a guess from a line's look.
        blocks: Decoded text to blocks, for a format whose text is the file itself.
        module: `index.formats` module of a foreign format, which has a function `function`.
        needs: Package that an optional format needs, and `extra` that brings it.
        unit: What `Block.page` counts; "" where it is never set.
    """

    name: str
    headings_stated: bool
    blocks: Callable[[str], tuple[Block, ...]] = plain_text.blocks
    module: str = ""
    function: str = "read"
    needs: str = ""
    extra: str = ""
    unit: str = ""

    @property
    def foreign(self) -> bool:
        """Whether it is read in the parser process."""
        return bool(self.module)


_PLAIN = Reader("txt", headings_stated=False)
_MARKDOWN = Reader("md", headings_stated=True, blocks=markdown.blocks)
_HTML = Reader("html", True, module="html_pages")

READERS: dict[str, Reader] = {
    ".txt": _PLAIN,
    ".text": _PLAIN,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".rst": Reader("rst", True, module="rst_text"),
    ".html": _HTML,
    ".htm": _HTML,
    ".pdf": Reader("pdf", False, module="pdf_pages", unit="page"),
    ".docx": Reader("docx", True, module="docx_text"),
    ".pptx": Reader("pptx", True, module="pptx_slides", needs="pptx", extra="office", unit="slide"),
    ".csv": Reader("csv", True, module="csv_rows", unit="row"),
    ".tsv": Reader("csv", True, module="csv_rows", unit="row"),
    ".json": Reader("json", True, module="json_records", unit="record"),
    ".jsonl": Reader("jsonl", True, module="json_records", function="read_lines", unit="line"),
    ".eml": Reader("eml", True, module="email_text"),
}


def place_of(path: str, page: int | None) -> str:
    """Where in a document something stands, in words: `page 3`, `row 12`; "" where that is unknown."""
    reader = READERS.get(PurePath(path).suffix.lower())
    return f"{reader.unit} {page}" if reader and reader.unit and page is not None else ""
