"""PDF by PDFium: text only, page by page, its lines joined to paragraphs by where they stand.

Scripts, forms and attachments are never run or opened. Hidden text is marked: text that is invisible, of
no size, off the page, or white with nothing drawn below it. A text layer under a scanned page is invisible
throughout; it is kept, with a note.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.errors import UnreadableSource
from index.formats.parsed import Canonical, Parsed
from index.formats.pdf_lines import Line, has_pictures, is_furniture, lines_of, paragraphs
from index.formats.pdf_streams import check_streams
from index.limits import Limits

_PASSWORD = 4
_NAMED = 10
_NO_NAME = re.compile(r"\(?(?:anonymous|unspecified|unknown)\)?", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"microsoft \w+ - .*|untitled.*|.*\.(?:docx?|pdf|indd|tex|dvi|qxd|pptx?|rtf)", re.IGNORECASE
)
_KEYS = {"title": "Title", "author": "Author", "date": "CreationDate"}


def read(data: bytes, limits: Limits) -> Parsed:
    """A .pdf file."""
    import pypdfium2

    check_streams(data)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise UnreadableSource("is encrypted; save it without a password") from error
        raise UnreadableSource(f"is a damaged PDF: {error}") from error
    count = len(document)
    if count > limits.pages:
        raise UnreadableSource(f"has {count} pages, above the limit of {limits.pages} (max_pages)")
    out = Canonical(limits)
    pages, damaged, pictures = _pages(document, count, limits)
    layer = _unhide_scans(pages)
    repeated = is_furniture(pages)
    size = _body_size(pages)
    for number, lines in enumerate(pages, start=1):
        for paragraph in paragraphs(lines, size):
            reason = "hidden" if paragraph.hidden else "page_furniture" if repeated(paragraph) else ""
            out.add(paragraph.text, paragraph.kind, reason=reason, page=number)
    note = f"scanned pages read from their text layer: {layer}" if layer else ""
    flaws = [
        f"damaged, not read: {_some(damaged)}" if damaged else "",
        f"pictures without text, perhaps scanned: {_some(pictures)}" if pictures else "",
    ]
    parsed = out.finish(_metadata(document), note, "; ".join(filter(None, flaws)))
    if not parsed.blocks:
        raise UnreadableSource("holds no text: its pages are pictures; run text recognition on it first")
    return parsed


def _pages(document: Any, count: int, limits: Limits) -> tuple[list[list[Line]], list[int], list[int]]:
    """The lines of every page; the numbers of those that are damaged, and of those that are pictures."""
    import pypdfium2

    pages: list[list[Line]] = []
    damaged: list[int] = []
    pictures: list[int] = []
    characters = 0
    for number in range(count):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            pages.append([])
            damaged.append(number + 1)
            continue
        pages.append(list(lines_of(page)))
        characters += sum(len(line.text) for line in pages[-1])
        if not pages[-1] and has_pictures(page):
            pictures.append(number + 1)
        page.close()
        if characters > limits.characters:
            raise UnreadableSource(
                f"its text is above the limit of {limits.characters} characters (max_characters)"
            )
    return pages, damaged, pictures


def _some(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return f"page {', '.join(map(str, numbers[:_NAMED]))}{more}"


def _unhide_scans(pages: Sequence[list[Line]]) -> int:
    """A page whose text is invisible throughout is a scan with a text layer: how many there are."""
    scans = 0
    for lines in pages:
        if lines and all(line.invisible for line in lines):
            scans += 1
            for at, line in enumerate(lines):
                lines[at] = line.shown()
    return scans


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size most characters are set in."""
    sizes: dict[float, int] = {}
    for line in _visible(pages):
        sizes[line.size] = sizes.get(line.size, 0) + len(line.text)
    return max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0.0


def _visible(pages: Sequence[Sequence[Line]]) -> Iterator[Line]:
    return (line for lines in pages for line in lines if not line.hidden)


def _metadata(document: Any) -> dict[str, str]:
    """The document information; a title that is only a file's name is none."""
    info = document.get_metadata_dict(skip_empty=True)
    stated = {name: str(info.get(key, "")).strip() for name, key in _KEYS.items()}
    # Programs write these where nobody has told them.
    found = {name: "" if _NO_NAME.fullmatch(value) else value for name, value in stated.items()}
    if _NO_TITLE.fullmatch(found["title"]):
        found["title"] = ""
    return found
